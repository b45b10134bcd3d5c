#!/usr/bin/env bash
# Expected: an ORCPT of "rfc822;Ann+2Bx@firm.example" (RFC 3461's way to write Ann+x) comes back in a bounce as Ann+x@firm.example, and a library reads that.
# Found (Exim 4.96, python3-flufl.bounce 4.0, Debian 12): Exim copies ORCPT and ENVID still encoded (Postfix 3.7.11 writes Ann+x).
#   flufl.bounce prefers Original-Recipient to Final-Recipient and decodes nothing: the address it reports, Ann+2Bx@firm.example, is nobody's.
# What follows: who suppresses addresses by bounces decodes "+XX" or takes Final-Recipient; any address with a "+" or "=" in it is missed.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'kill "${peer:-}" "${sink:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
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
local_interfaces = 127.0.0.1
daemon_smtp_ports = $((port + 1))
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
get python3-flufl.bounce=4.0-3 python3-zope.interface python3-public
for file in python3-*.deb; do dpkg -x "$file" .; done
usr/sbin/exim4 -C "$folder/exim.conf" -bdf >/dev/null 2>&1 & # not through the function: its shell alone would be ended
sink=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))") 2>/dev/null; do sleep 0.1; done
exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))"
read -r _ <&3
for command in 'EHLO app' 'MAIL FROM:<news@shop.example> ENVID=job+2B7' 'RCPT TO:<nobody+x@firm.example> NOTIFY=FAILURE ORCPT=rfc822;Ann+2Bx@firm.example' DATA $'Subject: x\r\n\r\nx\r\n.' QUIT; do
  printf '%s\r\n' "$command" >&3
  while read -r -t 10 line <&3 && [[ $line == ???-* ]]; do :; done
done
for _ in $(seq 50); do grep -q END taken && break; sleep 0.2; done
cat >read.py <<'PY'
import email
from flufl.bounce import all_failures
temporary, permanent = all_failures(email.message_from_binary_file(open('taken', 'rb')))
print('flufl.bounce:', *(address.decode() for address in permanent))
PY
dpkg-deb -f python3-flufl.bounce_*.deb Package Version
found=$(grep -aE '^(Original-Envelope-ID|Original-Recipient|Final-Recipient):' taken
  PYTHONPATH=usr/lib/python3/dist-packages python3 read.py)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
Original-Envelope-ID: job+2B7
Original-Recipient: rfc822;Ann+2Bx@firm.example
Final-Recipient: rfc822;nobody+x@firm.example
flufl.bounce: Ann+2Bx@firm.example
EXPECTED
