#!/usr/bin/env bash
# Expected: a header of plain ASCII, such as the JSON of X-SMTPAPI or X-Mailgun-Variables, leaves nodemailer as it was given, folded at most.
# Found (nodemailer 10.6.1): one quotation mark in it, and the whole value becomes an encoded word (RFC 2047), however short. JSON always has one. Without quotation
#   marks it stays as it is; so does `{ prepared: true, value }`.
# What follows: a service that reads JSON from such a header has to decode it first, so give these values as prepared.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --no-audit --no-fund --loglevel=error nodemailer@10.6.1 >/dev/null
cat >compose.cjs <<'JS'
const { createTransport } = require('nodemailer')
const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
const compose = async (parts) => (await transport.sendMail({ from: 'news@shop.example', to: 'ann@firm.example', text: 'x', ...parts })).message.toString()
;(async () => {
  const value = JSON.stringify({ category: 'news' })
  for (const one of ['category=news', value, { prepared: true, value }])
    console.log((await compose({ headers: { 'X-SMTPAPI': one } })).match(/^X-SMTPAPI: .*$/m)[0])
})()
JS
echo "nodemailer $(node -p "require('./node_modules/nodemailer/package.json').version")"
out=$(node compose.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
X-SMTPAPI: category=news
X-SMTPAPI: =?UTF-8?Q?=7B=22category=22=3A=22news=22=7D?=
X-SMTPAPI: {"category":"news"}
EXPECTED
