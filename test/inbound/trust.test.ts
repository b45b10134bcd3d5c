// Who wrote a reply: what is believed, what goes to quarantine, what ends without an answer.
import { generateKeyPairSync } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { createTransport } from 'nodemailer';
import { openResolver } from '../../src/dns/resolver.ts';
import { readMessage } from '../../src/inbound/message.ts';
import { findTrusted } from '../../src/inbound/trusted-results.ts';
import * as make from '../support/make.ts';
import { NameServer, type Zones } from '../support/name-server.ts';
import { everything, recordsOf } from '../support/notified.ts';
import { INBOUND, MX, passes, received, reply, replyToOf, startInbound } from '../support/replies.ts';
import { onBothEngines, type World } from '../support/world.ts';

async function receipted(t: ExecutionContext, world: World) {
  const acme = await make.account(world);
  await make.staff(world);
  const id = await make.request(world, acme.admin);
  const [receipt] = await received(t, world, acme.admin.email);
  return { acme, id, to: replyToOf(receipt), email: acme.admin.email, from: `Ann <${acme.admin.email}>` };
}

const last = async (world: World) => (await world.db('inbound_mails').orderBy('id', 'desc').first()) ?? {};

onBothEngines(
  'what is not certainly from the person whose address it is goes to quarantine, and is kept as it came',
  async (t, world) => {
    const { acme, id, to, email, from } = await receipted(t, world);
    const hand = await startInbound(t, world);
    const received = `Received: from a.example by ${MX}; Mon, 23 Nov 2026 09:00:00 +0000\r\n`;
    const doubtful: [name: string, mail: string, why: RegExp][] = [
      [
        'another person',
        reply({ from: acme.member.email, to }),
        /^It is from member@acme\.example, but this reply address was/,
      ],
      ['a stranger', reply({ from: 'eve@evil.example', to }), /^It is from eve@evil\.example/],
      ['a name that looks like the address', reply({ from: `"${email}" <eve@evil.example>`, to }), /^It is from eve@/],
      ['two senders', reply({ from: `${email}, eve@evil.example`, to }), /several senders/],
      ['two From fields', reply({ from, to, own: 'From: eve@evil.example\r\n' }), /several senders/],
      ['a group of senders', reply({ from: `Us: ${email}, eve@evil.example;`, to }), /several senders/],
      ['no sender', reply({ from: 'nobody', to }), /not one plain address/],
      ['written to somebody else', reply({ from, to: 'list@other.example' }), /does not name this reply address/],
      ['nothing found out', reply({ from, to, above: '' }), /Nothing proves that acme\.example sent it/],
      [
        'another server’s word',
        reply({ from, to, above: passes('acme.example', 'mx.evil.example') }),
        /Nothing proves/,
      ],
      [
        'our server’s name, further down',
        reply({ from, to, above: '', own: passes('acme.example') }),
        /Nothing proves/,
      ],
      ['about another domain', reply({ from, to, above: passes('evil.example') }), /Nothing proves/],
      [
        'a failed policy',
        reply({ from, to, above: `Authentication-Results: ${MX}; dmarc=fail header.from=acme.example\r\n` }),
        /did not send it \(DMARC\)/,
      ],
      [
        'a name that begins alike',
        reply({ from, to, above: passes('acme.example', `${MX}.evil.example`) }),
        /Nothing proves/,
      ],
      [
        'in a comment',
        reply({
          from,
          to,
          above: `Authentication-Results: ${MX}; spf=fail (x; dmarc=pass header.from=acme.example) smtp.mailfrom=acme.example\r\n`,
        }),
        /Nothing proves/,
      ],
      [
        'in a quoted name',
        reply({
          from,
          to,
          above: `Authentication-Results: ${MX}; spf=fail smtp.mailfrom="x; dmarc=pass header.from=acme.example"@evil.example\r\n`,
        }),
        /Nothing proves/,
      ],
      [
        'two that disagree',
        reply({
          from,
          to,
          above: `${passes('acme.example')}Authentication-Results: ${MX}; dmarc=fail header.from=acme.example\r\n`,
        }),
        /DMARC/,
      ],
      [
        'directly below what our server wrote',
        reply({ from, to, above: `${received}${passes('acme.example')}` }),
        /Nothing/,
      ],
      ['where no server wrote anything', reply({ from, to }).replace(/^Received: .*\r\n/gm, ''), /Nothing proves/],
      [
        'behind a second server',
        reply({ from, to, above: `${received}${received}${passes('acme.example')}` }),
        /Nothing proves/,
      ],
    ];
    const before = await everything(world);
    for (const [name, mail, why] of doubtful) {
      t.regex(await hand(mail, { to }), /^250 2\.0\.0 Kept for somebody to look at/, name);
      const row = await last(world);
      t.like(row, { status: 'quarantined', request_id: id, event_id: null }, name);
      t.regex(row.why, why, name);
      t.true(Buffer.from(row.raw).equals(Buffer.from(mail)), name);
      t.is((await recordsOf(world, id)).at(-1)?.name, 'request.mailQuarantined', name);
    }
    t.like(await everything(world), {
      messages: before['messages'],
      outbox: before['outbox'],
      states: before['states'],
    });
  },
  INBOUND,
);

