#!/usr/bin/env bash
# Expected: a dynamic update that adds a CNAME where a PTR record is fails, and knsupdate says so, as a zone file with both is an error.
# Found (Knot DNS 3.2.6, Debian 12): the answer is NOERROR, knsupdate ends with 0, and the zone is as it was: RFC 2136 (section 3.4.2.2) has such an addition ignored. The
#   other way round too: a PTR record is not added to a CNAME. An update for a zone that the server does not have ends with 1.
# What follows: to hand an address's reverse name over by CNAME (RFC 2317), delete the PTR record in the same update, and ask for the name
#   afterwards; that the update was accepted does not show that it was made.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${daemon:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get knot=3.2.6-1 knot-dnsutils=3.2.6-1 libknot13 libdnssec9 libzscanner4 liburcu8 libxdp1 libbpf1 liblmdb0 libfstrm0 libprotobuf-c1 libmaxminddb0 libedit2 libbsd0 libcap-ng0
for file in *.deb; do dpkg -x "$file" .; done
library=$folder/usr/lib/$(uname -m)-linux-gnu:$folder/lib/$(uname -m)-linux-gnu
port=$((20000 + RANDOM % 20000))
zone=2.0.192.in-addr.arpa
cat >knot.conf <<CONF
server:
    listen: 127.0.0.1@$port
    rundir: $folder
database:
    storage: $folder
acl:
  - id: here
    address: 127.0.0.1
    action: update
zone:
  - domain: $zone
    storage: $folder
    file: zone
    acl: here
CONF
cat >zone <<ZONE
\$ORIGIN $zone.
\$TTL 60
@ SOA ns.shop.example. host.shop.example. 1 60 60 60 60
@ NS ns.shop.example.
1 PTR mta.shop.example.
2 CNAME 2.sub.shop.example.
ZONE
LD_LIBRARY_PATH=$library usr/sbin/knotd -c knot.conf >log 2>&1 & daemon=$!
until grep -q 'server started' log; do sleep 0.1; done
cat >ask.cjs <<'JS'
// Prints the records of the two names, as the server has them now.
const { Resolver } = require('node:dns').promises
const resolver = new Resolver({ timeout: 2000, tries: 5 })
resolver.setServers([`127.0.0.1:${process.argv[2]}`])
const ask = async (name, type) => (await resolver.resolve(`${name}.2.0.192.in-addr.arpa`, type).catch(() => [])).map((value) => `${name} ${type} ${value}`)
;(async () => console.log('now:', [await ask(1, 'PTR'), await ask(1, 'CNAME'), await ask(2, 'CNAME')].flat().join(', ')))()
JS
update() { # the lines of an update
  local code=0
  { echo "server 127.0.0.1 $port"; printf '%s\n' "$@" send; } | LD_LIBRARY_PATH=$library timeout 20 usr/bin/knsupdate >/dev/null 2>&1 || code=$?
  echo "$*: exit $code"
}
LD_LIBRARY_PATH=$library usr/sbin/knotd -V
out=$(node ask.cjs $port
  update "zone $zone" "add 1.$zone. 60 CNAME 1.sub.shop.example."
  update "zone $zone" "add 2.$zone. 60 PTR mta.shop.example."
  node ask.cjs $port
  update "zone $zone" "del 1.$zone. PTR" "add 1.$zone. 60 CNAME 1.sub.shop.example."
  node ask.cjs $port
  update 'zone 3.0.192.in-addr.arpa' 'add 1.3.0.192.in-addr.arpa. 60 PTR mta.shop.example.')
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
now: 1 PTR mta.shop.example, 2 CNAME 2.sub.shop.example
zone 2.0.192.in-addr.arpa add 1.2.0.192.in-addr.arpa. 60 CNAME 1.sub.shop.example.: exit 0
zone 2.0.192.in-addr.arpa add 2.2.0.192.in-addr.arpa. 60 PTR mta.shop.example.: exit 0
now: 1 PTR mta.shop.example, 2 CNAME 2.sub.shop.example
zone 2.0.192.in-addr.arpa del 1.2.0.192.in-addr.arpa. PTR add 1.2.0.192.in-addr.arpa. 60 CNAME 1.sub.shop.example.: exit 0
now: 1 CNAME 1.sub.shop.example, 2 CNAME 2.sub.shop.example
zone 3.0.192.in-addr.arpa add 1.3.0.192.in-addr.arpa. 60 PTR mta.shop.example.: exit 1
EXPECTED
