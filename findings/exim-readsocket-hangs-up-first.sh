#!/usr/bin/env bash
# Expected: Exim's ${readsocket} sends its request and reads the answer of a small server written with Node, by net or by http.
# Found (Exim 4.96, Debian 12): after the request Exim shuts its side of the connection down (`shutdown=yes` is the default). Node's servers
#   then end the other side by themselves (`allowHalfOpen` of net and `httpAllowHalfOpen` of http are false): an answer that is written at once comes, but
#   one for which a database is asked first never arrives, and Exim's expansion is empty without an error. With `shutdown=no` both come.
# What follows: say `shutdown=no`. A test with a server that answers at once does not show it.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"; kill "${server:-}" 2>/dev/null || true' EXIT
cd "$folder"
packages=(exim4-daemon-light libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7)
apt-get download -qq exim4-daemon-light=4.96-15+deb12u10 "${packages[@]:1}" 2>/dev/null
for file in *.deb; do dpkg -x "$file" .; done
cp /etc/passwd /etc/group .
echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
echo 'Debian-exim:x:64101:' >>group
printf '%s\n' 'include /etc/ld.so.conf' "$folder/usr/lib/$(uname -m)-linux-gnu" >ld.so.conf
/sbin/ldconfig -X -f ld.so.conf -C ld.so.cache
for name in passwd group ld.so.cache; do mount --bind $name /etc/$name; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
printf 'keep_environment =\n' >exim.conf
cat >server.cjs <<'JS'
const later = (answer) => setTimeout(answer, 200)
const net = require('node:net').createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', () => later(() => socket.writable && socket.end('an answer')))
})
const http = require('node:http').createServer((req, res) => (req.url === '/now' ? res.end('an answer') : later(() => res.end('an answer'))))
net.listen(0, '127.0.0.1', () => http.listen(0, '127.0.0.1', () => console.log(net.address().port, http.address().port)))
JS
node server.cjs >ports & server=$!
until [ -s ports ]; do sleep 0.1; done
read -r net http <ports
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
echo "Node $(node --version)"
# ask PORT REQUEST OPTIONS: the last line of the answer, or nothing.
ask() { exim -be "\${readsocket{inet:127.0.0.1:$1}{$2}{5s$3}{ }{no answer}}" | grep -o 'an answer' || echo nothing; }
get='GET %s HTTP/1.0\r\n\r\n'
found=$(echo "net, later: $(ask "$net" 'question\n' '')"
  echo "net, later, shutdown=no: $(ask "$net" 'question\n' ':shutdown=no')"
  echo "http, at once: $(ask "$http" "${get/\%s//now}" '')"
  echo "http, later: $(ask "$http" "${get/\%s//later}" '')"
  echo "http, later, shutdown=no: $(ask "$http" "${get/\%s//later}" ':shutdown=no')")
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
net, later: nothing
net, later, shutdown=no: an answer
http, at once: an answer
http, later: nothing
http, later, shutdown=no: an answer
EXPECTED
