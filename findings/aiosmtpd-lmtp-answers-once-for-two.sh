#!/usr/bin/env bash
# Expected: aiosmtpd's LMTP class has a reply after the content for each recipient that it accepted (RFC 2033, section 4.2), as its handler is
#   asked once and answers for all.
# Found (python3-aiosmtpd 1.4.3, Debian 12): it writes what handle_DATA returned, once, however many recipients there were. The next line is
#   the reply to the client's next command.
# What follows: a mail server that delivers to two recipients in one transaction waits for a second reply. Have
#   the handler return one line for each of envelope.rcpt_tos, joined by CRLF, or give that transport one recipient at a time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get python3-aiosmtpd=1.4.3-1.1+deb12u1 python3-public python3-attr
for file in *.deb; do dpkg -x "$file" .; done
cat >talk.py <<'PY'
import asyncio
import aiosmtpd
from aiosmtpd.lmtp import LMTP

class Handler:
    def __init__(self, answer):
        self.answer = answer

    async def handle_DATA(self, server, session, envelope):
        return self.answer(envelope.rcpt_tos)

async def talk(answer):
    """Delivers one message to two recipients, and prints how many replies came before that to QUIT."""
    server = await asyncio.get_running_loop().create_server(lambda: LMTP(Handler(answer), hostname='peer'), '127.0.0.1', 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    replies = []
    for command in [None, 'LHLO app', 'MAIL FROM:<news@shop.example>', 'RCPT TO:<ann@firm.example>', 'RCPT TO:<bob@firm.example>', 'DATA']:
        if command:
            writer.write(command.encode() + b'\r\n')
        while (await asyncio.wait_for(reader.readline(), 20))[3:4] == b'-':
            pass
    writer.write(b'Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n')
    while not (line := (await asyncio.wait_for(reader.readline(), 20)).decode().strip()).startswith('221'):
        replies.append(line)
    server.close()
    return replies

print('aiosmtpd', aiosmtpd.__version__)
print('one answer:', asyncio.run(talk(lambda recipients: '250 2.0.0 taken')))
print('a line each:', asyncio.run(talk(lambda recipients: '\r\n'.join('250 2.0.0 taken' for one in recipients))))
PY
out=$(PYTHONPATH=usr/lib/python3/dist-packages timeout 60 python3 talk.py)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
aiosmtpd 1.4.3
one answer: ['250 2.0.0 taken']
a line each: ['250 2.0.0 taken', '250 2.0.0 taken']
EXPECTED
