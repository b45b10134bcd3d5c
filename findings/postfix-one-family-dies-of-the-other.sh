#!/usr/bin/env bash
# Expected: `-o inet_protocols=ipv4` on a service of Postfix makes it pass over IPv6 addresses in main.cf's inet_interfaces.
# Found (Postfix 3.7.11, Debian 12): "config variable inet_interfaces: host not found: ::1", and the program does not start. The same happens the other
#   way round, and an address that this machine does not have ends it with "no local interface found". In a transport that means that
#   nothing leaves, nothing bounces, and no line has a status. `inet_interfaces=all` beside it starts.
# What follows: a transport that is bound to one family needs an inet_interfaces of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get postfix=3.7.11-0+deb12u1 libicu72 libdb5.3 libsasl2-2 libnsl2 libtirpc3
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/postfix:$folder/usr/lib/$(uname -m)-linux-gnu
mkdir conf
touch conf/main.cf conf/master.cf
usr/sbin/postconf -c conf -d mail_version
# posttls-finger reads the same parameters as smtp(8), and needs no running mail system. Nobody listens on port 9.
try() {
  printf '%s\n' 'compatibility_level = 3.6' 'mail_owner = list' 'setgid_group = irc' 'myhostname = mta.example.net' "$@" >conf/main.cf
  echo "$*: $(MAIL_CONFIG=$folder/conf usr/sbin/posttls-finger -c '[127.0.0.1]:9' 2>&1 | grep -oE 'fatal: .*|Connection refused' | head -1)"
}
found=$(try 'inet_protocols = ipv4' 'inet_interfaces = 127.0.0.1, ::1'
  try 'inet_protocols = ipv4' 'inet_interfaces = 192.0.2.1'
  try 'inet_protocols = ipv4' 'inet_interfaces = all')
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
inet_protocols = ipv4 inet_interfaces = 127.0.0.1, ::1: fatal: config variable inet_interfaces: host not found: ::1
inet_protocols = ipv4 inet_interfaces = 192.0.2.1: fatal: parameter inet_interfaces: no local interface found for 192.0.2.1
inet_protocols = ipv4 inet_interfaces = all: Connection refused
EXPECTED
