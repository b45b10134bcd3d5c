#!/usr/bin/env bash
# Expected: values of Haraka's .ini files are text, or numbers only where the same text can be had back from them.
# Found (haraka-config 1.7.0, of Haraka 3.3.4): whatever consists of digits becomes a number: 00123 is 123, a token of twenty digits is rounded, and 0.50 is 0.5.
#   Quotation marks do not help, as they stay part of the value. "1e5" remains text.
# What follows: auth_pass of smtp_forward.ini and passwords in auth_flat_file.ini that are digits alone do not fit any more, without a word.
#   Give them a letter, or read them from a plain file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error haraka-config@1.7.0 >/dev/null
mkdir config
cat >config/smtp_forward.ini <<'INI'
auth_pass=00123
token=12345678901234567891
share=0.50
quoted="00123"
exponent=1e5
INI
cat >read.cjs <<'JS'
const { main } = require('haraka-config').module_config(process.cwd()).get('smtp_forward.ini')
for (const [name, value] of Object.entries(main)) console.log(name, typeof value, value)
JS
echo "haraka-config $(node -p "require('./node_modules/haraka-config/package.json').version")"
out=$(node read.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
auth_pass number 123
token number 12345678901234567000
share number 0.5
quoted string "00123"
exponent string 1e5
EXPECTED
