#!/usr/bin/env bash
# Expected: an address of a ZoneMTA pool with `ratio: 0` is not used, as its README says ("0 means that this IP is never used").
# Found (@zone-eu/zone-mta 3.11.0): 0 counts as "no ratio given", so the address gets an equal share. 0.05 is kept to 5 %.
# What follows: to rest an IP, take it out of the pool; a ratio of 0 sends a third of the mail over it here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error @zone-eu/zone-mta@3.11.0 >/dev/null
cd node_modules/@zone-eu/zone-mta
cat >share.js <<'JS'
const { divideLoad } = require('./lib/address-tools')
for (const ratio of [0, 0.05]) {
  const pool = divideLoad([{ address: '192.0.2.1', ratio }, { address: '192.0.2.2' }, { address: '192.0.2.3' }])
  const share = pool.filter(({ address }) => address === '192.0.2.1').length / pool.length
  console.log(`ratio ${ratio} beside two without: ${(100 * share).toFixed(1)} % of the mail`)
}
JS
echo "ZoneMTA $(node -p "require('./package.json').version")"
out=$(node share.js)
echo "$out"
grep -qx 'ratio 0 beside two without: 33.3 % of the mail' <<<"$out"
grep -qE '^ratio 0.05 beside two without: (4\.[5-9]|5\.[0-4]) %' <<<"$out"
