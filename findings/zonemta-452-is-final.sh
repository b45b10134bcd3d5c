#!/usr/bin/env bash
# Expected: ZoneMTA tries again after any reply of 4xx, as RFC 5321 says of "transient negative" replies.
# Found (@zone-eu/zone-mta 3.11.0): 452 ("insufficient system storage", which a full mailbox and "too many recipients"
#   give as well) is classified as `reject`: the message bounces at the first try. 450, 451 and 4xx in general are deferred.
# What follows: a receiver's 452 counts as a bounce in its log (REJECTED), not as a deferral; and a plugin that wants a
#   message kept has to set `err.action = 'defer'`, or to choose another code.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error @zone-eu/zone-mta@3.11.0 >/dev/null
cd node_modules/@zone-eu/zone-mta
cat >classify.js <<'JS'
const bounces = require('./lib/bounces')
bounces.reloadBounces()
for (const reply of ['450 4.2.0 greylisted', '451 4.3.0 try later', '452 4.3.1 insufficient system storage', '455 4.3.0 not now'])
  console.log(`${reply} -> ${bounces.check(reply).action}`)
JS
echo "ZoneMTA $(node -p "require('./package.json').version")"
out=$(node classify.js)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
450 4.2.0 greylisted -> defer
451 4.3.0 try later -> defer
452 4.3.1 insufficient system storage -> reject
455 4.3.0 not now -> defer
EXPECTED
