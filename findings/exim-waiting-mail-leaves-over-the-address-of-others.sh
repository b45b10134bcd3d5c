#!/usr/bin/env bash
# Expected: an Exim transport with `interface = $address_data`, where the router looks up each sender's own address, delivers every message from its sender's address.
# Found (Exim 4.96, Debian 12): not those that waited for their host. Once a connection to it succeeds, Exim sends them down that connection, and compares `interface` for the other message's
#   sender, but with the $address_data of the message just sent, so any two are the same. The mail of one customer leaves from the address of another; its line in the log differs by a "*".
#   With the lookup written into `interface` itself each keeps its own.
# What follows: a receiver that was away for a minute mixes the addresses, and nothing says so. Set `connection_max_messages = 1` in such a transport, or look up the sender in it.
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
chmod 755 .
printf '%s\n' 'shop.example: 127.0.0.2' 'firm.example: 127.0.0.3' >addresses
cat >peer.cjs <<'JS'
// A receiver that prints from which address each sender's mail came.
require('node:net').createServer((socket) => {
  const via = socket.remoteAddress
  let rest = '', from, content = false
  const say = (line) => socket.write(`${line}\r\n`)
  socket.on('error', () => {})
  say('220 peer ESMTP')
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop()
    for (const line of lines) {
      if (content && line !== '.') continue
      if (content) { content = false; console.log(`${from} from ${via}`); say('250 taken') }
      else if (/^MAIL/.test(line)) { from = /<(.*)>/.exec(line)[1]; say('250 ok') }
      else if (line === 'DATA') { content = true; say('354 go on') }
      else if (line === 'QUIT') socket.end('221 bye\r\n')
      else say('250 ok')
    }
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
JS
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
send() { printf '%s\r\n' 'EHLO app' "MAIL FROM:<$1>" 'RCPT TO:<ann@away.example>' DATA 'Subject: x' '' x . QUIT | exim -bs -odi >>said 2>&1; }
try() { # the transport's own lines
  local port=$((20000 + RANDOM % 10000))
  rm -rf spool
  mkdir spool
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
acl_smtp_rcpt = accept
begin routers
out:
  driver = manualroute
  address_data = \${lookup{\$sender_address_domain}lsearch{$folder/addresses}}
  route_list = * 127.0.0.1::$port
  self = send
  transport = out
begin transports
out:
  driver = smtp
  allow_localhost
$1
begin retry
*  *  F,1h,1s
CONF
  send news@firm.example # while nobody listens
  sleep 2                # until Exim would try the host again
  node peer.cjs "$port" >came & peer=$!
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
  send news@shop.example
  for _ in $(seq 20); do [ "$(wc -l <came)" -lt 2 ] || break; sleep 0.1; done
  exim -qff >>said 2>&1
  for _ in $(seq 50); do [ "$(wc -l <came)" -lt 2 ] || break; sleep 0.2; done
  cat came
  kill "$peer"
}
usr/sbin/exim4 -C /dev/null -bV | head -1
found=$(echo '## interface = $address_data'
  try '  interface = $address_data'
  echo '## the same, connection_max_messages = 1'
  try '  interface = $address_data
  connection_max_messages = 1'
  echo '## a lookup in interface'
  try "  interface = \${lookup{\$sender_address_domain}lsearch{$folder/addresses}}")
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
## interface = $address_data
news@shop.example from 127.0.0.2
news@firm.example from 127.0.0.2
## the same, connection_max_messages = 1
news@shop.example from 127.0.0.2
news@firm.example from 127.0.0.3
## a lookup in interface
news@shop.example from 127.0.0.2
news@firm.example from 127.0.0.3
EXPECTED
