#!/usr/bin/env bash
# Expected: with `log_selector = +outgoing_interface` a line of a delivery over a bound `interface` has the address: I=[127.0.0.2].
# Found (Exim 4.96, Debian 12): neither `=>` nor `==` has it. $sending_ip_address is set in the process that connects (an event
#   tcp:close sees it), but not in the one that writes these lines.
# What follows: a reader that has to know over which address a recipient was tried writes a line of one's own, from an event_action.
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
log_selector = +outgoing_interface
keep_environment = LD_LIBRARY_PATH
local_interfaces = 127.0.0.1
daemon_smtp_ports = $port
tls_advertise_hosts =
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  defer local_parts = later
  accept
told:
  warn logwrite = event \$event_name: \$sending_ip_address
  accept
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
  interface = 127.0.0.2
  event_action = \${if eq{\$event_name}{tcp:close}{\${acl{told}}}}
begin retry
*  *  F,1h,1h
CONF
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
usr/sbin/exim4 -C "$folder/exim.conf" -bdf >/dev/null 2>&1 & # not through the function: its shell alone would be ended
sink=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
for to in ann later; do printf 'Subject: x\n\nx\n' | exim -odi -f news@shop.example "$to@firm.example" 2>>told || true; done
cat spool/mainlog >>told 2>/dev/null || true
echo "what it logged:"
grep -E '=> ann|== later|event tcp' told | sed -E 's/^.*(=>|==|event)/\1/'
grep -q 'event tcp:close: 127.0.0.2' told
grep -q '=> ann@firm.example .*T=bound' told
grep -q '== later@firm.example .*T=bound' told
! grep -E '(=> ann|== later).* I=\[' told
