#!/usr/bin/env bash
# Expected: a mail parser hands over the message/delivery-status part of a bounce as a part of its own, beside the text for people.
# Found (mailparser 3.14.2, postal-mime 4.0.0): postal-mime does. mailparser appends the part to `text`, after the note for people, and its list of
#   attachments has the returned headers only, so nothing says where the machine-readable fields begin, and an answer that quotes them looks the same.
# What follows: a program that looks for an attachment of this type finds no bounce in any message; with mailparser, take that part from
#   the source.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailparser@3.14.2 postal-mime@4.0.0 >/dev/null
cat >bounce <<'MAIL'
From: MAILER-DAEMON@mta.example.net
To: news@shop.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta.example.net

Final-Recipient: rfc822; ann@firm.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <1@shop.example>

--b--
MAIL
cat >read.cjs <<'JS'
const { readFileSync } = require('node:fs')
const { simpleParser } = require('mailparser')
const PostalMime = require('postal-mime')
const tell = (name, text, types) => console.log(`${name}: the text has the status: ${/^Status: 5\.1\.1$/m.test(text)}; attachments: ${types.join(', ')}`)
;(async () => {
  const bounce = readFileSync('bounce')
  const one = await simpleParser(bounce)
  tell('mailparser', one.text, one.attachments.map((part) => part.contentType))
  const two = await (PostalMime.default ?? PostalMime).parse(bounce)
  tell('postal-mime', two.text, two.attachments.map((part) => part.mimeType))
})()
JS
for name in mailparser postal-mime; do echo "$name $(node -p "JSON.parse(fs.readFileSync('node_modules/$name/package.json')).version")"; done
out=$(node read.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
mailparser: the text has the status: true; attachments: text/rfc822-headers
postal-mime: the text has the status: false; attachments: message/delivery-status, text/rfc822-headers
EXPECTED
