#!/usr/bin/env bash
# Expected: mailauth asks an SPF record's `exists:%{l}._spf.shop.example` for any sender that SMTP allows, and the DNS decides.
# Found (mailauth 4.13.3, Node's dns): a local part with "=" or "+", as VERP and SRS senders have, is a temperror. Node's resolver refuses such a
#   name (EBADNAME) before it sends anything, so the name server never sees the question. With a plain local part the result is a pass.
# What follows: a temperror may come from the name itself and then never passes by; give mailauth a `resolver` that asks such names by other means,
#   and do not look for the fault at the name server.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailauth@4.13.3 dns-packet@5.6.1 >/dev/null
cat >ask.cjs <<'JS'
const packet = require('dns-packet')
const { spf } = require('mailauth/lib/spf')
const { Resolver } = require('node:dns').promises
const server = require('node:dgram').createSocket('udp4')
let asked = []
server.on('message', (message, from) => {
  const { id, questions } = packet.decode(message)
  const [{ name, type }] = questions
  asked.push(`${type} ${name}`)
  const data = type === 'TXT' ? 'v=spf1 exists:%{l}._spf.shop.example -all' : '127.0.0.2'
  const answers = ['TXT', 'A'].includes(type) ? [{ name, type, data, ttl: 60 }] : []
  server.send(packet.encode({ id, type: 'response', questions, answers }), from.port)
})
server.bind(0, '127.0.0.1', async () => {
  const dns = new Resolver()
  dns.setServers([`127.0.0.1:${server.address().port}`])
  for (const local of ['bounce', 'bounce+ann=firm.example']) {
    asked = []
    const { status } = await spf({ sender: `${local}@shop.example`, ip: '192.0.2.1', helo: 'mx.shop.example', mta: 'mta', resolver: (name, type) => dns.resolve(name, type) })
    console.log(`${local}: ${status.result}; asked: ${asked.filter((question) => /^(TXT|A) /.test(question)).join(', ')}`)
  }
  await dns.resolve4('bounce+ann=firm.example._spf.shop.example').catch((error) => console.log(error.code))
  server.close()
})
JS
echo "mailauth $(node -p "require('./node_modules/mailauth/package.json').version"), Node $(node --version), c-ares $(node -p process.versions.ares)"
out=$(node ask.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
bounce: pass; asked: TXT shop.example, A bounce._spf.shop.example
bounce+ann=firm.example: temperror; asked: TXT shop.example
EBADNAME
EXPECTED
