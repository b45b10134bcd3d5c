#!/usr/bin/env bash
# Expected: `aggregate -p 32` takes an address without a length for a /32 and leaves the blocks that have one as they are. It says itself that the length is used
#   "where none specified".
# Found (aggregate 1.6-7, Debian 12): every block becomes a /32, so two halves of a /24 come out as their two first addresses, with exit code 0. Without -p
#   the halves become the /24, and the bare address is left out as a "line too long".
# What follows: add /32 to bare addresses before it, and do not use -p; a list that was both shrinks to a few addresses.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get aggregate=1.6-7+b1
dpkg -x aggregate_*.deb .
printf '%s\n' 192.0.2.0/25 192.0.2.128/25 198.51.100.7 >blocks
run() { usr/bin/aggregate "$@" <blocks 2>said || echo "exit $?"; grep -oE 'where none specified|line too long' said || true; }
dpkg-deb -f aggregate_*.deb Package Version
out=$(echo 'without:'; run; echo 'with -p 32:'; run -p 32
  echo 'written out:'; sed -i '/\//!s|$|/32|' blocks; run)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
without:
192.0.2.0/24
line too long
with -p 32:
192.0.2.0/32
192.0.2.128/32
198.51.100.7/32
where none specified
written out:
192.0.2.0/24
198.51.100.7/32
EXPECTED
