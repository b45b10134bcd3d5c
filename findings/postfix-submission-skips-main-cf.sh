#!/usr/bin/env bash
# Expected: a check_policy_service in main.cf's smtpd_recipient_restrictions is asked for mail on every port.
# Found (Postfix 3.7.11, Debian 12): the `submission` and `submissions` services of the shipped master.cf, once their comment signs are taken
#   away, bring recipient restrictions of their own ("permit_sasl_authenticated,reject"), which take the place of main.cf's. Customers' mail
#   on 587 and 465 passes every policy service unasked, and nothing is logged about it.
# What follows: name the policy service in those services' own restrictions, or drop that line from them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get postfix=3.7.11-0+deb12u1 libicu72 libdb5.3 libsasl2-2 libnsl2 libtirpc3
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/postfix:$folder/usr/lib/$(uname -m)-linux-gnu
mkdir conf
printf '%s\n' 'compatibility_level = 3.6' \
  'smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10040, permit_mynetworks, reject' >conf/main.cf
# The shipped file, with the two services taken in as its comments suggest.
sed -E '/^#submissions? +inet/,/milter_macro_daemon_name/ { s/^#(submission)/\1/; s/^#( +-o)/\1/ }' usr/share/postfix/master.cf.dist >conf/master.cf
postconf() { usr/sbin/postconf -c conf "$@"; }
postconf -d mail_version
found=$(for service in smtp submission submissions; do
  own=$(postconf -P "$service/inet/smtpd_recipient_restrictions" 2>/dev/null | sed 's/.*= //')
  echo "$service: ${own:-main.cf}"
done)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
smtp: main.cf
submission: permit_sasl_authenticated,reject
submissions: permit_sasl_authenticated,reject
EXPECTED
