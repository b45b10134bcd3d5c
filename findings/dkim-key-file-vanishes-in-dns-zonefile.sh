#!/usr/bin/env bash
# Expected: the file that opendkim-genkey writes for a zone can be read with dns-zonefile, as BIND and NSD read it.
# Found (dns-zonefile 0.3.2, opendkim-tools 2.11.0~beta2): the TXT record is gone, without an error. opendkim-genkey writes the key in parentheses over several lines;
#   in one line it is read. A time to live with a unit ("a 1h IN A …") loses its record in the same way.
# What follows: count what came out of it, or have a zone checked by a name server's own program; "no DKIM key in this zone" may mean that it was not read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get opendkim-tools=2.11.0~beta2-8+deb12u1
dpkg -x opendkim-tools_*.deb .
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error dns-zonefile@0.3.2 >/dev/null
perl usr/sbin/opendkim-genkey -s mail -d shop.example
{ printf '%s\n' '$ORIGIN shop.example.' '$TTL 60' '@ IN SOA ns.shop.example. host.shop.example. 1 2 3 4 5'; cat mail.txt; } >brackets
tr -d '()\n' <mail.txt | sed 's/;[^;"]*$/\n/' | { head -3 brackets; cat; } >line
{ head -3 brackets; printf '%s\n' 'a 3600 IN A 192.0.2.1' 'b 1h IN A 192.0.2.2'; } >times
cat >read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import zonefile from 'dns-zonefile'
const read = (name) => zonefile.parse(readFileSync(name, 'utf8'))
console.log('in parentheses:', read('brackets').txt?.map((one) => one.name) ?? 'no TXT')
console.log('in one line:', read('line').txt?.map((one) => one.name) ?? 'no TXT')
console.log('3600 and 1h:', read('times').a.map((one) => one.name))
JS
dpkg-deb -f opendkim-tools_*.deb Package Version
echo "dns-zonefile $(node -p "require('./node_modules/dns-zonefile/package.json').version")"
sed -E 's/p=.*"/p=…"/; s/^(.*)"[A-Za-z0-9+\/]{40,}"/\1"…"/' mail.txt
out=$(node read.mjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
in parentheses: no TXT
in one line: [ 'mail._domainkey' ]
3600 and 1h: [ 'a' ]
EXPECTED
