#!/usr/bin/env bash
# Expected: in a file for Exim's `lsearch`, a line `2001:db8::1: value` is found by the key 2001:db8::1.
# Found (Exim 4.96, Debian 12): a key ends at the first colon, so that line is found by the key 2001 alone, with the value
#   "db8::1: value". In double quotes the address is found.
# What follows: tables of addresses have to quote IPv6 keys (or be read with iplsearch); two lines of one /16 collide in silence.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=(exim4-daemon-light libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7)
apt-get download -qq exim4-daemon-light=4.96-15+deb12u10 "${packages[@]:1}" 2>/dev/null
for file in *.deb; do dpkg -x "$file" .; done
cp /etc/passwd /etc/group .
echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
echo 'Debian-exim:x:64101:' >>group
printf '%s\n' 'include /etc/ld.so.conf' "$folder/usr/lib/$(uname -m)-linux-gnu" >ld.so.conf
/sbin/ldconfig -X -f ld.so.conf -C ld.so.cache
for name in passwd group ld.so.cache; do mount --bind $name /etc/$name; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
printf 'keep_environment =\n' >exim.conf
printf '2001:db8::1: plain\n"2001:db8::2": quoted\n' >table
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
found=$(for key in 2001:db8::1 2001:db8::2 2001; do
  exim -be "$key -> \${lookup{$key}lsearch{$folder/table}{\$value}{nothing}}"
done)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
2001:db8::1 -> nothing
2001:db8::2 -> quoted
2001 -> db8::1: plain
EXPECTED
