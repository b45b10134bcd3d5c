#!/usr/bin/env bash
# Expected: since netmask knows IPv6, `new Netmask('192.0.2.0/24').contains('2001:db8::1')` is false, as for any address outside.
# Found (netmask 2.1.1): it throws, and so does an IPv6 block that is asked for an IPv4 address, with two different messages. An address of the same family
#   that is outside is false.
# What follows: a list of blocks of both families cannot be walked with `some`: the first block of the other family ends the walk. Compare the
#   families before asking.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error netmask@2.1.1 >/dev/null
cat >ask.cjs <<'JS'
const { Netmask } = require('netmask')
const pairs = [['192.0.2.0/24', '198.51.100.1'], ['192.0.2.0/24', '2001:db8::1'], ['2001:db8::/32', '2001:db9::1'], ['2001:db8::/32', '192.0.2.1']]
for (const [block, address] of pairs) {
  try { console.log(block, address, new Netmask(block).contains(address)) } catch (error) { console.log(block, address, error.message) }
}
JS
echo "netmask $(node -p "require('./node_modules/netmask/package.json').version")"
out=$(node ask.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
192.0.2.0/24 198.51.100.1 false
192.0.2.0/24 2001:db8::1 Invalid net address: 2001:db8::1
2001:db8::/32 2001:db9::1 false
2001:db8::/32 192.0.2.1 Invalid IPv6: expected 8 groups, got 1
EXPECTED
