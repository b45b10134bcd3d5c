#!/usr/bin/env bash
# Expected: ical-generator writes an all-day event whose `start` and `end` are the same day as one day: a DTEND on the next day, as RFC 5545 (section 3.6.1) has it exclusive and
#   later than DTSTART, or no DTEND.
# Found (ical-generator 10.2.0, node-ical 0.26.1): DTEND is that same day, and node-ical reads an event that begins and ends at one midnight. From the
#   24th to the 26th the last day is missing. Without `end` it is read as one day.
# What follows: a holiday list written so stops no clock: no moment is between start and end. Give the day after as `end`, or leave it out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error ical-generator@10.2.0 node-ical@0.26.1 >/dev/null
cat >days.mjs <<'JS'
import ical from 'ical-generator'
import reader from 'node-ical'
const day = (number) => new Date(Date.UTC(2026, 11, number))
for (const [said, event] of [
  ['25 to 25', { start: day(25), end: day(25) }],
  ['24 to 26', { start: day(24), end: day(26) }],
  ['25, no end', { start: day(25) }],
]) {
  const calendar = ical({ name: 'Holidays' })
  calendar.createEvent({ id: '1', summary: 'Holiday', allDay: true, ...event })
  const text = calendar.toString()
  const [read] = Object.values(reader.sync.parseICS(text)).filter((one) => one.type === 'VEVENT')
  console.log(`${said}: DTEND ${/DTEND;VALUE=DATE:(\d+)/.exec(text)?.[1] ?? 'missing'}, read as ${(read.end - read.start) / 86400000} days`)
}
JS
for name in ical-generator node-ical; do echo "$name $(node -p "JSON.parse(require('fs').readFileSync('./node_modules/$name/package.json')).version")"; done
out=$(TZ=UTC node days.mjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
25 to 25: DTEND 20261225, read as 0 days
24 to 26: DTEND 20261226, read as 2 days
25, no end: DTEND missing, read as 1 days
EXPECTED
