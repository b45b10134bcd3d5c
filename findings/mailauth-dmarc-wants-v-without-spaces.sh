#!/usr/bin/env bash
# Expected: mailauth finds a DMARC record with spaces around its first equal sign, which the grammar of RFC 7489 (section 6.4) allows: "v = DMARC1; p=reject".
# Found (mailauth 4.13.3): it does not. "v = DMARC1" has the result `none` with no policy, as for a domain without a record.
# What follows: where mailauth says none, look at the TXT records before telling a customer that there is nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailauth@4.13.3 >/dev/null
cat >ask.cjs <<'JS'
const { dmarc } = require('mailauth/lib/dmarc')
;(async () => {
  for (const record of ['v=DMARC1; p=reject', 'v=DMARC1 ; p=reject ;', 'v = DMARC1; p=reject']) {
    const { policy, status } = await dmarc({ headerFrom: 'shop.example', spfDomains: [], dkimDomains: [], resolver: async () => [[record]] })
    console.log(`"${record}": ${status.result}, policy ${policy}`)
  }
})()
JS
echo "mailauth $(node -p "require('./node_modules/mailauth/package.json').version")"
out=$(node ask.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
"v=DMARC1; p=reject": fail, policy reject
"v=DMARC1 ; p=reject ;": fail, policy reject
"v = DMARC1; p=reject": none, policy undefined
EXPECTED
