#!/usr/bin/env bash
# Expected: the syslog parsers for Node read a mail server's line with a time in RFC 3339's form, as rsyslog writes it to files (Debian 12) and forwards it (RSYSLOG_ForwardFormat).
# Found (nsyslog-parser 0.10.1, glossy 0.1.7): neither does, and neither says so. nsyslog-parser gives the line the time at which it is read, without host or program. glossy has no time, takes
#   Postfix's queue id for the host, and leaves it out of the message. Lines with "Nov 28 20:55:47" are read by both.
# What follows: read again after an hour, a log's bounces are all of that hour; with glossy the parts of a message cannot be put together. Refuse lines that came back as UNKNOWN or without a time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error nsyslog-parser@0.10.1 glossy@0.1.7 >/dev/null
cat >read.cjs <<'JS'
const parse = require('nsyslog-parser')
const glossy = require('glossy').Parse
for (const name of ['nsyslog-parser', 'glossy']) console.log(name, require(`${name}/package.json`).version)
const rest = 'mta postfix/smtp[27465]: 4A7E132483: to=<ann@firm.example>, status=sent (250 ok)'
const when = (time, now) => (!time ? 'none' : Math.abs(new Date(time) - now) < 60_000 ? 'now' : 'as written')
for (const [what, line] of [['traditional', `<22>Nov  8 20:55:47 ${rest}`], ['rfc3339', `<22>2021-11-08T20:55:47.123456+01:00 ${rest}`]]) {
  const now = Date.now()
  const { type, ts, host, appName } = parse(line)
  console.log(`${what}, nsyslog-parser: ${type}, time ${when(ts, now)}, host "${host}", program "${appName ?? ''}"`)
  glossy.parse(line, (read) => console.log(`${what}, glossy: time ${when(read.time, now)}, host "${read.host}", message "${read.message}"`))
}
JS
found=$(node read.cjs)
echo "$found"
diff - <(echo "$found" | tail -n +3) <<'EXPECTED'
traditional, nsyslog-parser: BSD, time as written, host "mta", program "postfix/smtp"
traditional, glossy: time as written, host "mta", message "postfix/smtp[27465]: 4A7E132483: to=<ann@firm.example>, status=sent (250 ok)"
rfc3339, nsyslog-parser: UNKNOWN, time now, host "", program ""
rfc3339, glossy: time none, host "4A7E132483:", message "to=<ann@firm.example>, status=sent (250 ok)"
EXPECTED
