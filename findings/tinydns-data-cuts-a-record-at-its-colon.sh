#!/usr/bin/env bash
# Expected: tinydns-data refuses a TXT line with a colon too many, or takes the text up to the last two fields: 'shop.example:v=spf1 ip4:192.0.2.1 -all:300
# Found (tinydns 1.05-15, Debian 12): the text ends at its first colon. What follows is the time to live, as far as it is a number: "v=spf1 ip4" for 192 seconds here, of the
#   address. A DMARC record ends after "rua=mailto". tinydns-data says nothing and ends with 0.
# What follows: the SPF record is an error to receivers, the DMARC record is read without an address for reports. Write each colon of the text as \072.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get tinydns=1:1.05-15+b2
dpkg -x tinydns_*.deb .
dpkg-deb -f tinydns_*.deb Package Version
cat >data <<'DATA'
.shop.example:192.0.2.53:a:3600
'shop.example:v=spf1 ip4:192.0.2.1 -all:300
'_dmarc.shop.example:v=DMARC1; p=none; rua=mailto:dmarc@shop.example:300
'written.shop.example:v=spf1 ip4\072192.0.2.1 -all:300
DATA
usr/sbin/tinydns-data
got() { echo "## $1" && usr/bin/tinydns-get TXT "$1" | grep '^answer'; }
found=$(got shop.example; got _dmarc.shop.example; got written.shop.example)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
## shop.example
answer: shop.example 192 16 \012v=spf1\040ip4
## _dmarc.shop.example
answer: _dmarc.shop.example 86400 16 \034v=DMARC1;\040p=none;\040rua=mailto
## written.shop.example
answer: written.shop.example 300 16 \031v=spf1\040ip4:192.0.2.1\040-all
EXPECTED
