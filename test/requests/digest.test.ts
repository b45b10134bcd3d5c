// The daily summary: one mail on each morning of the desk, to those who chose it, with what waits and what came.
import ava from 'ava';
import fc from 'fast-check';
import { ROUND_THE_CLOCK, WEEKDAYS } from '../../src/calendar/calendar.ts';
import { morningOf } from '../../src/calendar/morning.ts';
import { workBetween } from '../../src/calendar/working-time.ts';
import { lettersOf } from '../../src/letters.ts';
import { asHtml } from '../../src/mail.ts';
import { chooseMails } from '../../src/notifications/preferences/actions.ts';
import { renderMail } from '../../src/notifications/render.ts';
import { goAway } from '../../src/requests/absence/actions.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { addComment } from '../../src/requests/comments/actions.ts';
import { sendSummaries } from '../../src/requests/digest/background.ts';
import { setHours } from '../../src/setup/actions.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, MINUTE, onBothEngines, START, type World } from '../support/world.ts';

/** Monday to Friday from nine to five in Berlin, an hour ahead of UTC in November. */
const OFFICE = {
  ...ROUND_THE_CLOCK,
  zone: 'Europe/Berlin',
  week: WEEKDAYS.map((_, day) => (day < 5 ? [{ from: 540, to: 1020 }] : [])),
  holidays: [{ on: '2026-11-25', name: 'A day off' }],
};
const NINE_IN_BERLIN = START - HOUR;

ava('a morning is that of a working day in the desk’s zone, from when work begins to midnight there', (t) => {
  const monday = NINE_IN_BERLIN;
  t.is(morningOf(monday - 1, OFFICE), null);
  t.like(morningOf(monday, OFFICE), { from: monday, before: monday - 3 * DAY });
  t.like(morningOf(monday + 15 * HOUR - 1, OFFICE), { from: monday });
  t.is(morningOf(monday + 15 * HOUR, OFFICE), null);
  t.is(morningOf(monday + 2 * DAY + HOUR, OFFICE), null, 'the holiday');
  t.like(morningOf(monday + 3 * DAY, OFFICE), { before: monday + DAY });
  t.is(morningOf(monday + 5 * DAY + HOUR, OFFICE), null, 'Saturday');
  t.is(morningOf(START - 2 * HOUR - 1, ROUND_THE_CLOCK), null);
  t.like(morningOf(START - 2 * HOUR, ROUND_THE_CLOCK), { from: START - 2 * HOUR, before: START - 2 * HOUR - DAY });
});

ava('no two mornings are of one day, and between two lies working time', (t) => {
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia');
  const from = fc.integer({ min: 0, max: 20 }).map((hour) => hour * 60);
  const days = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }).filter((all) => all.includes(true));
  const holds = fc.property(zone, from, days, fc.integer({ min: 0, max: 800 * 24 }), (name, begins, open, hours) => {
    const calendar = {
      ...ROUND_THE_CLOCK,
      zone: name,
      week: open.map((isOpen) => (isOpen ? [{ from: begins, to: 1440 }] : [])),
    };
    const at = START + hours * HOUR;
    const morning = morningOf(at, calendar);
    if (morning === null) return true;
    const same = morningOf(morning.from, calendar);
    return (
      morning.from <= at &&
      morning.before < morning.from &&
      same?.day === morning.day &&
      same.from === morning.from &&
      workBetween(morning.before, morning.from, calendar) > 0
    );
  });
  t.notThrows(() => fc.assert(holds));
});

async function scene(world: World) {
  const staff = await make.staff(world);
  await setHours(world.db, { person: staff.admin, at: world.now - DAY }, OFFICE);
  const acme = await make.account(world, { name: 'Ash' });
  const choose = (person: typeof staff.reviewer, chosen: Parameters<typeof chooseMails>[3]) =>
    chooseMails(world.db, { person, at: world.now }, { of: person }, chosen);
  return { ...staff, acme, choose };
}

const summaries = async ({ db }: World) =>
  (await db('outbox').where({ template: 'summary' }).orderBy('id')).map((row) => ({
    to: row.recipient_id,
    facts: JSON.parse(row.facts),
    createdAt: row.created_at,
  }));

const tuesday = (world: World) => {
  world.now = NINE_IN_BERLIN + DAY;
};

