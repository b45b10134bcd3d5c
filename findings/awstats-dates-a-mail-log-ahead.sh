#!/usr/bin/env bash
# Expected: awstats' converter for mail logs, maillogconvert.pl, reads lines without a year as the latest that are not in the future: on 2 January, "Dec 31" is of the year that has just ended.
# Found (awstats 7.8, Debian 12): it takes the year in which it runs, so the last lines of December, converted after New Year, are eleven months ahead; and a log that goes over New Year continues in the year
#   after, so today's lines are a year ahead as well.
# What follows: the statistics of January have nothing in them, and those of a December to come are filled. Say the year of the first line ("standard 2026") where a log begins in an earlier one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get awstats=7.8-3+deb12u2 libfaketime=0.9.10-2.1
for file in *.deb; do dpkg -x "$file" .; done
message() { # day and time, queue id: the lines of one message, in the form of Postfix 3.7
  echo "$1 mta postfix/smtpd[2301]: $2: client=app.firm.example[192.0.2.5]"
  echo "$1 mta postfix/qmgr[811]: $2: from=<news@shop.example>, size=600, nrcpt=1 (queue active)"
  echo "$1 mta postfix/smtp[2217]: $2: to=<ann@firm.example>, relay=mx.firm.example[192.0.2.25]:25, delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (250 ok)"
}
{ message 'Dec 31 10:00:00' 4A7E132481; message 'Jan  2 10:00:00' 5A7E132482; } >maillog
convert() { # on 2 January 2027
  LD_PRELOAD=$(echo "$folder"/usr/lib/*/faketime/libfaketime.so.1) FAKETIME='@2027-01-02 12:00:00' TZ=UTC \
    perl usr/share/doc/awstats/examples/maillogconvert.pl "$@" <maillog | cut -c1-10
}
dpkg-deb -f awstats_*.deb Package Version
found=$(convert standard; echo '## standard 2026'; convert standard 2026)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
2027-12-31
2028-01-02
## standard 2026
2026-12-31
2027-01-02
EXPECTED
