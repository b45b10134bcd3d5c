#!/usr/bin/env bash
# Expected: smtp-server in LMTP mode has one reply after the content for each RCPT that it accepted (RFC 2033, section 4.2), also for a repeated one.
# Found (smtp-server 3.21.6): it accepts both with 250 and keeps the last: the other spelling, ORCPT and NOTIFY are gone. After the content there is one reply for the two.
#   The local part is folded for this too: ann@ and Ann@ are one.
# What follows: a client that counts replies waits for a second. Remove repeats before it, and look for a recipient's
#   DSN arguments in the last of its RCPTs only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error smtp-server@3.21.6 >/dev/null
cat >talk.cjs <<'JS'
const { SMTPServer } = require('smtp-server')
const server = new SMTPServer({
  lmtp: true, authOptional: true, logger: false, disableReverseLookup: true, disabledCommands: ['STARTTLS'],
  onData(stream, { envelope: { rcptTo } }, done) {
    stream.resume()
    stream.on('end', () => { console.log('kept:', rcptTo.map((one) => `${one.address} ${JSON.stringify(one.args)}`).join(', ')); done(null, rcptTo.map(() => 'taken')) })
  },
})
const say = ['LHLO app', 'MAIL FROM:<news@shop.example>', 'RCPT TO:<ann@firm.example> NOTIFY=FAILURE ORCPT=rfc822;row1@shop.example', 'RCPT TO:<Ann@firm.example>', 'DATA', 'Subject: x\r\n\r\nx\r\n.\r\nQUIT']
server.listen(0, '127.0.0.1', () => {
  const socket = require('node:net').connect(server.server.address().port, '127.0.0.1')
  const replies = []
  require('node:readline').createInterface({ input: socket }).on('line', (line) => {
    replies.push(line)
    if (/^\d+ /.test(line) && say.length) socket.write(`${say.shift()}\r\n`)
  }).on('close', () => { console.log(replies.slice(replies.findIndex((line) => /^250 /.test(line)) + 2).join('\n')); server.close() })
})
JS
echo "smtp-server $(node -p "require('./node_modules/smtp-server/package.json').version")"
out=$(timeout 30 node talk.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
kept: Ann@firm.example false
250 Accepted
250 Accepted
354 End data with <CR><LF>.<CR><LF>
250 taken
221 Bye
EXPECTED
