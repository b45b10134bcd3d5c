#!/usr/bin/env bash
# Expected: the `policy` in mailauth's DMARC result is one of none, quarantine and reject, as the tags' values are not case-sensitive (RFC 7489, section 6.4).
# Found (mailauth 4.13.3): it is spelled as in the record: "Reject", "QUARANTINE", and " reject" where a space follows the equal sign. Only the comment for the header is made upper case. `pct` and the newer `t`
#   do not change it either.
# What follows: fold and trim it before comparing; `policy === 'reject'` passes over a domain that wrote it in capitals.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailauth@4.13.3 >/dev/null
cat >ask.cjs <<'JS'
const { dmarc } = require('mailauth/lib/dmarc')
;(async () => {
  for (const record of ['v=DMARC1; p=reject', 'v=DMARC1; p=Reject', 'v=DMARC1; p=QUARANTINE', 'v=DMARC1; p= reject', 'v=DMARC1; p=reject; t=y']) {
    const { policy, status } = await dmarc({ headerFrom: 'shop.example', spfDomains: [], dkimDomains: [], resolver: async () => [[record]] })
    console.log(`${record} -> policy "${policy}", comment ${status.comment}`)
  }
})()
JS
echo "mailauth $(node -p "require('./node_modules/mailauth/package.json').version")"
out=$(node ask.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
v=DMARC1; p=reject -> policy "reject", comment p=REJECT
v=DMARC1; p=Reject -> policy "Reject", comment p=REJECT
v=DMARC1; p=QUARANTINE -> policy "QUARANTINE", comment p=QUARANTINE
v=DMARC1; p= reject -> policy " reject", comment p= REJECT
v=DMARC1; p=reject; t=y -> policy "reject", comment p=REJECT
EXPECTED