onBothEngines(
  'where a customer lets people in from certain addresses only, their mail waits for staff',
  async (t, world) => {
    const { acme, to, from } = await receipted(t, world);
    const hand = await startInbound(t, world);
    const list = { holder: `account ${acme.id}`, account_id: acme.id, ranges: '192.0.2.0/24', changed_at: 0 };
    await world.db('address_limits').insert(list);
    t.regex(await hand(reply({ from, to }), { to }), /^250 .*Kept for/);
    t.regex((await last(world)).why, /certain IP addresses only/);
  },
  INBOUND,
);

/** A domain that signs with DKIM, and a resolver that knows its key and policy. */
async function signing(t: ExecutionContext, domain: string, dmarc: string | null) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const zones: Zones = {
    [`s1._domainkey.${domain}`]: { TXT: [['v=DKIM1; k=rsa; p=', ...(key.match(/.{1,200}/g) ?? [])]] },
  };
  if (dmarc !== null) zones['_dmarc.acme.example'] = { TXT: [dmarc] };
  const server = await NameServer.start(zones);
  t.teardown(() => server.stop());
  const dkim = {
    domainName: domain,
    keySelector: 's1',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
  const sign = async (mail: string): Promise<string> => {
    const out = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const sent = await out.sendMail({ envelope: { from: 'ann@mail.example', to: ['x@y.example'] }, raw: mail, dkim });
    return (sent.message as Buffer).toString();
  };
  return { dns: openResolver([server.address]), sign, server };
}

for (const dmarc of ['v=DMARC1; p=reject', null]) {
  onBothEngines(
    `a signature of the sender’s own domain is proof without any word of a mail server (${dmarc ?? 'no policy'})`,
    async (t, world) => {
      const { to, from } = await receipted(t, world);
      const { dns, sign } = await signing(t, 'acme.example', dmarc);
      const hand = await startInbound(t, world, { authservId: null, dns });
      const mail = await sign(reply({ from, to, above: '' }));
      t.regex(mail, /^DKIM-Signature: /m);
      t.regex(await hand(mail.replace('70,000', '700,000'), { to }), /Kept for/, 'changed on its way');
      t.regex((await last(world)).why, /no valid DKIM signature of that domain/);
      t.regex(await hand(mail, { to }), /^250 2\.0\.0 Taken/);
      t.is((await last(world)).status, 'filed');
    },
    INBOUND,
  );
}

