#!/usr/bin/env bash
# Expected: grepcidr finds an address of a block in any line that has it, as in the logs and headers of mail servers.
# Found (grepcidr 2.0-2, Debian 12): not as "[IPv6:2001:db8::1]", the address literal of RFC 5321 that Received headers have, and not where a full stop follows, as at the end of a
#   receiver's sentence. It does find 192.0.2.1 in "1192.0.2.1".
# What follows: a count of lines by block is too low for IPv6 in headers and for what receivers wrote; take the address out of the line first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get grepcidr=2.0-2
dpkg -x grepcidr_*.deb .
dpkg-deb -f grepcidr_*.deb Package Version
look() { for line in "${@:2}"; do echo "$line -> $(usr/bin/grepcidr "$1" <<<"$line" >/dev/null && echo found || echo 'not found')"; done; }
found=$(look 192.0.2.0/24 'relay=mx[192.0.2.1]:25' 'blocked 192.0.2.1, see our page' 'We do not accept mail from 192.0.2.1.' 'job 1192.0.2.1'
  look 2001:db8::/32 'client=mx[2001:db8::1]' 'from mx ([IPv6:2001:db8::1])')
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
relay=mx[192.0.2.1]:25 -> found
blocked 192.0.2.1, see our page -> found
We do not accept mail from 192.0.2.1. -> not found
job 1192.0.2.1 -> found
client=mx[2001:db8::1] -> found
from mx ([IPv6:2001:db8::1]) -> not found
EXPECTED
