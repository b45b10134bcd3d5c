#!/usr/bin/env bash
# Expected: a small stand-in for sendmail that relays to a smarthost sends to the recipients that were accepted, and reports the refused one.
# Found (msmtp 1.8.23, nullmailer 2.2, Debian 12): after one 550 to RCPT both leave before DATA, and nobody gets the mail. The exit codes, 65 and 35,
#   are about the message as a whole.
# What follows: one wrong address among the recipients of a notice loses it for all of them. Start the program once for each recipient.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${peer:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get nullmailer=1:2.2-4 msmtp=1.8.23-1 libgsasl18 libsecret-1-0 libntlm0 libgssglue1
for file in *.deb; do dpkg -x "$file" .; done
library=$folder/usr/lib/$(uname -m)-linux-gnu
port=$((20000 + RANDOM % 20000))
cat >peer.cjs <<'JS'
// A receiver that refuses local parts beginning with "no", and prints the recipients and whether content came.
require('node:net').createServer((socket) => {
  let rest = '', content = false
  const say = (line) => socket.write(`${line}\r\n`)
  socket.on('error', () => {})
  say('220 peer ESMTP')
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop()
    for (const line of lines) {
      if (content) { if (line === '.') { content = false; console.log('content'); say('250 2.0.0 taken') } continue }
      if (/^RCPT/.test(line)) console.log(line)
      if (/^RCPT TO:<no/.test(line)) say('550 5.1.1 no such user')
      else if (line === 'DATA') { content = true; say('354 go on') }
      else if (line === 'QUIT') socket.end('221 2.0.0 bye\r\n')
      else say('250 2.0.0 ok')
    }
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
JS
node peer.cjs $port >told & peer=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
printf 'From: news@shop.example\nSubject: x\n\nx\n' >mail
before=0
show() { echo "$1: exit $2, $(tail -n +$((before + 1)) told | paste -sd ' ')"; before=$(wc -l <told); }
msmtp() { LD_LIBRARY_PATH=$library timeout 20 usr/bin/msmtp -C /dev/null --host=127.0.0.1 --port=$port --tls=off --from=news@shop.example "$@" <mail 2>/dev/null; }
nullmailer() { # its queue's program, which reads a queue file from descriptor 3
  { printf '%s\n' news@shop.example "$@" ''; cat mail; } >queued
  printf 'host=127.0.0.1\nport=%s\n\n' $port | HELOHOST=app.shop.example LD_LIBRARY_PATH=$library timeout 20 usr/lib/nullmailer/smtp 3<queued >/dev/null 2>&1
}
for file in msmtp_*.deb nullmailer_*.deb; do dpkg-deb -f "$file" Package Version | paste -s; done
for name in msmtp nullmailer; do
  code=0; $name ann@firm.example bob@firm.example || code=$?
  show "$name, both known" $code
  code=0; $name ann@firm.example nobody@firm.example || code=$?
  show "$name, one unknown" $code
done >found
out=$(cat found)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
msmtp, both known: exit 0, RCPT TO:<ann@firm.example> RCPT TO:<bob@firm.example> content
msmtp, one unknown: exit 65, RCPT TO:<ann@firm.example> RCPT TO:<nobody@firm.example>
nullmailer, both known: exit 0, RCPT TO:<ann@firm.example> RCPT TO:<bob@firm.example> content
nullmailer, one unknown: exit 35, RCPT TO:<ann@firm.example> RCPT TO:<nobody@firm.example>
EXPECTED