onBothEngines(
  'a signature of another domain, or DNS that does not answer, proves nothing',
  async (t, world) => {
    const { to, from } = await receipted(t, world);
    const { dns, sign, server } = await signing(t, 'evil.example', 'v=DMARC1; p=none');
    const hand = await startInbound(t, world, { authservId: null, dns });
    const mail = await sign(reply({ from, to, above: passes('acme.example') }));
    t.regex(await hand(mail, { to }), /Kept for/);
    const own = await signing(t, 'acme.example', null);
    await server.stop();
    t.regex(await hand(await own.sign(reply({ from, to, above: '' })), { to }), /Kept for/);
    t.deepEqual(await world.db('inbound_mails').pluck('status'), ['quarantined', 'quarantined']);
  },
  INBOUND,
);

onBothEngines(
  'RFC 3834: mail that nobody wrote ends here, unanswered',
  async (t, world) => {
    const { id, to, from } = await receipted(t, world);
    const hand = await startInbound(t, world);
    const ours = await world.db('outbox').first('message_id');
    const of = (own: string, more = {}) => reply({ from, to, own, ...more });
    const automatic: [name: string, mail: string, sender?: string][] = [
      ['out of office', of('Auto-Submitted: auto-replied\r\n')],
      ['out of office, with a comment', of('Auto-Submitted: auto-replied (vacation)\r\n')],
      ['generated', of('auto-submitted: AUTO-GENERATED\r\n')],
      ['notified', of('Auto-Submitted: auto-notified; owner-email="a@b.example"\r\n')],
      ['bulk', of('Precedence: bulk\r\n')],
      ['a list', of('List-Id: <all.acme.example>\r\n')],
      ['a list without an id', of('List-Unsubscribe: <mailto:x@acme.example>\r\n')],
      ['an old robot', of('X-Autoreply: yes\r\n')],
      ['no sender', of(''), ''],
      ['a mail server', of(''), 'MAILER-DAEMON@acme.example'],
      [
        'a read receipt',
        of('').replace('text/plain', 'multipart/report; report-type=disposition-notification; boundary="x"'),
      ],
      ['our own mail', of('', { id: `<${ours.message_id}@warmdesk.example>` })],
    ];
    const before = await everything(world);
    for (const [name, mail, sender = 'ann@acme.example'] of automatic) {
      t.regex(await hand(mail, { to, from: sender }), /^250 2\.0\.0 Kept, and not answered/, name);
      t.like(await last(world), { status: 'ignored', request_id: id }, name);
    }
    t.deepEqual(await everything(world), before);
    t.regex(await hand(of('Auto-Submitted: no\r\n'), { to }), /Taken/, 'written by a person');
  },
  INBOUND,
);