onBothEngines(
  'a reviewer who chose it reads once a working morning what waits, with the checks that fail',
  async (t, world) => {
    const { reviewer, acme, choose } = await scene(world);
    await choose(reviewer, { 'to-review': 'digest', due: 'digest' });
    await make.request(world, acme.admin);
    t.is(await world.db('outbox').where({ recipient_id: reviewer.id }).first(), undefined, 'no mail of its own');
    t.is(await sendSummaries(world.db, world.now), 0, 'it was chosen after this morning');
    tuesday(world);
    t.is(await sendSummaries(world.db, world.now - 1), 0, 'before work begins');
    t.is(await sendSummaries(world.db, world.now), 1);
    t.is(await sendSummaries(world.db, world.now + HOUR), 0, 'once a day');
    const [mail] = await summaries(world);
    t.is(mail?.to, reviewer.id);
    t.like(mail?.facts.desk, { waiting: 1, isCut: false, withColleagues: 0 });
    const [line] = mail?.facts.desk.lines ?? [];
    t.like(line, { reference: 'WD-1001', what: 'One dedicated IP for Ash', urgency: 'new', isOwn: false });
    const page = await (await world.signedIn(reviewer.email)).get('/review/WD-1001');
    t.true(page.text.includes(line.recommended));
    for (const title of line.failed) t.true(page.text.includes(title), title);
    world.now += DAY;
    t.is(await sendSummaries(world.db, world.now), 0, 'on the holiday');
    world.now += DAY;
    t.is(await sendSummaries(world.db, world.now), 1);
    t.is((await summaries(world)).at(-1)?.facts.desk.lines[0].urgency, 'waiting');
    world.now += 4 * DAY;
    t.is(await sendSummaries(world.db, world.now), 1);
    const last = (await summaries(world)).at(-1);
    t.is(last?.facts.desk.lines[0].urgency, 'overdue');
    const text = await written(last);
    t.regex(text, /Overdue:\n- WD-1001, One dedicated IP for Ash, was due by /);
  },
);

/** A summary as it goes out. */
async function written(mail: { facts: unknown; createdAt: number } | undefined): Promise<string> {
  const to = { id: 1, email: 'rita@warmdesk.example', name: 'Rita', timeZone: 'UTC' };
  const letters = lettersOf({ sessionSecret: 'secret' } as never);
  const settings = { letters, baseUrl: 'https://desk.example', provider: 'Example Mail', html: asHtml };
  const { facts, createdAt = 0 } = mail ?? {};
  return (await renderMail({ to, template: 'summary', facts, createdAt }, settings)).text;
}

onBothEngines(
  'what a colleague has is counted, one’s own is listed, and nobody reads of their own account’s',
  async (t, world) => {
    const { reviewer, reviewer2, acme, choose } = await scene(world);
    await choose(reviewer, { 'to-review': 'digest' });
    const first = await make.request(world, acme.admin);
    const second = await make.request(world, (await make.account(world, { name: 'Birch' })).admin);
    await world.db('people').where({ id: reviewer.id }).update({ account_id: acme.id, account_role: 'member' });
    const third = await make.request(world, (await make.account(world, { name: 'Cedar' })).admin);
    tuesday(world);
    await claimRequest(world.db, { person: reviewer2, at: world.now }, second, null);
    await claimRequest(world.db, { person: reviewer, at: world.now }, third, null);
    t.is(await sendSummaries(world.db, world.now), 1);
    const [mail] = await summaries(world);
    t.like(mail?.facts.desk, { waiting: 1, withColleagues: 1 });
    t.like(mail?.facts.desk.lines[0], { what: 'One dedicated IP for Cedar', isOwn: true });
    t.truthy(first);
  },
);

onBothEngines('reviewers read which regions run out of IPs, and what that is made of', async (t, world) => {
  const { reviewer, choose } = await scene(world);
  await choose(reviewer, { 'to-review': 'digest' });
  await make.ips(world, 'us', 4);
  for (let n = 0; n < 2; n += 1) {
    const one = await make.account(world);
    await make.decided(world, await make.request(world, one.admin));
  }
  await make.request(world, (await make.account(world)).admin);
  tuesday(world);
  t.is(await sendSummaries(world.db, world.now, world.deps.policy.document), 1);
  const [mail] = await summaries(world);
  t.deepEqual(mail?.facts.stock, ['US lasts 28 days. Two IPs allocated in 28 days.']);
  t.regex(await written(mail), /Free IPs that run out:\n- US lasts 28 days\. Two IPs allocated in 28 days\./);
});

