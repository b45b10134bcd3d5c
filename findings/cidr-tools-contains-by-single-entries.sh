#!/usr/bin/env bash
# Expected: containsCidr of cidr-tools says that two halves of a /24 contain the /24: it takes lists on both sides, and mergeCidr makes that /24 of them.
# Found (cidr-tools 11.3.2): it says false. A network is contained only where a single entry of the list has all of it; excludeCidr of the same package leaves nothing of it.
# What follows: whether a customer's block lies within what is assigned depends on how the list is cut. Merge the list first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error cidr-tools@11.3.2 >/dev/null
cat >ask.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { containsCidr, excludeCidr, mergeCidr } from 'cidr-tools'
console.log('cidr-tools', JSON.parse(readFileSync('node_modules/cidr-tools/package.json')).version)
const halves = ['192.0.2.0/25', '192.0.2.128/25']
console.log(`merged: ${mergeCidr(halves)}`)
console.log(`left of the /24: ${JSON.stringify(excludeCidr('192.0.2.0/24', halves))}`)
console.log(`the halves contain the /24: ${containsCidr(halves, '192.0.2.0/24')}, merged: ${containsCidr(mergeCidr(halves), '192.0.2.0/24')}`)
JS
found=$(node ask.mjs)
echo "$found"
diff - <(echo "$found" | tail -n +2) <<'EXPECTED'
merged: 192.0.2.0/24
left of the /24: []
the halves contain the /24: false, merged: true
EXPECTED
