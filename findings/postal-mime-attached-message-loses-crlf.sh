#!/usr/bin/env bash
# Expected: the content of an attachment is the part's bytes, also where the part is a message (a complaint's original, RFC 5965).
# Found (postal-mime 4.0.0): parts of type message/* come with each CRLF made into LF, as bytes; a part that was encoded in
#   base64 keeps them. mailparser 3.9.31 keeps both.
# What follows: lengths and hashes of an attached message are not those of what was sent, and its DKIM signature can be checked only
#   after its line ends are put back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --no-audit --no-fund --loglevel=error postal-mime@4.0.0 mailparser@3.9.31 >/dev/null
cat >ask.mjs <<'JS'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
const original = 'From: news@shop.example\r\nSubject: Autumn\r\n\r\nHello.\r\nBye.\r\n'
const part = (type, body, encoding) => `--x\r\nContent-Type: ${type}\r\n${encoding}\r\n${body}\r\n`
const mail = [
  'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="x"\r\n\r\n',
  part('text/plain', 'A complaint.', ''),
  part('message/feedback-report', 'Feedback-Type: abuse\r\nVersion: 1\r\n', ''),
  part('message/rfc822', original, ''),
  part('application/octet-stream', Buffer.from(original).toString('base64'), 'Content-Transfer-Encoding: base64\r\n'),
  '--x--\r\n',
].join('')
const ends = (content) => (Buffer.from(content).includes('\r\n') ? 'CRLF' : 'LF')
const postal = await PostalMime.parse(mail, { forceRfc822Attachments: true })
for (const { mimeType, content } of postal.attachments) console.log('postal-mime', mimeType, ends(content))
const parsed = await simpleParser(mail)
for (const { contentType, content } of parsed.attachments) console.log('mailparser', contentType, ends(content))
JS
out=$(node ask.mjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
postal-mime message/feedback-report LF
postal-mime message/rfc822 LF
postal-mime application/octet-stream CRLF
mailparser message/feedback-report CRLF
mailparser message/rfc822 CRLF
mailparser application/octet-stream CRLF
EXPECTED
