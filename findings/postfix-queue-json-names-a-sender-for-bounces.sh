#!/usr/bin/env bash
# Expected: in `postqueue -j` a message without a sender, a bounce, has "sender": "".
# Found (Postfix 3.7.11, Debian 12): it has "MAILER-DAEMON", as the table for people does. postcat shows that the sender in the queue file is
#   empty. A client's MAIL FROM:<mailer-daemon> is stored as the empty sender as well.
# What follows: a count by sender has a sender of that name, and a reader that takes the domain behind the @ finds none in it. Read
#   "MAILER-DAEMON" without a domain as the empty sender.
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
smtpd_client_restrictions = check_client_access static:HOLD
CONF
cat >etc/master.cf <<CONF
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
proxymap unix - - n - - proxymap
showq unix n - n - - showq
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
CONF
usr/sbin/postconf -c etc -d mail_version
usr/sbin/postfix -c "$folder/etc" start >/dev/null 2>&1
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
for sender in '<>' '<news@shop.example>' '<mailer-daemon>'; do
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  read -r -t 10 _ <&3 # the greeting
  for command in 'HELO app' "MAIL FROM:$sender" 'RCPT TO:<ann@firm.example>' DATA $'Subject: x\r\n\r\nx\r\n.' QUIT; do
    printf '%s\r\n' "$command" >&3
    read -r -t 10 _ <&3
  done
done
queue() { usr/sbin/postqueue -c "$folder/etc" "$@"; }
found=$(queue -j | node -e "
  const rows = require('node:fs').readFileSync(0, 'utf8').trim().split('\n').map(JSON.parse)
  for (const row of rows) console.log('in JSON:', JSON.stringify(row.sender))" | sort
  for id in $(queue -j | grep -o '"queue_id": "[0-9A-F]*"' | cut -d'"' -f4); do
    echo "in the queue file: <$(usr/sbin/postcat -c "$folder/etc" -e -q "$id" 2>/dev/null | sed -n 's/^sender: //p')>"
  done | sort)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
in JSON: "MAILER-DAEMON"
in JSON: "MAILER-DAEMON"
in JSON: "news@shop.example"
in the queue file: <>
in the queue file: <>
in the queue file: <news@shop.example>
EXPECTED
