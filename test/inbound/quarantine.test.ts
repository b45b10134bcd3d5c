// The page for mails of which it is not certain who wrote them.
import type { ExecutionContext } from 'ava';
import { acceptMail, deleteMail } from '../../src/inbound/quarantine/actions.ts';
import { sweepInbound, sweepRaw } from '../../src/inbound/retention/background.ts';
import * as make from '../support/make.ts';
import { recordsOf } from '../support/notified.ts';
import { INBOUND, received, reply, replyToOf, startInbound } from '../support/replies.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const TEXT = 'Please approve it. <b>Now</b>';

/** A mail from a colleague's private address, in quarantine. */
async function doubtful(t: ExecutionContext, world: World) {
  const acme = await make.account(world);
  const staff = await make.staff(world);
  const id = await make.request(world, acme.admin);
  const [receipt] = await received(t, world, acme.admin.email);
  const to = replyToOf(receipt);
  const text = `${TEXT}\r\n\r\nOn 23 November, Desk wrote:\r\n> We have it.`;
  await (await startInbound(t, world))(reply({ from: 'ann@private.example', to, text }), { to });
  const mail = await world.db('inbound_mails').first('id');
  return { acme, ...staff, id, mailId: Number(mail.id), reference: `WD-${1000 + id}` };
}

onBothEngines(
  'staff read what came, from whom, for whom and why it waits, and add it as what it is',
  async (t, world) => {
    const { acme, reviewer, reviewer2, admin, id, mailId, reference } = await doubtful(t, world);
    const visitor = await world.signedIn(reviewer.email);
    t.regex((await visitor.get('/mail')).html, /<a href="\/mail\/inbound">Quarantine <span class="count">1<\/span>/);
    const page = await visitor.get('/mail/inbound');
    for (const words of [
      'ann@private.example',
      'Acme admin',
      reference,
      'this reply address was made for',
      TEXT,
      'Quoted mail',
    ])
      t.true(page.text.includes(words), words);
    const done = await visitor.submit(page, `/mail/inbound/${mailId}/acceptance`, {});
    t.is(done.location, '/mail/inbound?note=mail-accepted');
    t.like((await recordsOf(world, id)).at(-1), { name: 'request.mailAccepted', who: reviewer.name });
    const told = await world.db('outbox').where({ template: 'request-commented' }).pluck('recipient_id');
    t.deepEqual(told.toSorted(), [reviewer2.id, admin.id].toSorted(), 'those who may decide, but not who added it');
    const own = await (await world.signedIn(acme.member.email)).get(`/requests/${reference}`);
    t.regex(own.text, /A reviewer added a mail from ann@private\.example Please approve it\. <b>Now<\/b>/);
    t.notRegex(own.text, /quarantine|this address was given/);
    t.regex((await visitor.get('/mail/inbound')).text, /No mail is in quarantine/);
    t.is((await visitor.post(`/mail/inbound/${mailId}/deletion`, {})).status, 409);
  },
  INBOUND,
);

onBothEngines(
  'R-05: staff neither see nor decide on mails about their own account’s requests',
  async (t, world) => {
    const { acme, mailId } = await doubtful(t, world);
    const visitor = await world.signedIn((await make.insider(world, acme.id)).email);
    t.notRegex((await visitor.get('/mail/inbound')).text, /ann@private\.example/);
    for (const act of ['acceptance', 'deletion'])
      t.is((await visitor.post(`/mail/inbound/${mailId}/${act}`, {})).status, 404, act);
    t.like(await world.db('inbound_mails').first(), { status: 'quarantined' });
  },
  INBOUND,
);

onBothEngines(
  'what is deleted is gone but for the record that it came',
  async (t, world) => {
    const { reviewer, id, mailId } = await doubtful(t, world);
    const visitor = await world.signedIn(reviewer.email);
    t.is((await visitor.post(`/mail/inbound/${mailId}/deletion`, {})).location, '/mail/inbound?note=mail-deleted');
    t.like(await world.db('inbound_mails').first(), {
      status: 'deleted',
      raw: null,
      body: '',
      quoted: '',
      subject: '',
    });
    t.like((await recordsOf(world, id)).at(-1), { name: 'request.mailDeleted', who: reviewer.name });
    t.is((await world.db('messages')).length, 0);
  },
  INBOUND,
);

onBothEngines(
  'two who decide at once: one of them does',
  async (t, world) => {
    const { reviewer, reviewer2, mailId, id } = await doubtful(t, world);
    const { db, now: at } = world;
    const keeping = { db, folder: world.deps.config.attachmentsDir };
    const both = await Promise.all([
      acceptMail(keeping, { person: reviewer, at }, mailId),
      deleteMail(keeping, { person: reviewer2, at }, mailId),
    ]);
    t.deepEqual(both.map(({ ok }) => ok).toSorted(), [false, true]);
    t.deepEqual(
      both.flatMap((one) => (one.ok ? [] : [one.problem.name])),
      ['decided'],
    );
    t.is((await recordsOf(world, id)).filter(({ name }) => /mail(Accepted|Deleted)$/.test(name)).length, 1);
  },
  INBOUND,
);

onBothEngines(
  'thirty days later mails as they came are forgotten, a year later the mails, but those that wait',
  async (t, world) => {
    await doubtful(t, world);
    const { keep } = world.deps.config;
    const { raw } = await world.db('inbound_mails').first('raw');
    t.true(raw.length > 0);
    t.like(await sweepRaw({ db: world.db, keep, at: world.now + 31 * DAY }), { removed: 0 }, 'it waits');
    await world.db('inbound_mails').update({ status: 'ignored' });
    t.is(await sweepRaw({ db: world.db, keep, at: world.now + 30 * DAY }), null, 'a night looks once');
    t.like(await sweepRaw({ db: world.db, keep, at: world.now + 32 * DAY }), { removed: 1 });
    t.like(await sweepRaw({ db: world.db, keep, at: world.now + 33 * DAY }), { removed: 0 });
    t.like(await world.db('inbound_mails').first(), { raw: null, subject: 'Re: A question' });
    const page = async () => {
      const reviewer = await world.signedIn((await world.db('people').whereNotNull('staff_role').first()).email);
      return (await reviewer.get('/mail/inbound?tab=ignored')).text;
    };
    t.regex(await page(), /Re: A question[\s\S]*came in more than 400 days ago are removed/);
    t.like(await sweepInbound({ db: world.db, keep, at: world.now + 400 * DAY }), { removed: 0 });
    t.like(await sweepInbound({ db: world.db, keep, at: world.now + 401 * DAY }), { removed: 1 });
    t.notRegex(await page(), /Re: A question/);
  },
  INBOUND,
);

onBothEngines(
  'to a closed request nothing is added',
  async (t, world) => {
    const { acme, reviewer, mailId, reference } = await doubtful(t, world);
    await (await world.signedIn(acme.admin.email)).post(`/requests/${reference}/withdrawal`, {});
    const answer = await (await world.signedIn(reviewer.email)).post(`/mail/inbound/${mailId}/acceptance`, {});
    t.is(answer.status, 409);
    t.regex(answer.text, /The request is closed/);
    t.is((await world.db('inbound_mails').first('status')).status, 'quarantined');
  },
  INBOUND,
);
