#!/usr/bin/env bash
# Expected: two CNAME records that point at each other are refused when the zone is loaded, or a question for them fails.
# Found (NSD 4.6.1, Unbound 1.17.1, c-ares in Node 20.20 and 24.21): NSD loads the zone without a warning and answers NOERROR with the aliases, and
#   resolveTxt then succeeds with an empty list, where a name without TXT rejects with ENODATA. Through Unbound the same question is SERVFAIL, as for a broken server.
# What follows: an answer may be empty without an error, and neither answer tells a circle. Who has to say why a record is not found asks for the CNAMEs one by one.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${nsd:-}" "${unbound:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq nsd=4.6.1-1 unbound=1.17.1-2+deb12u4 libfstrm0 libprotobuf-c1 libpython3.11 libhiredis0.14 2>/dev/null
for file in *.deb; do dpkg -x "$file" .; done
port=$((20000 + RANDOM % 20000))
cat >zone <<'ZONE'
$ORIGIN test.
$TTL 60
@ SOA ns.test. host.test. 1 60 60 60 60
@ NS ns.test.
ns A 127.0.0.1
loop CNAME pool
pool CNAME loop
ZONE
cat >nsd.conf <<CONF
server:
  ip-address: 127.0.0.1@$port
  zonesdir: "$folder"
  database: ""
  username: ""
  pidfile: ""
  xfrdfile: "$folder/xfrd.state"
  zonelistfile: "$folder/zone.list"
  xfrdir: "$folder"
remote-control:
  control-enable: no
zone:
  name: test
  zonefile: zone
CONF
cat >unbound.conf <<CONF
server:
  interface: 127.0.0.1@$((port + 1))
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "$folder"
  pidfile: ""
  do-not-query-localhost: no
  module-config: "iterator"
  local-zone: "test." nodefault
  use-syslog: no
stub-zone:
  name: "test."
  stub-addr: 127.0.0.1@$port
CONF
export LD_LIBRARY_PATH=$folder/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
usr/sbin/nsd -v 2>&1 | sed -n 1p
usr/sbin/unbound -V 2>&1 | sed -n 1p
usr/sbin/nsd -c nsd.conf -d >nsd.log 2>&1 &
nsd=$!
usr/sbin/unbound -c unbound.conf >unbound.log 2>&1 &
unbound=$!
unset LD_LIBRARY_PATH
cat >ask.cjs <<'ASK'
const { Resolver } = require('node:dns').promises;
const ask = async (port, question, name) => {
  const resolver = new Resolver({ timeout: 2000, tries: 3 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return resolver[question](name).then((found) => String(found) || 'found nothing', (error) => error.code);
};
(async () => {
  const port = Number(process.argv[2]);
  for (let tries = 0; (await ask(port + 1, 'resolve4', 'ns.test')) !== '127.0.0.1'; tries += 1) {
    if (tries > 40) throw new Error('the servers did not start');
    await new Promise((done) => setTimeout(done, 250));
  }
  const said = [
    await ask(port, 'resolveTxt', 'loop.test'),
    await ask(port, 'resolveTxt', 'ns.test'),
    await ask(port + 1, 'resolveTxt', 'loop.test'),
    await ask(port, 'resolveCname', 'loop.test'),
  ];
  console.log('a circle at NSD, an empty name at NSD, a circle through Unbound, one step of it:', said.join(' '));
  process.exitCode = said.join(' ') === 'found nothing ENODATA ESERVFAIL pool.test' ? 0 : 1;
})();
ASK
if grep -qi 'loop\|circ' nsd.log; then echo 'NSD warns of it now'; exit 1; fi
node ask.cjs "$port"
