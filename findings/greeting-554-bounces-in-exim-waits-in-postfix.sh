#!/usr/bin/env bash
# Expected: a receiver that blocks an address with 554 instead of its greeting ends the delivery in each mail server: it is a 5xx, and RFC 5321 (section 3.1) has it for "no service".
# Found (Postfix 3.7.11, Exim 4.96, Debian 12): Exim bounces at once. Postfix keeps the message for five days, as `smtp_skip_5xx_greeting` is "yes", also where there is no other host; its line
#   has dsn=4.7.1 and, in the same line, the receiver's "554 5.7.1".
# What follows: one block is hard bounces of good addresses in one server's numbers and only deferrals in the other's. Tell it by its words ("refused to talk to me", "after
#   initial connection"), and neither suppress those recipients nor read the code of Postfix's text as final.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
stop() { usr/sbin/postfix -c "$folder/etc" stop >/dev/null 2>&1 || true; }
trap 'cd "$folder" && stop; kill "${peer:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get postfix=3.7.11-0+deb12u1 libicu72 libdb5.3 libsasl2-2 libnsl2 libtirpc3 exim4-daemon-light=4.96-15+deb12u10 libidn12 libgnutls-dane0 libunbound8 libevent-2.1-7
for file in *.deb; do dpkg -x "$file" .; done
cp /etc/passwd /etc/group .
echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
echo 'Debian-exim:x:64101:' >>group
printf '%s\n' 'include /etc/ld.so.conf' "$folder/usr/lib/$(uname -m)-linux-gnu" >ld.so.conf
/sbin/ldconfig -X -f ld.so.conf -C ld.so.cache
for name in passwd group ld.so.cache; do mount --bind $name /etc/$name; done
export LD_LIBRARY_PATH=$folder/usr/lib/postfix:$folder/usr/lib/$(uname -m)-linux-gnu
chmod 755 .
mkdir -p etc queue data spool
chown list data # two of Debian's base accounts, so that Postfix's own are not needed
chown nobody:nogroup spool
port=$((20000 + RANDOM % 10000))
cat >peer.cjs <<'JS'
// A receiver that blocks everyone who connects.
require('node:net').createServer((socket) => {
  socket.on('error', () => {})
  socket.write('554 5.7.1 192.0.2.1 is blocked here\r\n')
  socket.on('data', () => socket.end('221 2.0.0 bye\r\n'))
}).listen(Number(process.argv[2]), '127.0.0.1')
JS
node peer.cjs $((port + 1)) & peer=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))") 2>/dev/null; do sleep 0.1; done
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
  route_list = * 127.0.0.1::$((port + 1))
  self = send
  transport = out
begin transports
out:
  driver = smtp
  allow_localhost
begin retry
*  *  F,5d,1h
CONF
cat >etc/main.cf <<CONF
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
daemon_directory = $folder/usr/lib/postfix/sbin
command_directory = $folder/usr/sbin
sendmail_path = $folder/usr/sbin/sendmail
mailq_path = $folder/usr/sbin/postqueue
newaliases_path = $folder/usr/sbin/sendmail
shlib_directory = $folder/usr/lib/postfix
meta_directory = $folder/etc/postfix
mail_owner = list
setgid_group = irc
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
maillog_file = $folder/maillog
maillog_file_prefixes = /tmp, /var
myhostname = mta.example.net
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks reject
smtp_dns_support_level = disabled
smtp_host_lookup = native
default_transport = smtp:[127.0.0.1]:$((port + 1))
CONF
cat >etc/master.cf <<CONF
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - n n - - proxymap
smtp unix - - n - - smtp
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CONF
exim() { usr/sbin/exim4 -C "$folder/exim.conf" "$@"; }
exim -bV | head -1
usr/sbin/postconf -c etc -d mail_version
usr/sbin/postfix -c "$folder/etc" start >/dev/null 2>&1
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
commands=('EHLO app' 'MAIL FROM:<news@shop.example>' 'RCPT TO:<ann@firm.example>' DATA $'Subject: x\r\n\r\nx\r\n.' QUIT)
printf '%s\r\n' "${commands[@]}" | exim -bs -odi >said 2>&1
exec 3<>"/dev/tcp/127.0.0.1/$port"
read -r -t 10 line <&3 # the greeting
for command in "${commands[@]}"; do
  printf '%s\r\n' "$command" >&3
  while read -r -t 10 line <&3 && [[ $line == ???-* ]]; do :; done
done
lines() { { grep -haE ' (\*\*|==) ann@' said spool/mainlog || true; } | sed -E 's/^[0-9: -]+ [^=*]*//' | sort -u; grep -o 'dsn=.*' maillog || true; }
for _ in $(seq 50); do [ "$(lines | wc -l)" -lt 2 ] || break; sleep 0.2; done
found=$(lines)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
** ann@firm.example R=out T=out H=127.0.0.1 [127.0.0.1]: SMTP error from remote mail server after initial connection: 554 5.7.1 192.0.2.1 is blocked here
dsn=4.7.1, status=deferred (host 127.0.0.1[127.0.0.1] refused to talk to me: 554 5.7.1 192.0.2.1 is blocked here)
EXPECTED
