#!/usr/bin/env bash
# Expected: a Haraka plugin that is a single file sees the globals of Node, or no global of the web's.
# Found (Haraka 3.3.4): it runs in a context of its own that has fetch, timers and Buffer, but neither URLSearchParams, URL nor AbortSignal.
#   The same code in a module that the plugin requires, or in a plugin with a package.json, has all of them.
# What follows: put what talks to a service into a module of its own; a plugin that builds a query or a time-out for its fetch ends in a ReferenceError.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error Haraka@3.3.4 >/dev/null 2>&1
mkdir -p home/config home/plugins
code="['fetch','Buffer','setTimeout','URLSearchParams','URL','AbortSignal','console'].map((one) => one + ' ' + eval('typeof ' + one)).join(', ')"
echo "exports.seen = () => $code" >home/seen.js
cat >home/plugins/probe.js <<JS
const module_of_its_own = require('../seen')
exports.register = function () {
  process.stdout.write('plugin: ' + $code + '\n')
  process.stdout.write('module: ' + module_of_its_own.seen() + '\n')
}
JS
echo probe >home/config/plugins
echo mta.example.net >home/config/me
echo 'listen=127.0.0.1:0' >home/config/smtp.ini
echo "Haraka $(node -p "require('./node_modules/Haraka/package.json').version")"
found=$(timeout 60 node node_modules/Haraka/bin/haraka -c "$folder/home" -o 2>/dev/null | grep -E '^(plugin|module): ' || true)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
plugin: fetch function, Buffer function, setTimeout function, URLSearchParams undefined, URL undefined, AbortSignal undefined, console object
module: fetch function, Buffer function, setTimeout function, URLSearchParams function, URL function, AbortSignal function, console object
EXPECTED
