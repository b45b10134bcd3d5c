// Mails of ours that a mail server took and could not deliver after all.
import { readFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { addressOf } from '../../src/inbound/address.ts';
import * as make from '../support/make.ts';
import { INBOUND, REPLY_DOMAIN, received, reply, startInbound } from '../support/replies.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** A report as Postfix 3.7 wrote it. */
const REPORT = readFileSync('test/sending/mails/dsn-postfix-3.7.eml', 'utf8');

async function sent(t: ExecutionContext, world: World) {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  await make.request(world, acme.admin);
  const [mail] = await received(t, world, acme.admin.email);
  const to = mail?.from ?? '';
  return { acme, reviewer, to, mailId: Number(/\+(\d+)-/.exec(to)?.[1]), hand: await startInbound(t, world) };
}

const bounced = (world: World) => world.db('outbox').whereNotNull('bounced_at').select('id', 'status', 'bounce_reply');
const became = (world: World) => world.db('inbound_mails').orderBy('id').pluck('status');

onBothEngines(
  'a mail that came back says so where staff see its status, once',
  async (t, world) => {
    const { reviewer, to, mailId, hand } = await sent(t, world);
    t.regex(to, /^bounce\+\d+-[0-9a-f]{32}@reply\.warmdesk\.example$/);
    t.regex(await hand(REPORT, { to, from: '' }), /^250 /);
    t.regex(await hand(REPORT.replace('2DA7F26A753', '2DA7F26A754'), { to, from: '' }), /^250 /);
    const reason = 'unable to look up host nosuch.invalid: Name or service not known';
    t.deepEqual(await bounced(world), [{ id: mailId, status: 'sent', bounce_reply: reason }]);
    t.is((await world.db('audit_events').where({ name: 'mail.bounced' })).length, 1);
    const visitor = await world.signedIn(reviewer.email);
    const page = await visitor.get('/mail?tab=bounced');
    t.true(page.text.includes(reason));
    t.is(page.html.match(/<th scope="row">/g)?.length, 1);
    t.regex((await visitor.get('/mail?tab=sent')).text, /Came back: unable to look up host/);
    t.regex((await visitor.get('/audit')).text, /could not deliver a mail to admin@acme\.example, which came back/);
  },
  INBOUND,
);

onBothEngines(
  'what only says that a mail is late, was delivered, or is somebody’s notice, is not a bounce',
  async (t, world) => {
    const { acme, to, hand } = await sent(t, world);
    for (const action of ['delayed', 'delivered', 'relayed', 'expanded'])
      t.regex(await hand(REPORT.replace('Action: failed', `Action: ${action}`), { to, from: '' }), /not answered/);
    const notice = reply({ from: acme.admin.email, to, own: 'Auto-Submitted: auto-replied\r\n' });
    t.regex(await hand(notice, { to }), /not answered/);
    t.regex(await hand(reply({ from: acme.admin.email, to }), { to }), /not answered/, 'no reply goes there');
    t.regex(await hand(Buffer.from([0, 1, 2]), { to, from: '' }), /not answered/);
    t.deepEqual(await bounced(world), []);
    t.deepEqual([...new Set(await became(world))], ['ignored']);
    t.deepEqual(await world.db('messages'), []);
  },
  INBOUND,
);

onBothEngines(
  'a report that a server sends to the address for replies counts too, but only without a sender',
  async (t, world) => {
    const { acme, mailId, hand } = await sent(t, world);
    const [mail] = await received(t, world, acme.admin.email);
    t.is(mail, undefined, 'all is sent');
    const { sessionSecret: secret } = world.deps;
    const { message_id: messageKey } = await world.db('outbox').where({ id: mailId }).first();
    const to = addressOf({ secret, domain: REPLY_DOMAIN }, 'reply', { id: mailId, messageKey });
    t.regex(await hand(REPORT, { to, from: 'eve@evil.example' }), /not answered/);
    t.deepEqual(await bounced(world), []);
    t.regex(await hand(REPORT.replace('2DA7F26A753', '2DA7F26A754'), { to, from: '' }), /Taken/);
    t.is((await bounced(world)).length, 1);
    t.deepEqual(await became(world), ['ignored', 'noted']);
  },
  INBOUND,
);
