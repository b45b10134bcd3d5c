#!/usr/bin/env bash
# Expected: a CSV reader that turns numbers into numbers leaves Postfix's queue ids alone, which are hexadecimal, unless all their digits are decimal.
# Found (papaparse 5.7.1 with `dynamicTyping`, csv-parse 7.0.3 with `cast`): an id whose only letter is an E behind a zero is read as a number with an exponent.
#   0E12345678 and 0E98765432 are both 0. An id that begins with a zero loses it: 0451234567 becomes 451234567. Most other ids stay text.
# What follows: now and then two messages are counted as one, or one is not found in the log again. Name the columns to convert, and leave ids as text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error papaparse@5.7.1 csv-parse@7.0.3 >/dev/null
cat >queue.csv <<'CSV'
id,recipients
0E12345678,1
0E98765432,2
0451234567,3
4C7BA20345,4
CSV
cat >read.cjs <<'JS'
const Papa = require('papaparse')
const { parse } = require('csv-parse/sync')
const text = require('node:fs').readFileSync('queue.csv', 'utf8')
const ids = (rows) => JSON.stringify(rows.map((row) => row.id))
console.log('papaparse:', ids(Papa.parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true }).data))
console.log('csv-parse:', ids(parse(text, { columns: true, cast: true })))
console.log('without:  ', ids(parse(text, { columns: true })))
JS
for name in papaparse csv-parse; do echo "$name $(node -p "require('./node_modules/$name/package.json').version")"; done
out=$(node read.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
papaparse: [0,0,451234567,"4C7BA20345"]
csv-parse: [0,0,451234567,"4C7BA20345"]
without:   ["0E12345678","0E98765432","0451234567","4C7BA20345"]
EXPECTED
