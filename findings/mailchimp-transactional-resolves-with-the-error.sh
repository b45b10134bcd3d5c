#!/usr/bin/env bash
# Expected: a call of @mailchimp/mailchimp_transactional that its service refuses rejects, as calls of the other services' clients do, so that a `catch` around it sees the refusal.
# Found (@mailchimp/mailchimp_transactional 1.4.1): it resolves, with axios's error object. An accepted call resolves too, with the list of recipients, and so does one that reached nobody.
# What follows: a job that counts as done when `messages.send` resolves loses each mail with a wrong key or while the service is away. Look whether what came back is an Error first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error @mailchimp/mailchimp_transactional@1.4.1 >/dev/null
cat >send.cjs <<'JS'
const client = require('@mailchimp/mailchimp_transactional')
console.log('mailchimp_transactional', require('@mailchimp/mailchimp_transactional/package.json').version)
const answers = { good: [200, [{ email: 'ann@firm.example', status: 'sent', _id: '1' }]], bad: [500, { status: 'error', code: -1, name: 'Invalid_Key', message: 'Invalid API key' }] }
const server = require('node:http').createServer((request, response) => {
  let body = ''
  request.on('data', (part) => { body += part })
  request.on('end', () => {
    const [status, answer] = answers[JSON.parse(body).key]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
})
const send = async (what, key, basePath) => {
  const service = client(key)
  service.basePath = basePath
  const message = { from_email: 'news@shop.example', to: [{ email: 'ann@firm.example' }], text: 'x' }
  await service.messages.send({ message }).then(
    (result) => console.log(`${what}: resolved with ${result instanceof Error ? `an Error, ${result.response?.data.name ?? result.code}` : JSON.stringify(result)}`),
    (error) => console.log(`${what}: rejected with ${error.name}`),
  )
}
server.listen(0, '127.0.0.1', async () => {
  const address = `http://127.0.0.1:${server.address().port}`
  await send('accepted', 'good', address)
  await send('refused', 'bad', address)
  await send('nobody listens', 'good', 'http://127.0.0.1:1')
  server.close()
  server.closeAllConnections()
})
JS
found=$(node send.cjs)
echo "$found"
diff - <(echo "$found" | tail -n +2) <<'EXPECTED'
accepted: resolved with [{"email":"ann@firm.example","status":"sent","_id":"1"}]
refused: resolved with an Error, Invalid_Key
nobody listens: resolved with an Error, ECONNREFUSED
EXPECTED
