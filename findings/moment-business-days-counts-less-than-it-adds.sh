#!/usr/bin/env bash
# Expected: in moment-business-days businessDiff counts the days that businessAdd added: a day that is one business day on is one business day away.
# Found (moment-business-days 1.2.0, moment 2.30.1): not from a weekend. Saturday plus one is Monday, but from Saturday to Monday businessDiff has 0. From Friday to
#   Sunday it has 1, as to Monday.
# What follows: a request that came in on a Saturday gets a day more before it counts as late. Ask whether businessAdd's day has passed instead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error moment@2.30.1 moment-business-days@1.2.0 >/dev/null
cat >days.cjs <<'JS'
const moment = require('moment-business-days')
for (const asked of ['2026-11-27', '2026-11-28', '2026-11-29', '2026-11-30']) {
  const due = moment(asked).businessAdd(1)
  console.log(`${moment(asked).format('ddd')} and one business day: ${due.format('ddd')}, which is ${due.businessDiff(moment(asked))} away`)
}
console.log('Friday to Sunday:', moment('2026-11-29').businessDiff(moment('2026-11-27')))
JS
echo "moment-business-days $(node -p "require('./node_modules/moment-business-days/package.json').version")"
out=$(TZ=UTC node days.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
Fri and one business day: Mon, which is 1 away
Sat and one business day: Mon, which is 0 away
Sun and one business day: Mon, which is 0 away
Mon and one business day: Tue, which is 1 away
Friday to Sunday: 1
EXPECTED
