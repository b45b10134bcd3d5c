#!/usr/bin/env bash
# Expected: @sendgrid/mail turns the camelCase names of its options into the API's: `contentId` of an attachment into content_id, as `groupId` into group_id.
# Found (@sendgrid/helpers 8.0.0, of @sendgrid/mail 8.1.6): not in attachments. Its types ask for `contentId` and promise content_id in the JSON, but the request has "contentId",
#   where the API has content_id. Its class Attachment does turn it, but Mail does not use that.
# What follows: the id that an image of an HTML mail (cid:…) is looked up by is not sent. Write `content_id`, against the types, or hand over `new Attachment(…).toJSON()`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error @sendgrid/helpers@8.0.0 >/dev/null
cat >compose.cjs <<'JS'
const { Attachment, Mail } = require('@sendgrid/helpers').classes
const picture = { content: 'YQ==', filename: 'a.png', type: 'image/png', disposition: 'inline', contentId: 'logo' }
const mail = new Mail({ from: 'news@shop.example', to: 'ann@firm.example', subject: 'x', html: '<img src="cid:logo">', asm: { groupId: 1 }, attachments: [picture] })
const { asm, attachments } = mail.toJSON()
console.log('Mail:', Object.keys(asm).join(' '), '/', Object.keys(attachments[0]).join(' '))
console.log('Attachment:', Object.keys(new Attachment(picture).toJSON()).join(' '))
JS
echo "@sendgrid/helpers $(node -p "require('./node_modules/@sendgrid/helpers/package.json').version")"
out=$(node compose.cjs)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
Mail: group_id / content filename type disposition contentId
Attachment: content filename type disposition content_id
EXPECTED
