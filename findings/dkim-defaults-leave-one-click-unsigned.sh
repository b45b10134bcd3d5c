#!/usr/bin/env bash
# Expected: a DKIM signer with its defaults signs List-Unsubscribe-Post where it signs List-Unsubscribe: RFC 8058 (section 4) wants both covered.
# Found (mailauth 4.13.3, python3-dkim 1.1.4-1 of Debian 12, nodemailer 10.6.1): nodemailer does. mailauth and dkimpy sign List-Unsubscribe and leave the Post field out.
# What follows: name the fields to sign, or the signature is valid and receivers still need not offer one-click unsubscribe. A check of the
#   signature does not show it; look into its h= tag.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get python3-dkim=1.1.4-1 python3-dnspython
for file in *.deb; do dpkg -x "$file" .; done
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailauth@4.13.3 nodemailer@10.6.1 >/dev/null
cat >sign.cjs <<'JS'
const { readFileSync, writeFileSync } = require('node:fs')
const { dkimSign } = require('mailauth/lib/dkim/sign')
const { createTransport } = require('nodemailer')
const { privateKey } = require('node:crypto').generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
writeFileSync('key', privateKey)
const raw = readFileSync('message')
;(async () => {
  const { signatures } = await dkimSign(raw, { signatureData: [{ signingDomain: 'shop.example', selector: 'mail', privateKey }] })
  writeFileSync('mailauth', signatures)
  const transport = createTransport({ streamTransport: true, buffer: true, dkim: { domainName: 'shop.example', keySelector: 'mail', privateKey } })
  const { message } = await transport.sendMail({ raw, envelope: { from: 'news@shop.example', to: 'ann@firm.example' } })
  writeFileSync('nodemailer', message)
})()
JS
printf '%s\r\n' 'From: news@shop.example' 'To: ann@firm.example' 'Subject: x' 'Date: Tue, 14 Nov 2023 22:13:20 +0000' 'Message-ID: <1@shop.example>' \
  'List-Unsubscribe: <https://shop.example/leave>' 'List-Unsubscribe-Post: List-Unsubscribe=One-Click' '' x >message
node sign.cjs
PYTHONPATH=usr/lib/python3/dist-packages python3 -m dkim.dkimsign mail shop.example key <message >dkimpy
dpkg-deb -f python3-dkim_*.deb Package Version
for name in mailauth nodemailer; do echo "$name $(node -p "require('./node_modules/$name/package.json').version")"; done
out=$(for name in dkimpy mailauth nodemailer; do
  tr -d '\r\n\t ' <"$name" | grep -oE '[;:]h=[^;]*' | head -1 | sed -E 's/^.h=//' | tr : '\n' | grep -i '^list-' | tr 'A-Z' 'a-z' | paste -sd, | sed "s/^/$name signs /"
done)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
dkimpy signs list-unsubscribe
mailauth signs list-unsubscribe
nodemailer signs list-unsubscribe,list-unsubscribe-post
EXPECTED