onBothEngines(
  'F33: whatever comes is refused or kept, never filed as something that it is not, and nothing waits for it',
  async (t, world) => {
    const { to, from } = await receipted(t, world);
    const hand = await startInbound(t, world);
    const of = (own: string, text: string) => reply({ from, to, own, text });
    const nested = (depth: number): string => {
      const parts = Array.from(
        { length: depth },
        (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`,
      );
      return reply({ from, to, text: 'x' }).replace('Content-Type: text/plain; charset=utf-8\r\n\r\n', parts.join(''));
    };
    const nasty: [name: string, mail: string | Buffer, answer: RegExp][] = [
      ['a header of 270 KB', reply({ from: `${'a'.repeat(270_000)} <a@acme.example>`, to }), /^250 .*Kept for/],
      ['3,000 nested parts', nested(3_000), /^250 .*Kept for/],
      ['no header at all', '\r\nhello\r\n', /^250 .*Kept for/],
      ['bytes', Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 7) % 256)), /^250 .*Kept for/],
      ['no text', of('', ''), /^554 5\.6\.0 The mail has no text/],
      ['text that shows nothing', of('', '\u200b \u2800\r\n\u00a0'), /^554 5\.6\.0/],
      ['11,000 characters', of('', 'word '.repeat(2_200)), /^552 5\.3\.4 The text is too long/],
      ['11 MB', of('', `${'x'.repeat(76)}\r\n`.repeat(150_000)), /^552 /],
    ];
    for (const [name, mail, answer] of nasty) t.regex(await hand(mail, { to }), answer, name);
    t.deepEqual([...new Set(await world.db('inbound_mails').pluck('status'))].toSorted(), ['quarantined', 'refused']);
    t.false((await world.db('inbound_mails').pluck('status')).includes('received'), 'each has an end');
  },
  INBOUND,
);

onBothEngines(
  'text is kept as text: no markup, no controls, no marks that turn its direction, and HTML as what it says',
  async (t, world) => {
    const { acme, id, to, from } = await receipted(t, world);
    const hand = await startInbound(t, world);
    const text = 'a\u0000b \u202egnp.exe\u202c <script>alert(1)</script> <%= 7*7 %>';
    t.regex(await hand(reply({ from, to, text }), { to }), /Taken/);
    const html = reply({ from, to, text: '<p>Hello <b>there</b><script>alert(2)</script></p><style>x</style>' });
    t.regex(await hand(html.replace('text/plain', 'text/html'), { to }), /Taken/);
    const bodies = await world.db('messages').orderBy('event_id').pluck('body');
    t.is(bodies.at(-2), 'ab gnp.exe <script>alert(1)</script> <%= 7*7 %>');
    t.regex(bodies.at(-1), /^Hello there/);
    t.notRegex(bodies.at(-1), /alert|</);
    const page = await (await world.signedIn(acme.admin.email)).get(`/requests/WD-${1000 + id}`);
    t.notRegex(page.html, /<script>alert/);
    t.regex(page.text, /<%= 7\*7 %>/);
  },
  INBOUND,
);

const trusted = async (lines: string, domain = 'acme.example') =>
  findTrusted(
    await readMessage(
      Buffer.from(
        `${lines}Received: from a by b; Mon, 23 Nov 2026 09:00:00 +0000\r\nFrom: a@${domain}\r\n\r\nhello\r\n`,
      ),
    ),
    MX,
    domain,
  );

for (const [server, line, found] of [
  ['OpenDMARC', `Authentication-Results: ${MX}; dmarc=pass (p=none dis=none) header.from=acme.example`, 'verified'],
  [
    'OpenDKIM',
    `Authentication-Results: ${MX};\r\n\tdkim=pass (1024-bit key; unprotected) header.d=acme.example header.i=@acme.example header.a=rsa-sha256 header.s=s1 header.b=Zx3k`,
    'verified',
  ],
  [
    'Rspamd',
    `Authentication-Results: ${MX};\r\n\tdkim=pass header.d=acme.example header.s=s1 header.b=AbC;\r\n\tspf=pass (${MX}: domain of ann@acme.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=ann@acme.example;\r\n\tdmarc=pass (policy=reject) header.from=acme.example`,
    'verified',
  ],
  ['a version', `Authentication-Results: ${MX} 1; dmarc=pass header.from=acme.example`, 'verified'],
  ['SPF alone', `Authentication-Results: ${MX}; spf=pass smtp.mailfrom=ann@acme.example`, 'verified'],
  ['no result', `Authentication-Results: ${MX}; none`, 'unknown'],
  ['DKIM of another domain', `Authentication-Results: ${MX}; dkim=pass header.d=acme.example.evil.example`, 'unknown'],
  ['DKIM that failed', `Authentication-Results: ${MX}; dkim=fail header.d=acme.example`, 'unknown'],
  [
    'DMARC that DNS kept open',
    `Authentication-Results: ${MX}; dkim=pass header.d=acme.example; dmarc=temperror header.from=acme.example`,
    'unknown',
  ],
  [
    'no policy',
    `Authentication-Results: ${MX}; dkim=pass header.d=acme.example; dmarc=none header.from=acme.example`,
    'verified',
  ],
] as const) {
  test(`RFC 8601: ${server}, ${found}`, async (t) => {
    t.is(await trusted(`${line}\r\n`), found);
  });
}
