// Replies by mail, over real LMTP and SMTP: what becomes a comment or an answer, and for whom there is no address.
import type { ExecutionContext } from 'ava';
import { takeLeft } from '../../src/inbound/actions.ts';
import { insertInbound } from '../../src/inbound/store.ts';
import { sendDue } from '../../src/notifications/background.ts';
import { findRequest } from '../../src/requests/store.ts';
import { startMailServer } from '../support/mail-server.ts';
import * as make from '../support/make.ts';
import { everything, recordsOf } from '../support/notified.ts';
import { deliveryTo } from '../support/outbox.ts';
import {
  INBOUND,
  MX,
  passes,
  REPLY_DOMAIN,
  received,
  reply,
  replyToOf,
  startInbound,
  takingOf,
} from '../support/replies.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const ADDRESS = /^reply\+\d+-[0-9a-f]{32}@reply\.warmdesk\.example$/;

/** Acme was asked a question; where its mails ask for answers: the receipt, and the question. */
async function asked(t: ExecutionContext, world: World) {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  const id = await make.requestIn(world, 'needs_info', acme.admin);
  const mails = await received(t, world, acme.admin.email);
  const [receipt = '', question = ''] = mails.map(replyToOf);
  return { acme, reviewer, id, mails, receipt, question, from: `Ann <${acme.admin.email}>` };
}

const statusOf = async (world: World, id: number) => (await findRequest(world.db, id))?.status;
const became = (world: World) => world.db('inbound_mails').orderBy('id').pluck('status');
const said = async (world: World, id: number) =>
  (await recordsOf(world, id)).map(({ name, who }) => `${name.replace('request.', '')} ${who}`);

onBothEngines(
  'a reply to the mail of a question answers it, as the page would',
  async (t, world) => {
    const { acme, reviewer, id, mails, question, from } = await asked(t, world);
    t.regex(question, ADDRESS);
    t.regex(mails.at(-1)?.mail.text ?? '', /Reply to this mail to write to the reviewers\./);
    t.regex(String(mails.at(-1)?.mail.html), /Reply to this mail to write to the reviewers\./);
    const hand = await startInbound(t, world);
    const text = 'About 70,000 a week.\r\n\r\nOn Mon, Desk <desk@warmdesk.example> wrote:\r\n> How much?';
    t.regex(await hand(reply({ from, to: question, text }), { to: question }), /^250 /);
    t.is(await statusOf(world, id), 'submitted');
    t.is((await said(world, id)).at(-1), 'answered Acme admin');
    t.deepEqual(
      await world
        .db('messages')
        .orderBy('event_id', 'desc')
        .pluck('body')
        .then(([body]) => body),
      'About 70,000 a week.',
    );
    const told = await world.db('outbox').where({ template: 'request-answered' });
    t.deepEqual(
      told.map(({ recipient_id, facts }) => [recipient_id, JSON.parse(facts).answer]),
      [[reviewer.id, 'About 70,000 a week.']],
    );
    const ref = `WD-${1000 + id}`;
    for (const [email, path] of [
      [acme.admin.email, `/requests/${ref}`],
      [reviewer.email, `/review/${ref}`],
    ] as const) {
      const page = await (await world.signedIn(email)).get(path);
      t.regex(page.text, /Acme admin answered by mail About 70,000 a week\. Quoted mail On Mon, Desk/);
      t.regex(
        page.html,
        /<details class="quoted"><summary>Quoted mail<\/summary><div class="said">On Mon, Desk &lt;desk/,
      );
    }
  },
  INBOUND,
);

onBothEngines(
  'a reply counts once, however often and over whichever way it comes',
  async (t, world) => {
    const { id, receipt, from } = await asked(t, world);
    const hand = await startInbound(t, world);
    const mail = reply({ from, to: receipt, text: 'It is late.' });
    const [one, two] = await Promise.all([1, 2].map(() => hand(mail, { to: receipt })));
    t.regex(`${one}\n${two}`, /^250 .*\n250 /);
    const before = await everything(world);
    t.like(before, { messages: 2 }, 'the question and the comment');
    t.regex(await hand(mail, { to: receipt, lmtp: false }), /^250 /);
    t.regex(
      await hand(`${passes('acme.example')}Received: from elsewhere by ${MX}\r\n${mail}`, { to: receipt }),
      /^250 /,
    );
    t.deepEqual(await everything(world), before);
    t.deepEqual(await became(world), ['filed', 'ignored']);
    t.is((await said(world, id)).at(-1), 'commented Acme admin');
    t.is(await statusOf(world, id), 'needs_info', 'a reply to another mail answers no question');
  },
  INBOUND,
);

onBothEngines(
  'a reply to a question that was answered meanwhile is a comment',
  async (t, world) => {
    const { acme, id, question, from } = await asked(t, world);
    const hand = await startInbound(t, world);
    await (await world.signedIn(acme.member.email)).post(`/requests/WD-${1000 + id}/answer`, { answer: 'I know.' });
    t.regex(await hand(reply({ from, to: question }), { to: question }), /^250 /);
    t.deepEqual((await said(world, id)).slice(-2), ['answered Acme member', 'commented Acme admin']);
    t.is(await statusOf(world, id), 'submitted');
  },
  INBOUND,
);

