#!/usr/bin/env bash
# Expected: mailparser's `list` has the address of List-Unsubscribe that its sender prefers: RFC 2369 (section 3.1) has the first one preferred, and section 2 allows a comment before each.
# Found (mailparser 3.14.2): of several https addresses, and of several mailto addresses, it has the last. With a comment before an address there is no `url` at all: the address is under `id`,
#   as in List-Id. Of two fields, as a composer may have written (see the list of addresses in nodemailer's `list`), it has the second only.
# What follows: who reads one-click addresses with it asks the wrong one, or finds none in a valid message. Read the field's line from `headerLines`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailparser@3.14.2 >/dev/null
cat >read.cjs <<'JS'
const { simpleParser } = require('mailparser')
console.log('mailparser', require('mailparser/package.json').version)
const read = async (...fields) => {
  const message = await simpleParser(`${fields.map((value) => `List-Unsubscribe: ${value}\r\n`).join('')}Subject: x\r\n\r\nx`)
  console.log(`${fields.join(' and ')}: ${JSON.stringify(message.headers.get('list').unsubscribe)}`)
}
const run = async () => {
  await read('<https://a.example/1>, <mailto:stop@a.example>')
  await read('<https://a.example/1>, <https://b.example/2>')
  await read('(Use this) <https://a.example/1>')
  await read('<https://a.example/1>', '<mailto:stop@a.example>')
}
run()
JS
found=$(node read.cjs)
echo "$found"
diff - <(echo "$found" | tail -n +2) <<'EXPECTED'
<https://a.example/1>, <mailto:stop@a.example>: {"url":"https://a.example/1","mail":"stop@a.example"}
<https://a.example/1>, <https://b.example/2>: {"url":"https://b.example/2"}
(Use this) <https://a.example/1>: {"name":"Use this","id":"https://a.example/1"}
<https://a.example/1> and <mailto:stop@a.example>: {"mail":"stop@a.example"}
EXPECTED