onBothEngines(
  'what waited for the summary is in it once, and without anything to tell no mail goes out',
  async (t, world) => {
    const { reviewer, acme, choose } = await scene(world);
    await choose(reviewer, { 'customer-words': 'digest' });
    const id = await make.request(world, acme.admin);
    await addComment(world.db, { person: acme.admin, at: world.now }, id, 'The catalogue comes later.');
    t.deepEqual(await world.db('outbox').where({ recipient_id: reviewer.id }).pluck('template'), ['request-to-review']);
    tuesday(world);
    t.is(await sendSummaries(world.db, world.now), 1);
    const [mail] = await summaries(world);
    t.is(mail?.facts.desk, null);
    t.regex(await written(mail), /Since the last summary:\n- Comment: One dedicated IP for Ash \(WD-1001\)/);
    world.now += 2 * DAY;
    t.is(await sendSummaries(world.db, world.now), 0);
    t.is((await summaries(world)).length, 1);
  },
);

onBothEngines('a customer’s receipts come in the summary; the decision comes at once', async (t, world) => {
  const { acme } = await scene(world);
  await make.ips(world, 'us', 1);
  await chooseMails(world.db, { person: acme.admin, at: world.now }, { of: acme.admin }, { 'own-requests': 'digest' });
  await make.requestIn(world, 'fulfilled', acme.admin);
  const own = () => world.db('outbox').where({ recipient_id: acme.admin.id }).orderBy('id').pluck('template');
  t.true((await own()).includes('request-approved'));
  t.false((await own()).includes('request-received'));
  tuesday(world);
  t.is(await sendSummaries(world.db, world.now), 1);
  t.regex(await written((await summaries(world))[0]), /- Received: One dedicated IP for Ash \(WD-1001\)/);
});

onBothEngines(
  'six processes at once, and one that comes after a restart, send one summary each day',
  async (t, world) => {
    const { reviewer, reviewer2, acme, choose } = await scene(world);
    for (const person of [reviewer, reviewer2])
      await choose(person, { 'to-review': 'digest', 'customer-words': 'digest' });
    const id = await make.request(world, acme.admin);
    for (let day = 0; day < 2; day += 1) {
      await addComment(world.db, { person: acme.admin, at: world.now }, id, `Comment ${day}`);
      world.now = NINE_IN_BERLIN + DAY + 2 * day * DAY + MINUTE;
      const sent = await Promise.all(Array.from({ length: 6 }, () => sendSummaries(world.db, world.now)));
      t.is(
        sent.reduce((sum, one) => sum + one, 0),
        2,
      );
      t.is(await sendSummaries(world.db, world.now + MINUTE), 0);
      const mails = (await summaries(world)).slice(-2);
      t.deepEqual(mails.map(({ to }) => to).toSorted(), [reviewer.id, reviewer2.id].toSorted());
      for (const { facts } of mails) t.is(facts.news.length, 1);
    }
  },
);

onBothEngines(
  'who is away gets it when they are back, and one who cannot be mailed holds up nobody',
  async (t, world) => {
    const { reviewer, reviewer2, admin, acme, choose } = await scene(world);
    for (const person of [reviewer, reviewer2, admin]) await choose(person, { 'to-review': 'digest' });
    await make.request(world, acme.admin);
    await goAway(
      world.db,
      { person: reviewer2, at: world.now },
      { until: NINE_IN_BERLIN + DAY + HOUR, standInId: null },
    );
    await world.db('people').where({ id: reviewer.id }).update({ email: 'one@x.example, two' });
    tuesday(world);
    await t.throwsAsync(sendSummaries(world.db, world.now), { message: /1 of the summaries/ });
    t.deepEqual(
      (await summaries(world)).map(({ to }) => to),
      [admin.id],
    );
    await world.db('people').where({ id: reviewer.id }).update({ email: reviewer.email });
    world.now += HOUR;
    t.is(await sendSummaries(world.db, world.now), 2, 'the one who is back, and the one whose address is mended');
  },
);
