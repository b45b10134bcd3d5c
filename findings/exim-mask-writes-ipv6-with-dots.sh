#!/usr/bin/env bash
# Expected: Exim's ${mask:…} writes an IPv6 block as one writes it elsewhere: 2001:db8::/32, as it writes 192.0.2.0/24 for IPv4.
# Found (Exim 4.96, Debian 12): it writes eight groups of four digits with dots between them, 2001.0db8.0000.…/32. A table with the key "2001:db8::/32",
#   quoted as lsearch needs it, has no such key, while the IPv4 block beside it is found.
# What follows: a table by block works for IPv4 and falls through to its default for IPv6. Write its IPv6 keys in that form, or look
#   up with iplsearch, which takes the address itself.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get exim4-daemon-light=4.96-15+deb12u10 libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7
for file in *.deb; do dpkg -x "$file" .; done
cp /etc/passwd /etc/group .
echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
echo 'Debian-exim:x:64101:' >>group
printf '%s\n' 'include /etc/ld.so.conf' "$folder/usr/lib/$(uname -m)-linux-gnu" >ld.so.conf
/sbin/ldconfig -X -f ld.so.conf -C ld.so.cache
for name in passwd group ld.so.cache; do mount --bind $name /etc/$name; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu
printf '%s\n' '192.0.2.0/24: pool-a' '"2001:db8::/32": pool-b' >pools
echo "keep_environment = LD_LIBRARY_PATH" >exim.conf
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
out=$(for mask in 192.0.2.7/24 2001:db8::7/32; do
  echo "$mask: $(exim -be "\${mask:$mask}"), $(exim -be "\${lookup{\${mask:$mask}}lsearch{$folder/pools}{\$value}{not found}}"), $(exim -be "\${lookup{${mask%/*}}iplsearch{$folder/pools}{\$value}{not found}} by iplsearch")"
done)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
192.0.2.7/24: 192.0.2.0/24, pool-a, pool-a by iplsearch
2001:db8::7/32: 2001.0db8.0000.0000.0000.0000.0000.0000/32, not found, pool-b by iplsearch
EXPECTED
