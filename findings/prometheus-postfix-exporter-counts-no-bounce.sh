#!/usr/bin/env bash
# Expected: prometheus-postfix-exporter has a counter of bounced messages beside that of the deferred ones.
# Found (prometheus-postfix-exporter 0.3.0-4, Debian 12): a line with status=bounced goes into the histogram of delays only, as one with status=sent does, and is not among the
#   unsupported lines. That histogram takes the four delays of a line without telling their stages, so its count is four for each line.
# What follows: a receiver that refuses everything looks like one that takes everything. Count bounces from the log; to have
#   deliveries, divide the histogram's count by four.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${exporter:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get prometheus-postfix-exporter=0.3.0-4+b3 libsystemd0
for file in *.deb; do dpkg -x "$file" .; done
port=$((20000 + RANDOM % 20000))
: >mail.log
LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu:$folder/lib/$(uname -m)-linux-gnu usr/bin/prometheus-postfix-exporter --web.listen-address=127.0.0.1:$port \
  --postfix.logfile_path="$folder/mail.log" --postfix.showq_path="$folder/none" 2>/dev/null & exporter=$!
metrics() { node -e "fetch('http://127.0.0.1:$port/metrics').then((answer) => answer.text()).then(console.log, () => process.exit(1))"; }
until metrics >/dev/null 2>&1; do sleep 0.2; done
line() { # the recipient, the code and the status
  echo "Nov 28 10:00:01 mta postfix/smtp[102]: 4C7BA20345: to=<$1@firm.example>, relay=mx.firm.example[192.0.2.1]:25, delay=1, delays=0.1/0/0.4/0.5, dsn=$2, status=$3 (host mx.firm.example[192.0.2.1] said: see the code)"
}
show() { metrics | grep -E '^postfix_(smtp_(status|delivery_delay_seconds_count|deferred)|unsupported)' || true; }
{ line ann 2.0.0 sent; line bob 4.2.1 deferred; echo 'Nov 28 10:00:02 mta postfix/qmgr[101]: 4C7BA20345: removed'; } >>mail.log
until metrics | grep -q '^postfix_qmgr_messages_removed_total 1'; do sleep 0.2; done
before=$(show)
{ line cas 5.1.1 bounced; line dan 5.7.1 bounced; echo 'Nov 28 10:00:03 mta postfix/qmgr[101]: 4C7BA20346: removed'; } >>mail.log
until metrics | grep -q '^postfix_qmgr_messages_removed_total 2'; do sleep 0.2; done
dpkg-deb -f prometheus-postfix-exporter_*.deb Package Version
out=$(echo 'one sent, one deferred:'; echo "$before"; echo 'two bounces more:'; show; echo "names with bounce: $(metrics | grep -ci 'postfix.*bounce' || true)")
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
one sent, one deferred:
postfix_smtp_deferred_messages_total 0
postfix_smtp_delivery_delay_seconds_count{stage=""} 8
postfix_smtp_status_deferred 1
two bounces more:
postfix_smtp_deferred_messages_total 0
postfix_smtp_delivery_delay_seconds_count{stage=""} 16
postfix_smtp_status_deferred 1
names with bounce: 0
EXPECTED
