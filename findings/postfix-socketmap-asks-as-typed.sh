#!/usr/bin/env bash
# Expected: Postfix asks a socketmap service as it asks a hash table: in lower case, and for the domain once the address is not found.
# Found (Postfix 3.7.11, Debian 12): transport_maps and sender_dependent_default_transport_maps ask for the whole address only, spelled as the client did, and for "*".
#   check_sender_access asks for the same sender in lower case. A hash table hides the difference, as its keys are folded.
# What follows: the service itself has to fold case and to try the domain; otherwise News@Shop.Example leaves over the default transport while
#   news@shop.example leaves over its own.
set -euo pipefail
folder=$(mktemp -d)
stop() { usr/sbin/postfix -c "$folder/etc" stop >/dev/null 2>&1 || true; }
trap 'cd "$folder" && stop; kill "${peer:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
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
sender_dependent_default_transport_maps = socketmap:inet:127.0.0.1:$((port + 2)):sender
transport_maps = socketmap:inet:127.0.0.1:$((port + 2)):transport
smtpd_sender_restrictions = check_sender_access socketmap:inet:127.0.0.1:$((port + 2)):access
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
cat >peer.cjs <<'JS'
// A receiver that refuses local parts beginning with "no", and notes what it was told.
const port = Number(process.argv[2])
require('node:net').createServer((socket) => {
  let rest = '', content = false
  const say = (line) => socket.write(`${line}\r\n`)
  socket.on('error', () => {})
  say('220 peer ESMTP')
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop()
    for (const line of lines) {
      if (content) { if (line === '.') { content = false; say('250 2.0.0 taken') } continue }
      if (/^(MAIL|RCPT)/.test(line)) console.log(line)
      if (/^EHLO/.test(line)) say('250-peer\r\n250-ENHANCEDSTATUSCODES\r\n250 DSN')
      else if (/^RCPT TO:<no/.test(line)) say('550 5.1.1 no such user')
      else if (line === 'DATA') { content = true; say('354 go on') }
      else if (line === 'QUIT') socket.end('221 2.0.0 bye\r\n')
      else say('250 2.0.0 ok')
    }
  })
}).listen(port, '127.0.0.1')
JS
node peer.cjs $((port + 1)) >told & peer=$!
cat >map.cjs <<'JS'
require('node:net').createServer((socket) => {
  let rest = ''
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    rest += chunk
    for (let found; (found = /^(\d+):/.exec(rest)) && rest.length > found[0].length + Number(found[1]); ) {
      console.log(rest.slice(found[0].length, found[0].length + Number(found[1])))
      rest = rest.slice(found[0].length + Number(found[1]) + 1)
      socket.write('9:NOTFOUND ,')
    }
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
JS
node map.cjs $((port + 2)) >asked & map=$!
trap 'cd "$folder" && stop; kill "$map" "$peer" 2>/dev/null || true; rm -rf "$folder"' EXIT
until (exec 3<>"/dev/tcp/127.0.0.1/$((port + 2))") 2>/dev/null; do sleep 0.1; done
usr/sbin/postconf -c etc -d mail_version
usr/sbin/postfix -c "$folder/etc" start >/dev/null 2>&1
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
send() { # the argument of MAIL, then those of each RCPT
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  local from=$1 line
  shift
  for command in 'EHLO app' "MAIL FROM:$from" "${@/#/RCPT TO:}" DATA $'Subject: x\r\n\r\nx\r\n.' QUIT; do
    printf '%s\r\n' "$command" >&3
    [ "$command" != 'EHLO app' ] || read -r -t 10 line <&3 # the greeting
    while read -r -t 10 line <&3 && [[ $line == ???-* ]]; do :; done
  done
}
send '<News@Shop.Example>' '<Ann@Firm.Example>'
until grep -q removed maillog; do sleep 0.2; done
echo 'asked of each map about a sender News@Shop.Example and a recipient Ann@Firm.Example:'
found=$(grep -E '^(transport|access) |^sender [^<"]' asked | LC_ALL=C sort -u)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
access news@shop.example
sender Ann@Firm.Example
sender News@Shop.Example
transport *
transport Ann@Firm.Example
transport News@Shop.Example
EXPECTED
