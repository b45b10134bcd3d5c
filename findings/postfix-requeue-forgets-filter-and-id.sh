#!/usr/bin/env bash
# Expected: a message that `postsuper -r` puts back into the queue is the same message: it keeps its queue id and where FILTER sent it.
# Found (Postfix 3.7.11, Debian 12): it gets another queue id, and FILTER is forgotten: the next try goes over the default transport. No
#   access table and no policy service is asked again, as it comes in by pickup. Only pickup's line names the old id, as `orig_id=`.
# What follows: mail that a FILTER keeps on its own address leaves from another one after a requeue, unless pickup has a content_filter
#   that asks; and a log reader takes it for a second message, unless it reads `orig_id`.
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
minimal_backoff_time = 1h
maximal_backoff_time = 1h
smtpd_sender_restrictions = check_sender_access inline:{ { news@shop.example = FILTER own:[127.0.0.1]:9 } }
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
own unix - - n - - smtp
  -o syslog_name=postfix/own
pickup unix n - n 1 1 pickup
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
for command in 'HELO app' 'MAIL FROM:<news@shop.example>' 'RCPT TO:<ann@firm.example>' DATA $'Subject: x\r\n\r\nx\r\n.' QUIT; do
  printf '%s\r\n' "$command" >&3
  read -r -t 10 _ <&3
done
wait_for() { for _ in $(seq 300); do if grep -qE "$1" maillog; then return; fi; sleep 0.1; done; cat maillog; return 1; }
wait_for 'to=<ann@firm.example>.* status=deferred'
first=$(grep -oE '[0-9A-F]+: to=<ann@firm.example>' maillog | cut -d: -f1)
usr/sbin/postsuper -c "$folder/etc" -r "$first" 2>/dev/null
wait_for "orig_id=$first"
second=$(grep "orig_id=$first" maillog | grep -oE '[0-9A-F]+: uid=' | cut -d: -f1)
wait_for "$second: to=<ann@firm.example>.* status=deferred"
echo "first try:  $(grep "$first: to=" maillog | grep -oE 'postfix/[a-z/]+\[' | tr -d '[')"
echo "second try: $(grep "$second: to=" maillog | grep -oE 'postfix/[a-z/]+\[' | tr -d '[')"
echo "queue id:   $([ "$first" = "$second" ] && echo kept || echo changed)"
grep -q "$first: to=<ann@firm.example>.*" maillog
grep "$first: to=" maillog | grep -q 'postfix/own/smtp'
grep "$second: to=" maillog | grep -q 'postfix/smtp\['
[ "$first" != "$second" ]
