#!/usr/bin/env bash
# Expected: Python's EmailMessage folds a long List-Unsubscribe at the space between its addresses, and leaves a field of plain ASCII such as Feedback-ID as it was given.
# Found (Python 3.11.2, Debian 12): a stretch without a space that is longer than a line becomes encoded words (RFC 2047), which no grammar of these fields allows: the https address of
#   List-Unsubscribe and the whole Feedback-ID. Message-ID and References keep theirs, and the older class MIMEText folds at spaces only.
# What follows: a receiver that takes the field as RFC 2369 has it sees no https address, and so no one-click unsubscribe (RFC 8058); a feedback loop by Feedback-ID does not find its name. Short test
#   addresses do not show it. Give the message a policy with `max_line_length=0`, or keep such stretches under 78 characters.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get python3.11-minimal=3.11.2-6+deb12u8 libpython3.11-minimal=3.11.2-6+deb12u8 libpython3.11-stdlib=3.11.2-6+deb12u8
for file in *.deb; do dpkg -x "$file" .; done
cat >compose.py <<'PY'
from email.message import EmailMessage
from email.mime.text import MIMEText
from email.policy import SMTP
from platform import python_version

print('Python', python_version())
one = '<mailto:stop@shop.example>, <https://shop.example/stop/' + 'a1b2c3d4' * 7 + '>'
name = 'winter-sale-part-two:customer-4711-shop-example:transactional-eu:esp-of-example'
for what, message in (('EmailMessage', EmailMessage(SMTP)), ('no limit', EmailMessage(SMTP.clone(max_line_length=0))), ('MIMEText', MIMEText('x'))):
    message['List-Unsubscribe'] = one
    message['Feedback-ID'] = name
    for line in message.as_bytes().decode().splitlines():
        if line.startswith(('List', 'Feedback', ' ')):
            print(f'{what}: {line}'.rstrip())
PY
found=$(usr/bin/python3.11 compose.py)
echo "$found"
diff - <(echo "$found" | tail -n +2) <<'EXPECTED'
EmailMessage: List-Unsubscribe: <mailto:stop@shop.example>, =?utf-8?q?=3Chttps=3A//shop=2E?=
EmailMessage:  =?utf-8?q?example/stop/a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2?=
EmailMessage:  =?utf-8?q?c3d4=3E?=
EmailMessage: Feedback-ID: =?utf-8?q?winter-sale-part-two=3Acustomer-4711-shop-example=3At?=
EmailMessage:  =?utf-8?q?ransactional-eu=3Aesp-of-example?=
no limit: List-Unsubscribe: <mailto:stop@shop.example>, <https://shop.example/stop/a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4>
no limit: Feedback-ID: winter-sale-part-two:customer-4711-shop-example:transactional-eu:esp-of-example
MIMEText: List-Unsubscribe: <mailto:stop@shop.example>,
MIMEText:  <https://shop.example/stop/a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4>
MIMEText: Feedback-ID:
MIMEText:  winter-sale-part-two:customer-4711-shop-example:transactional-eu:esp-of-example
EXPECTED
