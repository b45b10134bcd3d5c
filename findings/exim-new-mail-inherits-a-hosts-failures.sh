#!/usr/bin/env bash
# Expected: under a retry rule of four days (`* * F,4d,1h`) Exim tries each message for four days from its arrival; here the same with two seconds.
# Found (Exim 4.96, Debian 12): the time runs from the host's first failure. A new message for a host that has been away for longer bounces on arrival, without a try, where the host's next one
#   is not due. And the try that ends an older message is two lines: `==` with the reason, then `**` "retry timeout exceeded" without it, and without router, transport and host.
# What follows: while a receiver is out of reach for days, or refuses to talk to an address, new recipients look like bad ones; and a reader that counts lines has a deferral and a bounce for
#   one try. Take a `**` of these words for an expiry, and its reason from the recipient's last `==`.
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
chmod 755 .
mkdir spool
chown nobody:nogroup spool
cat >exim.conf <<CONF
primary_hostname = mta.example.net
exim_path = $folder/usr/sbin/exim4
exim_user = nobody
exim_group = nogroup
spool_directory = $folder/spool
log_file_path = $folder/spool/%slog
keep_environment = LD_LIBRARY_PATH
tls_advertise_hosts =
acl_smtp_rcpt = accept
begin routers
bounces:
  driver = redirect
  domains = shop.example
  data = :blackhole:
out:
  driver = manualroute
  route_list = * 127.0.0.1::1
  self = send
  transport = out
begin transports
out:
  driver = smtp
  allow_localhost
begin retry
*  *  F,1s,1s; F,2s,1h
CONF
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
send() { printf '%s\r\n' 'EHLO app' 'MAIL FROM:<news@shop.example>' "RCPT TO:<$1@away.example>" DATA 'Subject: x' '' x . QUIT | exim -bs -odi >"$1" 2>&1; }
lines() { cat "$1" spool/mainlog | grep -E " (==|\*\*) $1@" | sed -E 's/^[0-9-]+ [0-9:]+ ([0-9A-Za-z-]{16} )?//'; }
exim -bV | head -1
send first
sleep 3
exim -q >>first 2>&1
send second
found=$(for one in first second; do echo "## $one" && lines "$one"; done)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
## first
== first@away.example R=out T=out defer (111): Connection refused
== first@away.example R=out T=out defer (111): Connection refused
** first@away.example: retry timeout exceeded
## second
** second@away.example R=out T=out: all hosts for 'away.example' have been failing for a long time (and retry time not reached)
EXPECTED
