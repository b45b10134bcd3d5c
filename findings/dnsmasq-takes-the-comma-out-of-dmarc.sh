#!/usr/bin/env bash
# Expected: dnsmasq serves `txt-record=_dmarc.shop.example,v=DMARC1; p=none; rua=mailto:a@shop.example,mailto:b@shop.example` with its two report addresses, or refuses the line.
# Found (dnsmasq 2.90, Debian 12): the comma separates two character strings. A receiver that joins them, as RFC 7208 and RFC 7489 say, has "…a@shop.examplemailto:b@shop.example".
#   In quotation marks, which the file wants around the whole text, the comma stays. `dnsmasq --test` says "syntax check OK" to both.
# What follows: the record looks right in the file, and no report comes. Quote each text; on a command line the shell takes the quotation marks away.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${daemon:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get dnsmasq-base=2.90-4~deb12u2 libnftables1 libnetfilter-conntrack3 libnfnetlink0 libnftnl11 libmnl0 libxtables12 libnettle8 libhogweed6 libdbus-1-3 libjansson4 libidn2-0 libunistring2
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu:$folder/lib/$(uname -m)-linux-gnu
port=$((20000 + RANDOM % 20000))
record='v=DMARC1; p=none; rua=mailto:a@shop.example,mailto:b@shop.example'
cat >dnsmasq.conf <<CONF
port=$port
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
user=
pid-file=
txt-record=_dmarc.shop.example,$record
txt-record=_dmarc.firm.example,"$record"
CONF
usr/sbin/dnsmasq --version | head -1
checked=$(usr/sbin/dnsmasq -C dnsmasq.conf --test 2>&1)
usr/sbin/dnsmasq -C dnsmasq.conf -k --log-facility=- 2>log & daemon=$!
unset LD_LIBRARY_PATH
cat >ask.cjs <<'JS'
const { Resolver } = require('node:dns').promises
const resolver = new Resolver({ timeout: 1000, tries: 20 })
resolver.setServers([`127.0.0.1:${process.argv[2]}`])
const ask = async (name) => {
  for (let tries = 0; ; tries += 1) {
    try { return (await resolver.resolveTxt(name))[0] } catch (error) { if (tries > 40) throw error }
    await new Promise((done) => setTimeout(done, 250))
  }
}
;(async () => {
  for (const name of ['_dmarc.shop.example', '_dmarc.firm.example']) {
    const strings = await ask(name)
    console.log(`${name}: ${strings.length} string(s), ${strings.join('').split('; ').pop()}`)
  }
})()
JS
out=$(echo "$checked" | grep -o 'syntax check OK'; node ask.cjs $port)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
syntax check OK
_dmarc.shop.example: 2 string(s), rua=mailto:a@shop.examplemailto:b@shop.example
_dmarc.firm.example: 1 string(s), rua=mailto:a@shop.example,mailto:b@shop.example
EXPECTED
