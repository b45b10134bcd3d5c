#!/usr/bin/env bash
# Expected: python3-netaddr reads "192.0.2" as one address in all its classes, or refuses it in all.
# Found (netaddr 0.8.0, Debian 12): IPAddress reads it as inet_aton(3) does, 192.0.0.2; IPNetwork and what is built on it, such as IPSet and cidr_merge, fill up with zeros: 192.0.2.0/32.
#   Neither takes it for the /24 that was perhaps meant.
# What follows: an address list with a group missing names two different addresses, depending on the class that read it. Ask
#   for netaddr.valid_ipv4(text, netaddr.INET_PTON) first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get python3-netaddr=0.8.0-2
dpkg -x python3-netaddr_*.deb .
cat >read.py <<'PY'
import netaddr
print('netaddr', netaddr.__version__)
print('IPAddress:', netaddr.IPAddress('192.0.2'))
print('IPNetwork:', netaddr.IPNetwork('192.0.2'))
print('cidr_merge:', *netaddr.cidr_merge(['192.0.2']))
print('one in the other:', netaddr.IPAddress('192.0.2') in netaddr.IPSet(['192.0.2']))
print('strictly valid:', netaddr.valid_ipv4('192.0.2', netaddr.INET_PTON))
PY
out=$(PYTHONPATH=usr/lib/python3/dist-packages python3 read.py)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
netaddr 0.8.0
IPAddress: 192.0.0.2
IPNetwork: 192.0.2.0/32
cidr_merge: 192.0.2.0/32
one in the other: False
strictly valid: False
EXPECTED
