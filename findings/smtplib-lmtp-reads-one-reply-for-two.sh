#!/usr/bin/env bash
# Expected: sendmail of Python's smtplib.LMTP reads a reply for each accepted recipient after the content (RFC 2033, section 4.2), and returns those who were refused.
# Found (Python 3.11.2, Debian 12): it reads the first reply alone. Where the second recipient is refused after the content, it returns {} as if both
#   had the mail; the refusal is then taken for the answer to the next command, here a NOOP.
# What follows: hand it one recipient at a time, or read the other replies with getreply() after sendmail. With one recipient, as in most tests,
#   nothing shows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get python3.11-minimal=3.11.2-6+deb12u8 libpython3.11-minimal=3.11.2-6+deb12u8 libpython3.11-stdlib=3.11.2-6+deb12u8
for file in *.deb; do dpkg -x "$file" .; done
cat >talk.py <<'PY'
import smtplib, socket, sys, threading
listener = socket.create_server(('127.0.0.1', 0))

def serve():
    """An LMTP server that takes every recipient, but refuses full@ after the content."""
    stream = listener.accept()[0].makefile('rwb', buffering=0)
    say = lambda line: stream.write(line.encode() + b'\r\n')
    say('220 peer LMTP')
    recipients = []
    while line := stream.readline().decode().strip():
        if line.upper().startswith('RCPT'):
            recipients.append(line)
        if line.upper() == 'DATA':
            say('354 go on')
            while stream.readline() != b'.\r\n':
                pass
            for one in recipients:
                say('552 5.2.2 mailbox full' if '<full@' in one else '250 2.1.5 delivered')
        elif line.upper() == 'QUIT':
            break
        else:
            say('250 2.0.0 ok')

threading.Thread(target=serve, daemon=True).start()
print('Python', sys.version.split()[0])
client = smtplib.LMTP('127.0.0.1', listener.getsockname()[1], timeout=20)
print('sendmail:', client.sendmail('news@shop.example', ['ann@firm.example', 'full@firm.example'], 'Subject: x\r\n\r\nx\r\n'))
print('noop:', client.noop())
client.close()
PY
out=$(PYTHONHOME=$folder/usr timeout 60 usr/bin/python3.11 talk.py)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
Python 3.11.2
sendmail: {}
noop: (552, b'5.2.2 mailbox full')
EXPECTED