onBothEngines(
  'an address that Warmdesk did not make, or made for something else, is refused before the mail is sent',
  async (t, world) => {
    const { receipt, question, from } = await asked(t, world);
    const hand = await startInbound(t, world);
    const [local = ''] = receipt.split('@');
    const code = local.slice(-32);
    const other = `${code.slice(0, 31)}${code.endsWith('0') ? '1' : '0'}`;
    const wrong = [
      receipt.replace(code, other),
      question.replace(/\d+-/, (/\d+-/.exec(receipt) as RegExpExecArray)[0]),
      receipt.replace('reply+', 'bounce+'),
      receipt.replace(/\d+-/, '999999999-'),
      receipt.replace(REPLY_DOMAIN, 'elsewhere.example'),
      `reply@${REPLY_DOMAIN}`,
      `reply+@${REPLY_DOMAIN}`,
      `reply+1-@${REPLY_DOMAIN}`,
    ];
    for (const to of wrong)
      t.regex(await hand(reply({ from, to }), { to }), /^550 5\.1\.1 There is no such address\.$/, to);
    t.deepEqual(await became(world), []);
    t.regex(await hand(reply({ from, to: receipt }), { to: receipt.toUpperCase() }), /^250 /, 'case does not matter');
    t.deepEqual(await became(world), ['filed']);
  },
  INBOUND,
);

onBothEngines(
  'who is disabled, an account or a request that is closed, and an old address take no mail; the sender reads why',
  async (t, world) => {
    const { acme, id, receipt, from } = await asked(t, world);
    const hand = await startInbound(t, world);
    const refused = async (sentence: RegExp) =>
      t.regex(await hand(reply({ from, to: receipt }), { to: receipt }), sentence);
    await world.db('people').where({ id: acme.admin.id }).update({ disabled_at: world.now });
    await refused(/^550 5\.7\.1 This address no longer accepts mail from you\.$/);
    await world.db('people').where({ id: acme.admin.id }).update({ disabled_at: null });
    await world.db('accounts').where({ id: acme.id }).update({ status: 'closed' });
    await refused(/^550 5\.7\.1 This address no longer accepts mail from you\.$/);
    await world.db('accounts').where({ id: acme.id }).update({ status: 'active' });
    world.now += 91 * DAY;
    await refused(/^550 5\.7\.1 This address has expired\. Write on the page of the request/);
    world.now -= 91 * DAY;
    await (await world.signedIn(acme.admin.email)).post(`/requests/WD-${1000 + id}/withdrawal`, {});
    await refused(/^550 5\.7\.1 WD-\d+ is closed, so it takes no comments\.$/);
    t.deepEqual(await became(world), []);
    t.is(await statusOf(world, id), 'withdrawn');
  },
  INBOUND,
);

onBothEngines(
  'each recipient gets an answer of their own, and mail to many is taken for each',
  async (t, world) => {
    const { receipt, question, from } = await asked(t, world);
    const hand = await startInbound(t, world);
    const to = [receipt, `reply+1-${'0'.repeat(32)}@${REPLY_DOMAIN}`, question];
    const mail = reply({ from, to: receipt }).replace(/^To: .*$/m, `To: ${to.join(', ')}`);
    t.regex(await hand(mail, { to }), /^250 .*550 5\.1\.1/);
    t.deepEqual((await became(world)).toSorted(), ['filed', 'ignored'], 'about one request it counts once');
    t.regex(await hand(mail, { to: [receipt, question], lmtp: false }), /^250 .*452 4\.5\.3 One recipient at a time/);
  },
  INBOUND,
);

onBothEngines(
  'a mail that was stored and not read before the process ended is read later, once',
  async (t, world) => {
    const { acme, id, receipt, from } = await asked(t, world);
    const raw = Buffer.from(reply({ from, to: receipt, text: 'It was under way.' }));
    const mailId = Number(/\+(\d+)-/.exec(receipt)?.[1]);
    const left = {
      mailId,
      requestId: id,
      personId: acme.admin.id,
      purpose: 'reply',
      envelopeFrom: 'a@b.example',
    } as const;
    await insertInbound(world.db, { ...left, raw, rawHash: 'x' }, world.now);
    await takeLeft(takingOf(world));
    t.deepEqual(await became(world), ['received'], 'it may still be under way');
    world.now += DAY;
    await takeLeft(takingOf(world));
    await takeLeft(takingOf(world));
    t.deepEqual(await became(world), ['filed']);
    t.is((await said(world, id)).filter((one) => one === 'commented Acme admin').length, 1);
  },
  INBOUND,
);

onBothEngines(
  'only mails to customers about open requests can be answered',
  async (t, world) => {
    const acme = await make.account(world);
    await make.requestIn(world, 'declined', acme.admin);
    const server = await startMailServer(t);
    await sendDue(deliveryTo(t, world, server));
    const answerable = server.accepted.map((mail) => `${mail.to[0]} ${mail.mail.subject}: ${replyToOf(mail) !== ''}`);
    t.true(
      answerable.some((line) => line.startsWith(acme.admin.email) && line.endsWith('true')),
      answerable.join('\n'),
    );
    t.true(
      answerable.some((line) => /declined/i.test(line) && line.endsWith('false')),
      answerable.join('\n'),
    );
    for (const line of answerable.filter((one) => one.includes('@warmdesk.example'))) t.regex(line, /false$/);
  },
  INBOUND,
);

onBothEngines('without a domain for replies no mail asks for them', async (t, world) => {
  const { mails } = await asked(t, world);
  t.is(mails.length, 2);
  for (const { mail } of mails) {
    t.is(mail.replyTo, undefined);
    t.regex(mail.text ?? '', /Replies to this address are not read\./);
  }
});
