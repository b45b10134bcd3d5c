#!/usr/bin/env bash
# Expected: Exim's ${readsocket} sends its request and reads the answer of a small TCP server written with Node's net module.
# Found (Exim 4.96, Debian 12): after the request Exim shuts its side of the connection down (`shutdown=yes` is the default). Node's
#   net server then ends the other side by itself (`allowHalfOpen: false` is its default): an answer that is not written at once, because a
#   database is asked first, never arrives, and Exim's expansion is empty without an error. With `shutdown=no` it comes.
# What follows: ask Node's http server (it keeps half-open connections), say `shutdown=no`, or set `allowHalfOpen: true`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"; kill "${server:-}" 2>/dev/null || true' EXIT
cd "$folder"
packages=(exim4-daemon-light libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7)
apt-get download -qq exim4-daemon-light=4.96-15+deb12u10 "${packages[@]:1}" 2>/dev/null
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
printf 'keep_environment =\n' >exim.conf
cat >server.cjs <<'JS'
require('node:net')
  .createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => setTimeout(() => !socket.destroyed && socket.writable && socket.end('an answer'), 200))
  })
  .listen(0, '127.0.0.1', function () { console.log(this.address().port) })
JS
node server.cjs >port & server=$!
until [ -s port ]; do sleep 0.1; done
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
echo "Node $(node --version)"
found=$(exim -be "as it is: [\${readsocket{inet:127.0.0.1:$(cat port)}{question\\n}{5s}{}{no answer}}]"
  exim -be "shutdown=no: [\${readsocket{inet:127.0.0.1:$(cat port)}{question\\n}{5s:shutdown=no}{}{no answer}}]")
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
as it is: []
shutdown=no: [an answer]
EXPECTED
