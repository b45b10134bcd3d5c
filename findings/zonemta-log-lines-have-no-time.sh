#!/usr/bin/env bash
# Expected: a mail server's log says when each line was written.
# Found (@zone-eu/zone-mta 3.11.0): the lines on its standard error begin with the level, and no setting of its default configuration adds a
#   time. Only the journal or a container's log driver brings one along.
# What follows: a log that was redirected into a file tells a message's time by its queue id alone, whose first eleven hexadecimal digits
#   are the millisecond of its making; and two files may begin with the same lines.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error @zone-eu/zone-mta@3.11.0 >/dev/null
cd node_modules/@zone-eu/zone-mta
echo "ZoneMTA $(node -p "require('./package.json').version")"
# Its own logger, as lib/ has it, and an id of its own making.
cat >write.cjs <<'JS'
const log = require('npmlog')
const SeqIndex = require('@zone-eu/seq-index')
const settings = require('@zone-eu/wild-config').log
log.level = settings.level
console.log(`settings: ${Object.keys(settings).join(', ')}`)
log.info('Sender/default/1[1]', 'id=a %s.001 ACCEPTED from=news@shop.example', '1a220f4e762000decd')
const before = Date.now()
const made = parseInt(new SeqIndex().get().slice(0, 11), 16)
console.log(`id made within a second of now: ${Math.abs(made - before) < 1000}`)
JS
out=$(node write.cjs 2>&1)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
settings: level, queue, remote, gelf
info Sender/default/1[1] id=a 1a220f4e762000decd.001 ACCEPTED from=news@shop.example
id made within a second of now: true
EXPECTED
