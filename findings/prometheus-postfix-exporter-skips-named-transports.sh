#!/usr/bin/env bash
# Expected: prometheus-postfix-exporter counts the deliveries of a transport that has a syslog_name of its own, such as postfix/pool1, with those of smtp.
# Found (prometheus-postfix-exporter 0.3.0-4, Debian 12): they are missing. A line of postfix/pool1/smtp or postfix-pool1/smtp is unsupported, and the
#   counter of such lines has an empty `service` for it. The same line of postfix/smtp is counted.
# What follows: where each outgoing address has a transport with a name, which is how to tell them apart in the log, deferrals and delays are all missing. Watch
#   postfix_unsupported_log_entries_total, or count from the log.
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
line() { # the program, the recipient
  echo "Nov 28 10:00:01 mta $1[102]: 4C7BA20345: to=<$2@firm.example>, relay=mx.firm.example[192.0.2.1]:25, delay=1, delays=0.1/0/0.4/0.5, dsn=4.2.1, status=deferred (host mx.firm.example[192.0.2.1] said: 450 4.2.1 later (in reply to RCPT TO command))"
}
{ line postfix/smtp ann; line postfix/pool1/smtp bob; line postfix-pool2/smtp cas; echo 'Nov 28 10:00:02 mta postfix/qmgr[101]: 4C7BA20345: removed'; } >>mail.log
until metrics | grep -q '^postfix_qmgr_messages_removed_total 1'; do sleep 0.2; done
dpkg-deb -f prometheus-postfix-exporter_*.deb Package Version
out=$(metrics | grep -E '^postfix_(smtp_status_deferred|unsupported)')
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
postfix_smtp_status_deferred 1
postfix_unsupported_log_entries_total{service=""} 2
EXPECTED
