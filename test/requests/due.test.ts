// Decisions that are due soon, overdue, or overdue for long: who is told, once each; and by which hours that is counted.
import { act } from '../../src/act.ts';
import { ROUND_THE_CLOCK, WEEKDAYS } from '../../src/calendar/calendar.ts';
import { calendarAsTyped } from '../../src/calendar/form.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { remindOfDue } from '../../src/requests/clock/background.ts';
import { underCalendar } from '../../src/requests/clock/clock.ts';
import { clockColumns, clockFromRow } from '../../src/requests/clock/store.ts';
import { moveClocks } from '../../src/requests/clock/transition.ts';
import { answerRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { askForInformation } from '../../src/requests/review/actions.ts';
import { setHours } from '../../src/setup/actions.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, MINUTE, onBothEngines, type World } from '../support/world.ts';

/** Monday to Friday from nine to five in Berlin, an hour ahead of UTC in November. */
const OFFICE = {
  ...ROUND_THE_CLOCK,
  zone: 'Europe/Berlin',
  week: WEEKDAYS.map((_, day) => (day < 5 ? [{ from: 540, to: 1020 }] : [])),
};

async function scene(world: World) {
  const staff = await make.staff(world);
  const acme = await make.account(world, { name: 'Ash' });
  return { ...staff, acme };
}

const dueOf = async ({ db }: World, id: number): Promise<number> => (await db('requests').where({ id }).first()).due_at;
/** The mails of what is due since the last look: template and to whom. */
async function told(world: World): Promise<string[]> {
  const rows = await world
    .db('outbox as o')
    .join('people as p', 'p.id', 'o.recipient_id')
    .whereIn('template', ['request-due-soon', 'request-overdue', 'request-escalated'])
    .orderBy(['template', 'p.id'])
    .select('template', 'p.name');
  return rows.map(({ template, name }) => `${template.replace('request-', '')}: ${name}`);
}

onBothEngines(
  'the team is told that a decision is due soon and overdue, then the administrators, once each',
  async (t, world) => {
    const { reviewer, reviewer2, admin, acme } = await scene(world);
    const id = await make.request(world, acme.admin);
    const dueAt = await dueOf(world, id);
    world.now = dueAt - 2 * HOUR - 1;
    t.is(await remindOfDue(world.db, world.now), 0);
    world.now += 1;
    t.is(await remindOfDue(world.db, world.now), 1);
    t.is(await remindOfDue(world.db, world.now), 0, 'once');
    const team = [reviewer, reviewer2, admin].toSorted((a, b) => a.id - b.id).map(({ name }) => name);
    const soon = team.map((name) => `due-soon: ${name}`);
    t.deepEqual(await told(world), soon);
    world.now = dueAt;
    t.is(await remindOfDue(world.db, world.now), 1);
    const overdue = team.map((name) => `overdue: ${name}`);
    t.deepEqual(await told(world), [...soon, ...overdue]);
    world.now = dueAt + 4 * HOUR;
    t.is(await remindOfDue(world.db, world.now), 1);
    world.now += 9 * DAY;
    t.is(await remindOfDue(world.db, world.now), 0, 'never again');
    t.deepEqual(
      await told(world),
      [...soon, `escalated: ${admin.name}`, ...overdue].toSorted((a, b) => rank(a) - rank(b)),
    );
    const desk = await world.signedIn(reviewer.email);
    t.regex((await desk.get(`/review/${reference(id)}`)).text, /told .* that it is still not decided/);
    const customer = await world.signedIn(acme.admin.email);
    t.notRegex((await customer.get(`/requests/${reference(id)}`)).text, /told .* that it is/);
  },
);

/** Where a mail comes in the list that `told` returns. */
const rank = (line: string): number => ['due-soon', 'escalated', 'overdue'].findIndex((word) => line.startsWith(word));

onBothEngines('who has it on the desk is told alone', async (t, world) => {
  const { reviewer, acme } = await scene(world);
  const id = await make.request(world, acme.admin);
  const dueAt = await dueOf(world, id);
  world.now = dueAt - 2 * HOUR;
  await claimRequest(world.db, { person: reviewer, at: world.now }, id, null);
  t.is(await remindOfDue(world.db, world.now), 1);
  world.now = dueAt;
  t.is(await remindOfDue(world.db, world.now), 1);
  t.deepEqual(await told(world), [`due-soon: ${reviewer.name}`, `overdue: ${reviewer.name}`]);
  const mail = await world.db('outbox').where({ template: 'request-overdue' }).first();
  t.like(JSON.parse(mail.facts), { dueAt, holder: reviewer.name });
});

onBothEngines(
  'while the customer has to act nobody is told, and after the answer it begins again',
  async (t, world) => {
    const { reviewer, acme } = await scene(world);
    const id = await make.request(world, acme.admin);
    world.now += 23 * HOUR;
    t.is(await remindOfDue(world.db, world.now), 1);
    await askForInformation(world.db, { person: reviewer, at: world.now }, id, 'How much?');
    world.now += 5 * DAY;
    t.is(await remindOfDue(world.db, world.now), 0);
    await answerRequest(world.db, { person: acme.admin, at: world.now }, id, 'This much.');
    t.is(await dueOf(world, id), world.now + 2 * HOUR);
    t.is(await remindOfDue(world.db, world.now), 0, 'two hours are all there is: it is not said at once');
    world.now += 2 * HOUR;
    t.is(await remindOfDue(world.db, world.now), 1);
    await withdrawRequest(world.db, { person: acme.admin, at: world.now }, id);
    const before = await everythingStored(world.db);
    world.now += 9 * DAY;
    t.is(await remindOfDue(world.db, world.now), 0);
    t.deepEqual(await everythingStored(world.db), before);
  },
);

onBothEngines('two processes that look at once tell it once, 10 rounds', async (t, world) => {
  const { acme, admin } = await scene(world);
  const id = await make.request(world, acme.admin);
  const dueAt = await dueOf(world, id);
  for (let round = 0; round < 10; round += 1) {
    await world.db('requests').where({ id }).update({ notice: 'escalated', notice_at: dueAt });
    const counts = await Promise.all([remindOfDue(world.db, dueAt), remindOfDue(world.db, dueAt)]);
    t.is(counts[0] + counts[1], 1);
  }
  t.is((await world.db('outbox').where({ template: 'request-escalated', recipient_id: admin.id })).length, 10);
});

onBothEngines(
  'by working hours a decision is due on the next working days, and a claim lapses by them',
  async (t, world) => {
    const { admin, reviewer, acme } = await scene(world);
    await setHours(world.db, { person: admin, at: world.now }, OFFICE);
    // Monday, 10:00 in Berlin: seven hours are left of the day, eight are on Tuesday, eight on Wednesday, one on Thursday.
    const id = await make.request(world, acme.admin);
    t.is(await dueOf(world, id), Date.UTC(2026, 10, 26, 9));
    world.now = Date.UTC(2026, 10, 23, 15);
    await claimRequest(world.db, { person: reviewer, at: world.now }, id, null);
    const { claimed_until: until } = await world.db('requests').where({ id }).first();
    t.is(until, Date.UTC(2026, 10, 24, 11), 'an hour on Monday, three on Tuesday');
    await askForInformation(world.db, { person: reviewer, at: world.now }, id, 'How much?');
    t.like(await world.db('requests').where({ id }).first(), { due_left: 18 * HOUR, clock_spent: 6 * HOUR });
    // On a Saturday.
    world.now = Date.UTC(2026, 10, 28, 12);
    await answerRequest(world.db, { person: acme.admin, at: world.now }, id, 'This much.');
    t.is(await dueOf(world, id), Date.UTC(2026, 11, 2, 10), '18 hours from Monday, nine o’clock');
    t.like(await world.db('requests').where({ id }).first(), {
      soon_at: Date.UTC(2026, 11, 2, 8),
      clock_spent: 6 * HOUR,
    });
  },
);

onBothEngines('other hours move every open decision, piece by piece, two statements for each', async (t, world) => {
  const { reviewer, acme } = await scene(world);
  const ids = [await make.request(world, acme.admin)];
  for (const name of ['Birch', 'Cedar', 'Dogwood', 'Elm'])
    ids.push(await make.request(world, (await make.account(world, { name })).admin));
  const [asked = 0, told = 0] = ids;
  await askForInformation(world.db, { person: reviewer, at: world.now }, asked, 'How much?');
  world.now = await dueOf(world, told);
  await remindOfDue(world.db, world.now);
  await remindOfDue(world.db, world.now);
  world.now += 4 * HOUR;
  await remindOfDue(world.db, world.now);
  await world
    .db('requests')
    .where({ id: ids[4] })
    .update({
      ...{ due_at: world.now + 30 * HOUR, notice: 'soon' },
      ...{ soon_at: world.now + 28 * HOUR, notice_at: world.now + 28 * HOUR },
    });
  const rows = () =>
    world
      .db('requests')
      .orderBy('id')
      .select('id', 'due_at', 'clock_since', 'clock_spent', 'soon_at', 'notice', 'notice_at');
  const before = await rows();
  const calendars = { before: ROUND_THE_CLOCK, after: OFFICE };
  let statements = 0;
  world.db.on('query', ({ sql }: { sql: string }) => (statements += /requests/.test(sql) ? 1 : 0));
  await act<void, never>(world.db, { person: null, at: world.now }, (act) => moveClocks(act, calendars, 2));
  t.is(statements, 5, 'four clocks in two pieces, and a look that finds no more');
  const moved = before.map((row) => {
    if (row.due_at === null) return row;
    const { dueAt, clock } = underCalendar({ dueAt: row.due_at, clock: clockFromRow(row) }, world.now, calendars);
    return { id: row.id, due_at: dueAt, ...clockColumns(clock) };
  });
  t.deepEqual(await rows(), moved);
  t.deepEqual(
    moved.map(({ notice }) => notice).slice(0, 2),
    [null, null],
    'a clock that is stopped, and one with nothing to tell any more',
  );
  t.true(moved.some(({ id, due_at }) => due_at !== before.find((row) => row.id === id)?.due_at));
});

onBothEngines(
  'an administrator sets the hours on a page; open decisions follow, and customers read the promise',
  async (t, world) => {
    const { admin, reviewer, acme } = await scene(world);
    const id = await make.request(world, acme.admin);
    world.now += 4 * HOUR;
    const office = await world.signedIn(admin.email);
    const typed = calendarAsTyped(OFFICE);
    const refused = await office.submit(await office.get('/settings/hours'), '/settings/hours', {
      ...typed,
      tuesday: '17-9',
    } as never);
    t.is(refused.status, 422);
    t.regex(refused.html, /id="tuesday-error"/);
    t.regex(refused.html, /value="17-9"/, 'what was typed is kept');
    t.is(await dueOf(world, id), world.now + 20 * HOUR, 'nothing changed');
    const saved = await office.submit(refused, '/settings/hours', typed as never);
    t.is(saved.location, '/settings/hours?note=settings-saved');
    // Three hours are left on Monday, eight each on Tuesday and Wednesday, one on Thursday.
    t.is(await dueOf(world, id), Date.UTC(2026, 10, 26, 9));
    t.regex((await office.get('/settings/hours')).text, /due within 24 working hours/);
    t.regex((await office.get('/audit')).text, /working hours to Monday to Friday, 09:00–17:00 \(time in Berlin\)/);
    const customer = await world.signedIn(acme.admin.email);
    const policy = (await customer.get('/policy')).text;
    t.regex(
      policy,
      /A person decides within 24 working hours\. Working hours: Monday to Friday, 09:00–17:00 \(time in Berlin\)\./,
    );
    await askForInformation(world.db, { person: reviewer, at: world.now }, id, 'How much?');
    const page = (await customer.get(`/requests/${reference(id)}`)).text;
    t.regex(page, /After your answer a decision within 20 h of working time/);
  },
);

onBothEngines('the queue tells overdue, due soon and the rest apart, and finds each', async (t, world) => {
  const { reviewer } = await scene(world);
  for (const [name, minutes] of [
    ['Birch', 0],
    ['Cedar', 60],
    ['Dogwood', 600],
  ] as const) {
    world.now += minutes * MINUTE;
    await make.request(world, (await make.account(world, { name })).admin);
  }
  const first = await world.db('requests').min({ due: 'due_at' }).first();
  world.now = Number(first?.due) + MINUTE;
  const desk = await world.signedIn(reviewer.email);
  const page = (await desk.get('/review')).text;
  t.regex(page, /Birch.*1 min overdue.*Cedar.*soon: due in 59 min.*Dogwood.*due in 10 h/s);
  const names = async (due: string) =>
    ['Birch', 'Cedar', 'Dogwood'].filter((name) => new RegExp(`WD-\\d+ ${name}`).test(texts.get(due) ?? ''));
  const texts = new Map<string, string>();
  for (const due of ['overdue', 'soon', 'day']) texts.set(due, (await desk.get(`/review?due=${due}`)).text);
  t.deepEqual(await names('overdue'), ['Birch']);
  t.deepEqual(await names('soon'), ['Cedar']);
  t.deepEqual(await names('day'), ['Birch', 'Cedar', 'Dogwood']);
});
