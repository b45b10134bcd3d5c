#!/usr/bin/env bash
# Expected: csvkit sorts and joins the rows of a list and leaves their values alone, also DMARC's and SPF's own words.
# Found (csvkit 1.0.7, Debian 12): csvsort and csvjoin take "none" for a missing value and write nothing: a published `p=none` and an SPF result of "none" are both empty, also with -I
#   (--no-inference). A column of "yes" and "no" becomes True and False. csvgrep leaves both alone; so do -I and --blanks together.
# What follows: after a sort nobody can tell a domain that published p=none from one that published nothing. Say -I --blanks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get csvkit=1.0.7-1 python3-csvkit=1.0.7-1 python3-agate=1.6.3-2 python3-agatedbf python3-agateexcel python3-agatesql python3-babel python-babel-localedata python3-dbfread python3-isodate \
  python3-leather python3-lxml python3-openpyxl python3-et-xmlfile python3-olefile python3-parsedatetime python3-pytimeparse python3-six python3-slugify python3-sqlalchemy python3-greenlet \
  python3-typing-extensions python3-tz python3-unidecode python3-xlrd python3-pkg-resources
for file in *.deb; do dpkg -x "$file" .; done
export PYTHONPATH=$folder/usr/lib/python3/dist-packages
printf '%s\n' domain,policy,spf,signed shop.example,none,pass,yes firm.example,reject,none,no >domains.csv
printf '%s\n' domain,mails shop.example,7 firm.example,9 >mails.csv
dpkg-deb -f csvkit_*.deb Package Version
run() { echo "## $*" && python3 "usr/bin/$1" "${@:2}"; }
found=$(run csvsort -c domain domains.csv
  run csvjoin -c domain mails.csv domains.csv
  run csvgrep -c policy -m none domains.csv
  run csvsort -I --blanks -c domain domains.csv)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
## csvsort -c domain domains.csv
domain,policy,spf,signed
firm.example,reject,,False
shop.example,,pass,True
## csvjoin -c domain mails.csv domains.csv
domain,mails,policy,spf,signed
shop.example,7,,pass,True
firm.example,9,reject,,False
## csvgrep -c policy -m none domains.csv
domain,policy,spf,signed
shop.example,none,pass,yes
## csvsort -I --blanks -c domain domains.csv
domain,policy,spf,signed
firm.example,reject,none,no
shop.example,none,pass,yes
EXPECTED
