#!/usr/bin/env bash
# Expected: when a message has been in Postfix's queue for too long, its log says of each recipient `status=bounced` or `status=expired`.
# Found (Postfix 3.7.11, Debian 12): one line of the queue manager ends them all, `from=<…>, status=expired, returned to sender`,
#   without any recipient and without the transport. The last line of each recipient still says `status=deferred`.
# What follows: a reader that counts bounces has to remember who was deferred, and over what, until the message is gone.
set -euo pipefail
folder=$(mktemp -d)
stop() { usr/sbin/postfix -c "$folder/etc" stop >/dev/null 2>&1 || true; }
trap 'cd "$folder" && stop; rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get postfix=3.7.11-0+deb12u1 libicu72 libdb5.3 libsasl2-2 libnsl2 libtirpc3
for file in *.deb; do dpkg -x "$file" .; done
export LD_LIBRARY_PATH=$folder/usr/lib/postfix:$folder/usr/lib/$(uname -m)-linux-gnu
chmod 755 .
mkdir -p etc queue data
chown list data # two of Debian's base accounts, so that Postfix's own are not needed
port=$((20000 + RANDOM % 20000))
cat >etc/main.cf <<CONF
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
daemon_directory = $folder/usr/lib/postfix/sbin
command_directory = $folder/usr/sbin
sendmail_path = $folder/usr/sbin/sendmail
mailq_path = $folder/usr/sbin/postqueue
newaliases_path = $folder/usr/sbin/sendmail
mail_owner = list
setgid_group = irc
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
shlib_directory = $folder/usr/lib/postfix
meta_directory = $folder/etc/postfix
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
default_transport = smtp:[127.0.0.1]:9
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
maximal_queue_lifetime = 4s
bounce_queue_lifetime = 0s
CONF
cat >etc/master.cf <<CONF
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CONF
usr/sbin/postconf -c etc -d mail_version
usr/sbin/postfix -c "$folder/etc" start >/dev/null 2>&1
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
exec 3<>"/dev/tcp/127.0.0.1/$port"
for command in 'HELO app' 'MAIL FROM:<news@shop.example>' 'RCPT TO:<ann@firm.example>' 'RCPT TO:<bob@firm.example>' DATA $'Subject: x\r\n\r\nx\r\n.' QUIT; do
  printf '%s\r\n' "$command" >&3
  read -r -t 10 _ <&3
done
for _ in $(seq 60); do
  grep -q 'news@shop.example>, status=expired' maillog && break
  sleep 1
done
id=$(grep -oE '[0-9A-F]+: from=<news@shop.example>, status=expired' maillog | cut -d: -f1)
echo "what the log says of the message that expired:"
grep "$id" maillog | grep -oE '(to=<[a-z@.]*>|from=<[a-z@.]*>, status=).*' | sed -E 's/, relay.*, (status=[a-z]*).*/ … \1/' | sort | uniq -c
grep -q "$id: from=<news@shop.example>, status=expired, returned to sender" maillog
! grep "$id: to=" maillog | grep -vq status=deferred
