#!/usr/bin/env bash
# Expected: nodemailer's sendMail rejects where no recipient got the message, over LMTP as over SMTP.
# Found (nodemailer 10.6.1): over LMTP, where each recipient has a reply of its own after the content, it resolves though all were refused: `accepted` is
#   empty, and `response` is the last refusal. Over SMTP the same refusals reject with EMESSAGE.
# What follows: after LMTP look into `accepted`; a job that counts as done when sendMail resolves loses the mail.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${smtp:-}" "${lmtp:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --no-audit --no-fund --loglevel=error nodemailer@10.6.1 >/dev/null
port=$((20000 + RANDOM % 20000))
cat >peer.cjs <<'JS'
// Replies as the local part says: "rcpt450" is refused at RCPT, "data450" at the end of the content, by LMTP for each recipient.
const [port, lmtp] = [Number(process.argv[2]), process.argv[3] === 'lmtp']
require('node:net').createServer((socket) => {
  let rest = '', content = false, taken = []
  const say = (line) => socket.write(`${line}\r\n`)
  const end = (line) => { const [, code] = /<data(\d+)/.exec(line) ?? []; say(code ? `${code} ${code[0]}.0.0 not taken` : '250 2.0.0 taken') }
  socket.on('error', () => {})
  say('220 peer')
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop()
    for (const line of lines) {
      const [, refused] = /^RCPT TO:<rcpt(\d+)/.exec(line) ?? []
      if (content && line !== '.') continue
      if (content) { content = false; if (lmtp) taken.forEach(end); else end(taken.find((one) => one.includes('<data')) ?? '') }
      else if (/^(EHLO|LHLO)/.test(line)) say('250-peer\r\n250 ENHANCEDSTATUSCODES')
      else if (refused) say(`${refused} ${refused[0]}.1.1 no`)
      else if (line === 'DATA') { content = true; say('354 go on') }
      else if (line === 'QUIT') socket.end('221 2.0.0 bye\r\n')
      else { if (/^MAIL/.test(line)) taken = []; if (/^RCPT/.test(line)) taken.push(line); say('250 2.0.0 ok') }
    }
  })
}).listen(port, '127.0.0.1')
JS
node peer.cjs $port smtp & smtp=$!
node peer.cjs $((port + 1)) lmtp & lmtp=$!
for one in $port $((port + 1)); do until (exec 3<>"/dev/tcp/127.0.0.1/$one") 2>/dev/null; do sleep 0.1; done; done
cat >send.cjs <<'JS'
const { createTransport } = require('nodemailer')
const port = Number(process.argv[2])
;(async () => {
  for (const lmtp of [false, true]) {
    const over = createTransport({ host: '127.0.0.1', port: lmtp ? port + 1 : port, lmtp, ignoreTLS: true })
    const to = ['data450@firm.example', 'data450b@firm.example']
    await over.sendMail({ from: 'news@shop.example', to, text: 'x' }).then(
      ({ accepted, rejected, response }) => console.log(`${lmtp ? 'LMTP' : 'SMTP'}: resolves, ${accepted.length} accepted, ${rejected.length} rejected, ${response}`),
      ({ code, response }) => console.log(`${lmtp ? 'LMTP' : 'SMTP'}: rejects, ${code}, ${response}`),
    )
  }
})()
JS
echo "nodemailer $(node -p "require('./node_modules/nodemailer/package.json').version")"
found=$(node send.cjs $port)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
SMTP: rejects, EMESSAGE, 450 4.0.0 not taken
LMTP: resolves, 0 accepted, 2 rejected, 450 4.0.0 not taken
EXPECTED
