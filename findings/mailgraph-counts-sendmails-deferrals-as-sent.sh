#!/usr/bin/env bash
# Expected: mailgraph draws a delivery by Sendmail as sent, a refused recipient as bounced, and a deferral as neither, as it does with Postfix's status= of each.
# Found (mailgraph 1.14-20+deb12u1, Debian 12; the lines that did not end in "Sent" are as its Sendmail 8.17.1 wrote them): whatever has mailer=esmtp is sent, before stat= is looked at: one for each deferral, one for a refused
#   recipient (stat=User unknown), one for a bounce that is only queued. Nothing that was tried by SMTP is ever bounced.
# What follows: a message that is deferred and tried every half hour for five days is 240 sent messages, and a receiver that turns a sender away makes its curve rise. Count by stat= yourself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get mailgraph=1.14-20+deb12u1 libfile-tail-perl=1.3-7+deb12u1
for file in *.deb; do dpkg -x "$file" .; done
export PERL5LIB=$folder:$folder/usr/share/perl5
cat >RRDs.pm <<'PERL'
# Prints what mailgraph has the curves' files take for each minute.
package RRDs;
sub create { }
sub last { 0 }
sub update { my (undef, $sent, undef, $bounced) = split /:/, $_[1]; print "sent $sent, bounced $bounced\n" if $_[0] eq 'mailgraph.rrd' && $_[1] !~ /:0:0:0:0$/ }
1;
PERL
draw() { # a line of the log; one of a message that comes in later ends its minute
  { cat; echo 'Nov 28 22:30:00 mta postfix/smtpd[1]: 5549D8B7765: client=app[192.0.2.7]'; } >maillog
  perl usr/sbin/mailgraph --cat --logfile maillog --year 2026 --daemon-rrd "$folder" --no-virus-rrd --no-greylist-rrd >drawn
  if [ -s drawn ]; then cat drawn; else echo nothing; fi
}
line() { echo "Nov 28 22:08:34 mta $*"; }
perl usr/sbin/mailgraph --version
tried='ctladdr=news@shop.example (0/0), delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=90014, relay=[127.0.0.9] [127.0.0.9]'
found=$(for end in 'dsn=2.0.0, stat=Sent (2.0.0 taken)' 'dsn=4.2.0, reply=450 4.2.0 later, stat=Deferred: 450 4.2.0 later' 'dsn=5.1.1, reply=550 5.1.1 no such user, stat=User unknown'; do
    echo "Sendmail, ${end##*, }: $(line "sendmail[12548]: 6ASM8Y5T012548: to=ann@inbox.example, $tried, $end" | draw)"
  done
  echo "Sendmail, a bounce's stat=queued: $(line 'sendmail[12548]: 6ASM8Y5U012548: to=news@shop.example, delay=00:00:00, mailer=esmtp, pri=31038, dsn=4.4.3, stat=queued' | draw)"
  for end in 'dsn=2.0.0, status=sent (250 2.0.0 taken)' 'dsn=4.2.0, status=deferred (host said: 450 4.2.0 later)' 'dsn=5.1.1, status=bounced (host said: 550 5.1.1 no such user)'; do
    echo "Postfix, ${end#*, }: $(line "postfix/smtp[7]: 5549D8B7764: to=<ann@inbox.example>, relay=mx[192.0.2.9]:25, delay=1, delays=0/0/0/1, $end" | draw)"
  done)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
Sendmail, stat=Sent (2.0.0 taken): sent 1, bounced 0
Sendmail, stat=Deferred: 450 4.2.0 later: sent 1, bounced 0
Sendmail, stat=User unknown: sent 1, bounced 0
Sendmail, a bounce's stat=queued: sent 1, bounced 0
Postfix, status=sent (250 2.0.0 taken): sent 1, bounced 0
Postfix, status=deferred (host said: 450 4.2.0 later): nothing
Postfix, status=bounced (host said: 550 5.1.1 no such user): sent 0, bounced 1
EXPECTED
