#!/usr/bin/env bash
# Expected: nodemailer's `list: { unsubscribe: …, 'unsubscribe-post': 'List-Unsubscribe=One-Click' }` writes both fields that RFC 8058 asks for.
# Found (nodemailer 10.6.1): every value of `list` but `id` is taken for an address, so the second field becomes <http://List-Unsubscribe=One-Click>, which
#   no receiver knows. Nothing is said about it.
# What follows: List-Unsubscribe-Post belongs into `headers`. Look at a composed message, not at the options.
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
  const list = { unsubscribe: 'https://shop.example/leave' }
  const post = 'List-Unsubscribe=One-Click'
  for (const parts of [{ list: { ...list, 'unsubscribe-post': post } }, { list, headers: { 'List-Unsubscribe-Post': post } }])
    console.log((await compose(parts)).match(/^List-.*$/gm).sort().join('\n'))
})()
JS
echo "nodemailer $(node -p "require('./node_modules/nodemailer/package.json').version")"
out=$(node compose.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
List-Unsubscribe-Post: <http://List-Unsubscribe=One-Click>
List-Unsubscribe: <https://shop.example/leave>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
List-Unsubscribe: <https://shop.example/leave>
EXPECTED
