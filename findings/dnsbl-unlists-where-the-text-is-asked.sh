#!/usr/bin/env bash
# Expected: dnsbl asked with `includeTxt` says the same about `listed` as without it, and rejects where the list cannot be asked ("Will reject on error", says its README).
# Found (dnsbl 4.0.3): an address that is on a list without TXT records is `listed: false` as soon as the text is wanted as well. A list whose server answers SERVFAIL or REFUSED is `false` too,
#   as for an address that is not on it.
# What follows: "on no list" may mean that no list was asked. Ask without `includeTxt`, and ask for an address that the list must have (127.0.0.2, RFC 5782, section 5) along with the others.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error dnsbl@4.0.3 dns-packet@5.6.1 >/dev/null
cat >ask.mjs <<'JS'
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { lookup } from 'dnsbl'
import packet from 'dns-packet'
console.log('dnsbl', JSON.parse(readFileSync('node_modules/dnsbl/package.json')).version)
// Three lists: one with texts, one without, one that is out of order.
const server = createSocket('udp4', (question, { port }) => {
  const { id, questions } = packet.decode(question)
  const [{ name, type }] = questions
  const listed = name.startsWith('2.0.0.127.')
  const broken = name.endsWith('.broken.example')
  const answers = broken || !listed ? [] : type === 'A' ? [{ name, type, data: '127.0.0.2' }] : name.endsWith('.texts.example') ? [{ name, type, data: 'listed' }] : []
  const code = broken ? 2 : listed ? 0 : 3 // SERVFAIL, NOERROR, NXDOMAIN
  server.send(packet.encode({ type: 'response', id, flags: packet.AUTHORITATIVE_ANSWER | code, questions, answers }), port, '127.0.0.1')
})
server.bind(0, '127.0.0.1', async () => {
  const servers = [`127.0.0.1:${server.address().port}`]
  for (const list of ['texts.example', 'plain.example', 'broken.example']) {
    for (const includeTxt of [false, true]) {
      const said = await lookup('127.0.0.2', list, { servers, includeTxt }).catch((error) => `rejected: ${error.code}`)
      console.log(`${list}${includeTxt ? ' with its text' : ''}: ${JSON.stringify(said)}`)
    }
  }
  server.close()
})
JS
found=$(node ask.mjs)
echo "$found"
diff - <(echo "$found" | tail -n +2) <<'EXPECTED'
texts.example: true
texts.example with its text: {"listed":true,"txt":[["listed"]]}
plain.example: true
plain.example with its text: {"listed":false,"txt":[]}
broken.example: false
broken.example with its text: {"listed":false,"txt":[]}
EXPECTED
