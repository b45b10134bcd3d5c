#!/usr/bin/env bash
# Expected: in an .ini file of Haraka a comment may follow a section's name, "[firm.example] ; moved in May", or the whole section is refused.
# Found (haraka-config 1.7.0, of Haraka 3.3.4): the line is refused on standard error, but the lines below it are read, into the section before. There they
#   take the place of that section's own values.
# What follows: in smtp_forward.ini or outbound.ini one domain's mail then leaves by another one's host, and the domain itself by the default. Write
#   comments on lines of their own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error haraka-config@1.7.0 >/dev/null
mkdir config
cat >config/smtp_forward.ini <<'INI'
host=192.0.2.1
[shop.example]
host=192.0.2.2
[firm.example] ; moved in May
host=192.0.2.3
INI
cat >read.cjs <<'JS'
const config = require('haraka-config').module_config(process.cwd())
const { main, ...domains } = config.get('smtp_forward.ini')
console.log('default', main.host)
for (const [name, { host }] of Object.entries(domains)) console.log(name, host)
console.log('firm.example has a section:', 'firm.example' in domains)
JS
echo "haraka-config $(node -p "require('./node_modules/haraka-config/package.json').version")"
out=$(node read.cjs 2>&1 | sed "s|$folder/||")
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
Invalid line in config file 'config/smtp_forward.ini': [firm.example] ; moved in May
default 192.0.2.1
shop.example 192.0.2.3
firm.example has a section: false
EXPECTED
