#!/usr/bin/env bash
# Expected: with exim_user, exim_group and owners of its files set to other users, Debian's Exim no longer needs the user Debian-exim that it was built with.
# Found (Exim 4.96, Debian 12): it looks that user up first, then the group, and ends with code 1 before it reads its configuration, even to expand a
#   string. With both known it says that it runs as the configured user: the built-in one need not own anything.
# What follows: an Exim unpacked from the package, in a container or for a test, needs a line in passwd and one in group, whatever its configuration says.
set -euo pipefail
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get exim4-daemon-light=4.96-15+deb12u10 libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu
for name in passwd group; do
  sed '/^Debian-exim:/d' "/etc/$name" >"$name"
  mount --bind "$name" "/etc/$name"
done
printf '%s\n' 'exim_user = nobody' 'exim_group = nogroup' 'keep_environment =' >exim.conf
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@" 2>&1 || echo "exit $?"; }
out=$(
  exim -be '${uc:read}'
  echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
  exim -be '${uc:read}'
  echo 'Debian-exim:x:64101:' >>group
  exim -be '${uc:read}'
  exim -bP exim_user exim_group
)
usr/sbin/exim4 -C "$folder/exim.conf" -bV | head -1
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
exim: failed to find uid for user name "Debian-exim"
exit 1
exim: failed to find gid for group name "Debian-exim"
exit 1
READ
exim_user = nobody
exim_group = nogroup
EXPECTED
