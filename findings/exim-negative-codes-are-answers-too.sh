#!/usr/bin/env bash
# Expected: the number in `== … defer (N)` is an errno where it is positive, and Exim's own reason not to ask where it is negative: so a
#   negative one says nothing about the receiver.
# Found (Exim 4.96, Debian 12): -46 is the receiver's 4xx answer to the end of the content; -54 is a try that Exim did not make, because
#   the time for it had not come. Both are in lines of the same form, with R= and T=.
# What follows: who counts deferrals by such lines has to know each number; what begins with -4 was said by the receiver here.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'kill "${sink:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
packages=(libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7)
apt-get download -qq exim4-daemon-light=4.96-15+deb12u10 "${packages[@]}" 2>/dev/null
for file in *.deb; do dpkg -x "$file" .; done
cp /etc/passwd /etc/group .
echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
echo 'Debian-exim:x:64101:' >>group
printf '%s\n' 'include /etc/ld.so.conf' "$folder/usr/lib/$(uname -m)-linux-gnu" >ld.so.conf
/sbin/ldconfig -X -f ld.so.conf -C ld.so.cache
for name in passwd group ld.so.cache; do mount --bind $name /etc/$name; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
port=$((20000 + RANDOM % 20000))
mkdir spool
chmod 755 .
chown nobody:nogroup spool
cat >exim.conf <<CONF
primary_hostname = mta.example.net
exim_path = $folder/usr/sbin/exim4
exim_user = nobody
exim_group = nogroup
spool_directory = $folder/spool
log_file_path = $folder/spool/%slog
keep_environment = LD_LIBRARY_PATH
local_interfaces = 127.0.0.1
daemon_smtp_ports = $port
tls_advertise_hosts =
acl_smtp_rcpt = rcpt
acl_smtp_data = data
begin acl
rcpt:
  accept
data:
  defer
begin routers
out:
  driver = manualroute
  domains = firm.example
  condition = \${if eq{\$received_protocol}{local}}
  route_list = * 127.0.0.1
  self = send
  transport = bound
in:
  driver = redirect
  data = :blackhole:
begin transports
bound:
  driver = smtp
  port = $port
  allow_localhost
begin retry
*  *  F,1h,1h
CONF
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
usr/sbin/exim4 -C "$folder/exim.conf" -bdf >/dev/null 2>&1 & # not through the function: its shell alone would be ended
sink=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
lines() { grep -E '== ann' told | sed -E 's/^.*== ann/== ann/'; }
printf 'Subject: x\n\nx\n' | exim -odi -f news@shop.example ann@firm.example 2>>told || true
exim -q 2>>told || true
cat spool/mainlog >>told 2>/dev/null || true
echo "what it logged:"
lines
grep -Eq '== ann@firm.example .*T=bound defer \(-46\).* 451 ' told
grep -Eq '== ann@firm.example .*T=bound defer \(-54\): retry time not reached' told
