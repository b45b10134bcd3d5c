#!/usr/bin/env bash
# Expected: python3-authres reads smtp.mailfrom of the Authentication-Results header that mailauth writes, whatever the sender's local part.
# Found (mailauth 4.13.3, python3-authres 1.2.0, Debian 12): a sender with "+" or "=", as VERP has, is written in quotation marks, smtp.mailfrom="news+ann=firm.example@shop.example".
#   RFC 8601 (section 2.2) allows that, as a `value`. authres leaves the property out, without an error; the result and smtp.helo are there.
# What follows: joining SPF results to senders by this property loses those of bulk mail, which have such senders, and keeps those of people.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get python3-authres=1.2.0-3
dpkg -x python3-authres_*.deb .
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailauth@4.13.3 >/dev/null
cat >write.cjs <<'JS'
const { authenticate } = require('mailauth')
const message = 'From: Shop <news@shop.example>\r\nSubject: x\r\n\r\nx\r\n'
const resolver = async (name, type) => {
  if (name === 'shop.example' && type === 'TXT') return [['v=spf1 ip4:192.0.2.1 -all']]
  throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
}
authenticate(message, { ip: '192.0.2.1', helo: 'app.shop.example', sender: process.argv[2], mta: 'mx.firm.example', resolver })
  .then(({ headers }) => console.log(headers.replace(/\r\n\s/g, ' ').split('\r\n').find((line) => line.startsWith('Authentication-Results:'))))
JS
cat >read.py <<'PY'
import sys
import authres
for result in authres.AuthenticationResultsHeader.parse(sys.stdin.read().strip()).results:
    if result.method == 'spf':
        print('authres:', result.result, *(f'{one.type}.{one.name}={one.value}' for one in result.properties))
PY
dpkg-deb -f python3-authres_*.deb Package Version
echo "mailauth $(node -p "require('./node_modules/mailauth/package.json').version")"
out=$(for sender in news@shop.example news+ann=firm.example@shop.example; do
  node write.cjs "$sender" >header
  echo "mailauth: $(grep -o 'smtp.mailfrom=[^ ;]*' header)"
  PYTHONPATH=usr/lib/python3/dist-packages python3 read.py <header
done)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
mailauth: smtp.mailfrom=news@shop.example
authres: pass smtp.mailfrom=news@shop.example smtp.helo=app.shop.example
mailauth: smtp.mailfrom="news+ann=firm.example@shop.example"
authres: pass smtp.helo=app.shop.example
EXPECTED
