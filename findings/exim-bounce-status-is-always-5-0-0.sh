#!/usr/bin/env bash
# Expected: in Exim's bounces `Status:` repeats the receiver's enhanced code, as in Postfix's: 5.1.1 where it said "550 5.1.1 no such user".
# Found (Exim 4.96, Debian 12): it is 5.0.0 for every refusal. The code is in Diagnostic-Code only, as text.
# What follows: a reader that tells a wrong address from a full mailbox by `Status:` learns nothing from Exim's bounces; look for the code
#   in Diagnostic-Code first.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'kill "${peer:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get exim4-daemon-light=4.96-15+deb12u10 libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7
for file in *.deb; do dpkg -x "$file" .; done
cp /etc/passwd /etc/group .
echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
echo 'Debian-exim:x:64101:' >>group
printf '%s\n' 'include /etc/ld.so.conf' "$folder/usr/lib/$(uname -m)-linux-gnu" >ld.so.conf
/sbin/ldconfig -X -f ld.so.conf -C ld.so.cache
for name in passwd group ld.so.cache; do mount --bind $name /etc/$name; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu
port=$((20000 + RANDOM % 20000))
mkdir spool
chmod 755 .
chown nobody:nogroup spool
cat >exim.conf <<CONF
primary_hostname = mta.example.net
exim_path = $folder/usr/sbin/exim4
exim_user = nobody
exim_group = nogroup
spool_directory = $folder/spool
log_file_path = $folder/spool/%slog
keep_environment = LD_LIBRARY_PATH
tls_advertise_hosts =
dsn_advertise_hosts = *
acl_smtp_rcpt = accept
begin routers
out:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = out
begin transports
out:
  driver = smtp
  port = $port
  allow_localhost
begin retry
*  *  F,1h,1h
CONF
cat >peer.cjs <<'JS'
// A receiver that refuses local parts beginning with "no", and prints what it takes.
require('node:net').createServer((socket) => {
  let rest = '', content = false
  const say = (line) => socket.write(`${line}\r\n`)
  socket.on('error', () => {})
  say('220 peer ESMTP')
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop()
    for (const line of lines) {
      if (content && line !== '.') console.log(line)
      else if (content) { content = false; console.log('END'); say('250 2.0.0 taken') }
      else if (/^EHLO/.test(line)) say('250-peer\r\n250-ENHANCEDSTATUSCODES\r\n250 DSN')
      else if (/^RCPT TO:<no/.test(line)) say('550 5.1.1 no such user')
      else if (line === 'DATA') { content = true; say('354 go on') }
      else if (line === 'QUIT') socket.end('221 2.0.0 bye\r\n')
      else say('250 2.0.0 ok')
    }
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
JS
node peer.cjs $port >taken & peer=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
printf '%s\r\n' 'EHLO app' 'MAIL FROM:<news@shop.example>' 'RCPT TO:<nobody@firm.example>' DATA 'Subject: x' '' x . QUIT | exim -bs -odi >said 2>&1
for _ in $(seq 50); do grep -q END taken && break; sleep 0.2; done
found=$(grep -aE '^(Final-Recipient|Status|Diagnostic-Code):' taken)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
Final-Recipient: rfc822;nobody@firm.example
Status: 5.0.0
Diagnostic-Code: smtp; 550 5.1.1 no such user
EXPECTED
