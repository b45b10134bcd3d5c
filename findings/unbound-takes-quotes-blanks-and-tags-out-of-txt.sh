#!/usr/bin/env bash
# Expected: unbound-checkconf refuses a TXT record in `local-data` that it cannot serve as written, or unbound serves SPF and DMARC as they are written.
# Found (unbound 1.17.1, Debian 12): "no errors", and only a text in double quotes within single ones is served whole. Without inner quotes each word is a string of its own, which readers
#   join without blanks ("v=spf1ip4:..."); all behind a semicolon is a comment; of single quotes within double ones the first goes and the last stays in the record ("-all'").
# What follows: a test bench or a split-horizon resolver has an SPF that is none, or a DMARC record without its policy, and nothing says so. Write 'name TXT "text"', and ask for what is served.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${unbound:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get unbound=1.17.1-2+deb12u4 libprotobuf-c1 libhiredis0.14 libevent-2.1-7 libpython3.11
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu
port=$((20000 + RANDOM % 10000))
cat >unbound.conf <<CONF
server:
  interface: 127.0.0.1@$port
  port: $port
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "$folder"
  pidfile: ""
  use-syslog: no
  module-config: "iterator"
  local-data: 'both.example. TXT "v=spf1 ip4:192.0.2.1 -all"'
  local-data: "plain.example. TXT v=spf1 ip4:192.0.2.1 -all"
  local-data: "single.example. TXT 'v=spf1 ip4:192.0.2.1 -all'"
  local-data: "_dmarc.both.example. TXT v=DMARC1; p=reject"
CONF
cat >ask.cjs <<'JS'
const { Resolver } = require('node:dns').promises
const resolver = new Resolver()
resolver.setServers([`127.0.0.1:${process.argv[2]}`])
const ask = async (name) => console.log(`${name}: ${(await resolver.resolveTxt(name)).map((strings) => strings.join('')).join(' / ')}`)
;(async () => { for (const name of ['both.example', 'plain.example', 'single.example', '_dmarc.both.example']) await ask(name) })()
JS
usr/sbin/unbound -V | head -1
found=$(usr/sbin/unbound-checkconf unbound.conf | sed 's/ in .*//'
  usr/sbin/unbound -d -c unbound.conf 2>log & unbound=$!
  for _ in $(seq 100); do ! grep -q 'start of service' log || break; sleep 0.1; done
  node ask.cjs "$port"
  kill "$unbound")
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
unbound-checkconf: no errors
both.example: v=spf1 ip4:192.0.2.1 -all
plain.example: v=spf1ip4:192.0.2.1-all
single.example: v=spf1 ip4:192.0.2.1 -all'
_dmarc.both.example: v=DMARC1
EXPECTED
