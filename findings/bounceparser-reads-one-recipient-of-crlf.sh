#!/usr/bin/env bash
# Expected: Mail::DeliveryStatus::BounceParser reports each recipient of a bounce, whichever line ends the message has.
# Found (1.543, Debian 12): with the line ends of a message as it came over SMTP (CRLF) it reports the first recipient only. With LF it reports both.
#   It looks for the blank lines between the recipients before it takes the CRs away.
# What follows: take the CRs away before the message is handed over; one recipient a bounce, as most tests have it, does not show it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=(libmail-deliverystatus-bounceparser-perl=1.543+repacked-1 libmime-tools-perl libmailtools-perl libtimedate-perl)
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get "${packages[@]}"
for file in *.deb; do dpkg -x "$file" .; done
cat >lf <<'MAIL'
From: MAILER-DAEMON@mta.example.net
To: news@shop.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta.example.net

Final-Recipient: rfc822; ann@firm.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

Final-Recipient: rfc822; bob@firm.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--b
Content-Type: text/rfc822-headers

Message-ID: <1@shop.example>

--b--
MAIL
sed 's/$/\r/' lf >crlf
cat >read.pl <<'PERL'
use Mail::DeliveryStatus::BounceParser;
for my $name (@ARGV) {
  open my $file, '<', $name or die;
  my $bounce = Mail::DeliveryStatus::BounceParser->new(do { local $/; <$file> });
  print "$name: ", join(', ', map { $_->get('email') . ' ' . $_->get('std_reason') } $bounce->reports), "\n";
}
PERL
dpkg-deb -f libmail-deliverystatus*.deb Package Version
out=$(perl -I usr/share/perl5 read.pl lf crlf)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
lf: ann@firm.example user_unknown, bob@firm.example over_quota
crlf: ann@firm.example user_unknown
EXPECTED
