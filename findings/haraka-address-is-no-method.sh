#!/usr/bin/env bash
# Expected: in a Haraka plugin, `mail_from.address()` returns the sender, as plugins for Haraka 2 and 3.0 wrote it.
# Found (@haraka/email-address 3.1.6, of Haraka 3.3.4): `address` is a property. Calling it throws a TypeError, and for
#   the null sender it is an empty string rather than null.
# What follows: a plugin for both has to look at the type first; one that catches the error around its hook and calls
#   next() lets everything pass.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @haraka/email-address@3.1.6 >/dev/null
cat >ask.cjs <<'JS'
const { Address } = require('@haraka/email-address')
const sender = new Address('<news@shop.example>')
console.log(typeof sender.address, sender.address)
try { console.log(sender.address()) } catch (error) { console.log(error.name) }
console.log(JSON.stringify(new Address('<>').address))
JS
echo "@haraka/email-address $(node -p "require('./node_modules/@haraka/email-address/package.json').version")"
out=$(node ask.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
string news@shop.example
TypeError
""
EXPECTED
