#!/usr/bin/env bash
# Expected: pflogsumm's summaries of bounces and deferrals shorten a receiver's reason from its end, so that what was wrong can still be read.
# Found (pflogsumm 1.1.5-8, Debian 12): of a reason with more than 66 characters it drops the beginning, up to one colon after the other. Where the reason has a web address, as
#   those of large receivers do, what follows "https:" is left: three refusals that name one help page are one line with a count of three.
# What follows: blocked, not authenticated and over a limit cannot be told apart in the report. Say --verbose_msg_detail.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get pflogsumm=1.1.5-8 libdate-calc-perl libcarp-clan-perl libbit-vector-perl
for file in *.deb; do dpkg -x "$file" .; done
line() { # queue id, recipient, enhanced code and words of the refusal, in the form of Postfix 3.7
  echo "Nov 28 20:55:47 mta postfix/smtp[27465]: $1: to=<$2>, relay=mx.firm.example[192.0.2.25]:25, delay=0.2, delays=0.1/0/0/0.1, dsn=$3, status=bounced (host mx.firm.example[192.0.2.25] said: 550 $3 $4 (in reply to end of DATA command))"
}
help=https://receiver.example/help
{
  line 4A7E132483 ann@firm.example 5.7.1 "Your IP 198.51.100.7 is blocked, see $help"
  line 4A7E132484 bob@firm.example 5.7.26 "This mail is not authenticated, see $help"
  line 4A7E132485 eve@firm.example 5.2.1 "This user is getting too much mail, see $help"
  line 4A7E132486 nobody@firm.example 5.1.1 'no such user'
} >maillog
dpkg-deb -f pflogsumm_*.deb Package Version
summary() { perl -Iusr/share/perl5 -I"$(echo usr/lib/*/perl5/5.*)" usr/sbin/pflogsumm "$@" maillog | sed -n '/^message bounce detail/,/^$/p' | sed 's/^ *//' | grep -E '^[0-9]'; }
found=$(summary; echo '## --verbose_msg_detail'; summary --verbose_msg_detail | sort)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
3   //receiver.example/help (in reply to end of DATA command)
1   5.1.1 no such user (in reply to end of DATA command)
## --verbose_msg_detail
1   host mx.firm.example[192.0.2.25] said: 550 5.1.1 no such user (in reply to end of DATA command)
1   host mx.firm.example[192.0.2.25] said: 550 5.2.1 This user is getting too much mail, see https://receiver.example/help (in reply to end of DATA command)
1   host mx.firm.example[192.0.2.25] said: 550 5.7.1 Your IP 198.51.100.7 is blocked, see https://receiver.example/help (in reply to end of DATA command)
1   host mx.firm.example[192.0.2.25] said: 550 5.7.26 This mail is not authenticated, see https://receiver.example/help (in reply to end of DATA command)
EXPECTED
