#!/usr/bin/env bash
# Expected: `smtpd -n` says so where an action sends from an address for which its helo-src table has no name.
# Found (OpenSMTPD 6.8.0p2, Debian 12): "configuration OK". It also passes a source address that the machine does not have. Only tables
#   and actions that do not exist are told.
# What follows: a generated configuration has to be checked for this by the program that writes it; the check of smtpd does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq opensmtpd=6.8.0p2-4+b4 2>/dev/null
dpkg -x opensmtpd_*.deb .
cat >smtpd.conf <<'CONF'
table names { 192.0.2.1 = mx1.example.net }
listen on 127.0.0.1 port 2530
action "pool" relay src "192.0.2.2" helo-src <names>
match from any for any action "pool"
CONF
sed 's/<names>/<nobody>/' smtpd.conf >wrong.conf
dpkg-deb -f opensmtpd_*.deb Package Version
ldd usr/sbin/smtpd | grep 'not found' && { echo 'a library is missing'; exit 2; }
found=$(usr/sbin/smtpd -n -f smtpd.conf 2>&1 | sed "s#$folder/##" || true
  usr/sbin/smtpd -n -f wrong.conf 2>&1 | sed "s#$folder/##" || true)
echo "$found"
grep -qx 'configuration OK' <<<"$found"
grep -q 'wrong.conf:3: ' <<<"$found"
