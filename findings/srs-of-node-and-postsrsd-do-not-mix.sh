#!/usr/bin/env bash
# Expected: two implementations of SRS that share a secret and a domain reverse each other's addresses, as the form SRS0=hash=day=domain=local is the same.
# Found (postsrsd 1.10, Debian 12; sender-rewriting-scheme 1.0.0): neither does. postsrsd's hash is in base64, the other one's hexadecimal and made another
#   way; and a receiver's lower-case copy of an address is reversed by postsrsd, but is `null`, "not SRS", for the npm package.
# What follows: when one takes the other's place, bounces of what was forwarded before are lost. Keep the old one for reversing until its addresses have expired.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${daemon:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get postsrsd=1.10-2+b1
dpkg -x postsrsd_*.deb .
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error sender-rewriting-scheme@1.0.0 >/dev/null
port=$((20000 + RANDOM % 20000))
echo one-secret-of-both >secret
usr/sbin/postsrsd -4 -l127.0.0.1 -f$port -r$((port + 1)) -dfwd.example -ssecret 2>/dev/null & daemon=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))") 2>/dev/null; do sleep 0.1; done
ask() { # the offset of the port, the address
  exec 3<>"/dev/tcp/127.0.0.1/$((port + $1))"
  printf 'get %s\n' "$2" >&3
  timeout 10 head -1 <&3
}
cat >srs.cjs <<'JS'
const { SRS } = require('sender-rewriting-scheme')
const srs = new SRS({ secret: 'one-secret-of-both' })
const [act, address] = process.argv.slice(2)
try { console.log(act === 'forward' ? srs.forward(address, 'fwd.example') : srs.reverse(address)) } catch (error) { console.log('error:', error.message) }
JS
dpkg-deb -f postsrsd_*.deb Package Version
echo "sender-rewriting-scheme $(node -p "require('./node_modules/sender-rewriting-scheme/package.json').version")"
debian=$(ask 0 ann@shop.example | sed 's/^200 //')
npm=$(node srs.cjs forward ann@shop.example)
echo "$debian"
echo "$npm"
out=$(echo "postsrsd, its own: $(ask 1 "$debian")"
  echo "postsrsd, its own in lower case: $(ask 1 "${debian,,}")"
  echo "postsrsd, the other's: $(ask 1 "$npm" | grep -o '^5..')"
  echo "npm, its own: $(node srs.cjs reverse "$npm")"
  echo "npm, its own in lower case: $(node srs.cjs reverse "${npm,,}")"
  # postsrsd's hash may consist of hexadecimal digits by chance; it is then the hash that does not fit.
  echo "npm, the other's: $(node srs.cjs reverse "$debian" | grep -o '^error')")
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
postsrsd, its own: 200 ann@shop.example
postsrsd, its own in lower case: 200 ann@shop.example
postsrsd, the other's: 500
npm, its own: ann@shop.example
npm, its own in lower case: null
npm, the other's: error
EXPECTED
