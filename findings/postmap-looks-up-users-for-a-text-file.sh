#!/usr/bin/env bash
# Expected: `postmap -q KEY texthash:FILE` reads one text file, so it needs nothing of an installed Postfix: not the user of mail_owner, nor the group of
#   setgid_group, of which the manual says that they own files and run commands.
# Found (Postfix 3.7.11, Debian 12): it ends before it looks at the file where either is unknown to the machine, and also where setgid_group has the
#   number of the group of default_privs, which runs no query. `postconf -c`, which reads the same main.cf, accepts all of these.
# What follows: to test a table in a container or in CI, name a user and a group that exist there and that no account of yours uses: daemon and
#   mail will do on a bare Debian.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
mapfile -t more < <(apt-get -s install --no-install-recommends postfix=3.7.11-0+deb12u1 2>/dev/null | sed -n 's/^Inst \(\S*\).*/\1/p' | grep -v '^postfix$' || true)
get postfix=3.7.11-0+deb12u1 "${more[@]}"
dpkg-deb -f postfix_*.deb Package Version
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/postfix:$folder/usr/lib/$(uname -m)-linux-gnu:$folder/lib/$(uname -m)-linux-gnu
echo '@shop.example shared-us:' >senders
ask() { # mail_owner, setgid_group
  printf '%s\n' 'compatibility_level = 3.6' "mail_owner = $1" "setgid_group = $2" 'default_privs = nobody' >main.cf
  usr/sbin/postmap -c . -q @shop.example texthash:senders 2>&1 | sed 's/.*main\.cf: //' || true
}
out=$(
  ask nobody-knows mail
  ask daemon nobody-knows
  ask daemon nogroup
  ask daemon mail
  usr/sbin/postconf -c . -h setgid_group
)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
parameter mail_owner: unknown user name value: nobody-knows
parameter setgid_group: unknown group name: nobody-knows
parameters default_privs and setgid_group: user nobody and group nogroup have the same group ID: 65534
shared-us:
mail
EXPECTED
