#!/usr/bin/env bash
# Expected: otpauth reads an otpauth:// URI that it wrote itself back as the same issuer and label.
# Found (otpauth 9.5.2): not where the issuer has a colon, as a desk under test at localhost:3000 has. It writes the colon as %3A, but looks for the separator
#   after decoding: the label "ann" comes back as "3000:ann". Without a colon the same account is read back.
# What follows: an export that is read in again shows another account name. Keep colons out of the issuer; the key URI format wants it so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error otpauth@9.5.2 >/dev/null
cat >again.cjs <<'JS'
const { TOTP, URI } = require('otpauth')
for (const issuer of ['desk.example', 'localhost:3000']) {
  const written = new TOTP({ issuer, label: 'ann', secret: 'JBSWY3DPEHPK3PXP' }).toString()
  const read = URI.parse(written)
  console.log(written.split('?')[0], 'is read as', read.issuer, 'and', read.label)
}
JS
echo "otpauth $(node -p "require('./node_modules/otpauth/package.json').version")"
out=$(node again.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
otpauth://totp/desk.example:ann is read as desk.example and ann
otpauth://totp/localhost%3A3000:ann is read as localhost:3000 and 3000:ann
EXPECTED
