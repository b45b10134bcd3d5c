#!/usr/bin/env bash
# Expected: iprange, which knows IPv4 alone, refuses a list with an IPv6 block in it, or leaves the line out.
# Found (iprange 1.0.4, Debian 12): it cuts the line at the colon, takes the first group for a number, and adds that as an IPv4 address: 2001:db8::/32 becomes
#   0.0.7.209. Its message speaks of a host name with text after it, and the exit code is 0.
# What follows: a list of both families gets addresses that nobody wrote, and loses its IPv6 blocks. Take lines with a colon out first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get iprange=1.0.4+ds-2
dpkg -x iprange_*.deb .
printf '%s\n' 192.0.2.0/25 2001:db8::/32 192.0.2.128/25 >blocks
dpkg-deb -f iprange_*.deb Package Version
out=$(usr/bin/iprange blocks 2>said; echo "exit $?"; grep -o 'Ignoring text after hostname .2001.' said)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
0.0.7.209
192.0.2.0/24
exit 0
Ignoring text after hostname '2001'
EXPECTED
