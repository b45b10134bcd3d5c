#!/usr/bin/env bash
# Expected: msmtp as /usr/sbin/sendmail ends with 75 (EX_TEMPFAIL of sysexits.h) after a 4xx reply, so that the caller tries again, and with 69 after a 5xx.
# Found (msmtp 1.8.23, Debian 12): it is 69 (EX_UNAVAILABLE) after 450 to RCPT and after 450 and 550 to the content, and 65 (EX_DATAERR) after 550 to RCPT. 75 it says
#   where nobody listens.
# What follows: a program that takes 69 as final loses mail at the first greylisting. Read the reply on stderr, or have a queue before msmtp.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${peer:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get msmtp=1.8.23-1 libgsasl18 libsecret-1-0 libntlm0 libgssglue1
for file in *.deb; do dpkg -x "$file" .; done
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
node peer.cjs $port & peer=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu
send() {
  local to=$1 code=0
  printf 'Subject: x\n\nx\n' | usr/bin/msmtp -C /dev/null --host=127.0.0.1 --port="${2:-$port}" --tls=off --auth=off -f news@shop.example "$to@firm.example" 2>/dev/null || code=$?
  echo "$to: $code"
}
usr/bin/msmtp --version | head -1
found=$(for to in ann rcpt450 rcpt550 data450 data550; do send "$to"; done; echo "nobody listens, $(send ann $((port + 1)))")
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
ann: 0
rcpt450: 69
rcpt550: 65
data450: 69
data550: 69
nobody listens, ann: 75
EXPECTED
