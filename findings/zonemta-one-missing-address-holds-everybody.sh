#!/usr/bin/env bash
# Expected: where ZoneMTA cannot send from one address of a zone (the machine does not have it, or the receiver's firewall drops it), mail from its other addresses goes on.
# Found (@zone-eu/zone-mta 3.11.0): the failure is kept by the receiver's name alone, for two minutes, or fifteen after a timeout. Until then mail from every address of the zone to that
#   receiver is deferred with the text of that failure, and no connection is tried.
# What follows: one customer's missing IP defers everybody's mail to a receiver that is up, and the log calls it the receiver's network error. Give the machine its addresses before the pool.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
newer=node-linux-$(node -p process.arch)@24.21.0 # its undici wants more than Node 20
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error @zone-eu/zone-mta@3.11.0 "$newer" >/dev/null
cd node_modules/@zone-eu/zone-mta
cat >send.js <<'JS'
require('npmlog').level = 'silent'
const net = require('node:net')
const Sender = require('./lib/sender')
const TtlCache = require('./lib/ttl-cache')
require('./lib/plugins').handler = { runHooks: (_name, _args, done) => setImmediate(done) }

const cache = new TtlCache() // as the queue server answers its senders
const command = ({ cmd, key, value, ttl }, done) => {
  if (cmd === 'SETCACHE') cache.set(key, value, ttl)
  if (cmd === 'CLEARCACHE') cache.remove(key)
  setImmediate(done, null, cmd === 'GETCACHE' ? cache.get(key) : true)
}
let came = 0
const peer = net.createServer((socket) => {
  came += 1
  socket.on('error', () => {})
  socket.on('data', () => socket.write('250 ok\r\n'))
  socket.write('220 peer ESMTP\r\n')
})
peer.listen(0, '127.0.0.1', async () => {
  const sender = Object.create(Sender.prototype)
  Object.assign(sender, { zone: { name: 'default', ignoreTLS: true }, sendCommand: command, logName: 'x', mtaStsHandler: { enabled: false } })
  sender.connectionPool = { has: () => false }
  const from = (address) => new Promise((done) => {
    const mx = [{ priority: 0, exchange: 'mx.inbox.example', A: ['127.0.0.1'], AAAA: [] }]
    const delivery = { id: 'x', seq: '001', domain: 'inbox.example', mx, mxPort: peer.address().port, zoneAddress: { address, name: 'mta.example' }, dnsOptions: { blockLocalAddresses: false } }
    sender.getConnectionWithCache(delivery, (error, connection) => {
      connection?.close?.()
      setTimeout(done, 100, `from ${address}: ${error ? error.category ?? error.message : 'connected'}; the receiver saw ${came}`)
    })
  })
  for (const address of ['127.0.0.2', '192.0.2.77', '127.0.0.2', '127.0.0.3']) console.log(await from(address))
  process.exit()
})
JS
echo "ZoneMTA $(node -p "require('./package.json').version")"
out=$(../../node-linux-*/bin/node send.js 2>&1)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
from 127.0.0.2: connected; the receiver saw 1
from 192.0.2.77: network; the receiver saw 1
from 127.0.0.2: network; the receiver saw 1
from 127.0.0.3: network; the receiver saw 1
EXPECTED
