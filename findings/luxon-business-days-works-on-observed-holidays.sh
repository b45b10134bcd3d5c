#!/usr/bin/env bash
# Expected: luxon-business-days, which knows the US federal holidays, rests on the day on which one is observed: 3 July 2026, as the fourth is a Saturday.
# Found (luxon-business-days 3.0.1, luxon 3.7.2; date-holidays 3.37.0 beside it): it rests on the date itself only. One business day after Thursday, 2 July is Friday, 3 July, which
#   date-holidays has as "Independence Day (substitute day)". The same for 24 December 2027 and 31 December 2027.
# What follows: a reply promised within one business day is due on a holiday. Give it matchers of one's own, made from a list with substitute days.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error luxon@3.7.2 luxon-business-days@3.0.1 date-holidays@3.37.0 >/dev/null
cat >due.cjs <<'JS'
const { DateTime } = require('luxon-business-days')
const Holidays = require('date-holidays')
const us = new Holidays('US')
for (const asked of ['2026-11-25', '2026-07-02', '2027-12-23', '2027-12-30']) {
  const due = DateTime.fromISO(asked, { zone: 'America/New_York' }).plusBusiness({ days: 1 }).toISODate()
  const off = (us.isHoliday(`${due} 12:00:00`) || []).find((one) => one.type === 'public')
  console.log(`${asked}, one business day on: ${due}${off ? `, ${off.name}` : ''}`)
}
JS
for name in luxon-business-days date-holidays; do echo "$name $(node -p "require('./node_modules/$name/package.json').version")"; done
out=$(node due.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
2026-11-25, one business day on: 2026-11-27
2026-07-02, one business day on: 2026-07-03, Independence Day (substitute day)
2027-12-23, one business day on: 2027-12-24, Christmas Day (substitute day)
2027-12-30, one business day on: 2027-12-31, New Year's Day (substitute day)
EXPECTED
