#!/usr/bin/env bash
# Expected: logwatch tells of messages that Exim could not deliver, as it counts what Postfix bounced and deferred at its lowest detail.
# Found (logwatch 7.7, Debian 12): nothing below detail 10: a log in which every message bounced or was deferred has an empty report. At 10 it prints each such message's lines, without a sum;
#   and a delivered message whose ACL wrote a line of its own (logwrite) is printed among them, and is missing in "messages delivered immediately".
# What follows: an empty report does not mean that mail arrives. Count Exim's "**" and "==" lines by another tool (eximstats does).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get logwatch=7.7-1
for file in *.deb; do dpkg -x "$file" .; done
export PERL5LIB=$folder/usr/share/logwatch/lib
id=1vOgzE-0000aB-01
way='R=dnslookup T=remote_smtp'
host='H=mx.inbox.example [192.0.2.9]'
said='SMTP error from remote mail server after RCPT TO:<ann@inbox.example>'
message() { # what became of it
  echo "2026-11-27 10:00:00 $id <= news@shop.example H=app [127.0.0.1] P=esmtp S=600 id=1@shop.example"
  printf "2026-11-27 10:00:01 $id %s\n" "$@"
}
bounced() { message "** ann@inbox.example $way $host: $said: 550 no such user" Completed; }
deferred() { message "== ann@inbox.example $way defer (-44) $host: $said: 450 later"; }
delivered() { message "=> ann@inbox.example $way $host C=\"250 ok\"" Completed; }
noted() { message 'campaign=spring' "=> ann@inbox.example $way $host C=\"250 ok\"" Completed; }
report() { LOGWATCH_DETAIL_LEVEL=$1 LOGWATCH_DATE_RANGE=all perl "usr/share/logwatch/scripts/services/$2" 2>&1; }
found=$(for detail in 9 10; do
    for case in bounced deferred delivered noted; do
      told=$($case | report "$detail" exim)
      [ -n "${told//[$' \n']/}" ] || told='0 lines'
      echo "Exim, detail $detail, $case: $(sed -nE 's/^-MsgID.*/its lines; /p; /^[0-9]+ (messages|lines)/p' <<<"$told" | tr -d '\n')"
    done
  done
  echo "Postfix, detail 0: $(echo 'Nov 27 10:00:01 mta postfix/smtp[7]: 5549D8B7764: to=<ann@inbox.example>, relay=mx.inbox.example[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.inbox.example[192.0.2.9] said: 550 5.1.1 no such user (in reply to RCPT TO command))' | report 0 postfix | sed -nE 's/^ +([0-9]+) +(Bounced [^ ]+).*/\1 \2/p')")
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
Exim, detail 9, bounced: 0 lines
Exim, detail 9, deferred: 0 lines
Exim, detail 9, delivered: 0 lines
Exim, detail 9, noted: 0 lines
Exim, detail 10, bounced: its lines; 0 messages delivered immediately to 0 total recipients
Exim, detail 10, deferred: its lines; 0 messages delivered immediately to 0 total recipients
Exim, detail 10, delivered: 1 messages delivered immediately to 1 total recipients
Exim, detail 10, noted: its lines; 0 messages delivered immediately to 0 total recipients
Postfix, detail 0: 1 Bounced (remote)
EXPECTED
