#!/usr/bin/env bash
# Expected: nodemailer writes `list: { unsubscribe: [address, url] }` as one List-Unsubscribe field with both, as RFC 2369 says that each field is there once at most.
# Found (nodemailer 10.6.1): an array makes one field for each. One field with both comes from an array in an array.
# What follows: a receiver that reads the first field only sees no https address, and so no one-click unsubscribe (RFC 8058): write [[address, url]].
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
  const both = ['leave@shop.example', 'https://shop.example/leave']
  for (const unsubscribe of [both, [both]]) {
    console.log(JSON.stringify(unsubscribe))
    console.log((await compose({ list: { unsubscribe } })).match(/^List-Unsubscribe: .*$/gm).join('\n'))
  }
})()
JS
echo "nodemailer $(node -p "require('./node_modules/nodemailer/package.json').version")"
out=$(node compose.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
["leave@shop.example","https://shop.example/leave"]
List-Unsubscribe: <mailto:leave@shop.example>
List-Unsubscribe: <https://shop.example/leave>
[["leave@shop.example","https://shop.example/leave"]]
List-Unsubscribe: <mailto:leave@shop.example>, <https://shop.example/leave>
EXPECTED
