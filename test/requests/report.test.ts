// The monthly report: what was decided by whom, against which checks, how long it took, what became of the IPs.
import ava from 'ava';
import { actIn } from '../../src/act.ts';
import { record } from '../../src/audit/actions.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { monthOf } from '../../src/charges/ledger.ts';
import { dayOf } from '../../src/day.ts';
import { appealDecline } from '../../src/requests/appeals/actions.ts';
import { answerRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import { gatherReport } from '../../src/requests/report/gather.ts';
import { askForInformation, sendBack } from '../../src/requests/review/actions.ts';
import { approveRequest, declineRequest } from '../../src/requests/review/decide.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import * as make from '../support/make.ts';
import { createWorld, DAY, HOUR, onBothEngines, START, type World } from '../support/world.ts';

const thisMonth = (world: World) => gatherReport(world.db, monthOf(dayOf(world.now)), world.now);
const lastMonth = (world: World) => gatherReport(world.db, monthOf(dayOf(world.now)) - 1, world.now);
const NO_OUTCOMES = { warm: 0, warming: 0, paused: 0, 'given back': 0 };

onBothEngines('decisions count for those who made them, in the month in which they were made', async (t, world) => {
  const { reviewer, reviewer2 } = await make.staff(world);
  await make.ips(world, 'us', 3);
  t.deepEqual(await thisMonth(world), { reviewers: [], overrides: [], times: [], outcomes: NO_OUTCOMES });
  const ash = await make.account(world, { name: 'Ash' });
  const birch = await make.account(world, { name: 'Birch', weekly: 40_000 });
  const cedar = await make.account(world, { name: 'Cedar' });
  const dogwood = await make.account(world, { name: 'Dogwood' });
  await make.approve(world, await make.request(world, ash.admin));
  // A check fails: approved by the one, agreed to by the other.
  await make.decided(world, await make.request(world, birch.admin));
  await make.requestIn(world, 'declined', cedar.admin);
  await make.requestIn(world, 'withdrawn', dogwood.admin);
  const { reviewers, overrides } = await thisMonth(world);
  t.deepEqual(reviewers, [
    { personId: reviewer.id, name: reviewer.name, approved: 2, offered: 0, declined: 1, second: 0, overrides: 1 },
    { personId: reviewer2.id, name: reviewer2.name, approved: 0, offered: 0, declined: 0, second: 1, overrides: 0 },
  ]);
  t.true(overrides.length > 0);
  t.true(overrides.every(({ count, title }) => count === 1 && title.length > 5));
  const desk = await world.signedIn(reviewer.email);
  const page = (await desk.get('/report')).text;
  t.regex(page, /Report: November 2026/);
  t.regex(page, new RegExp(`${reviewer.name} 2 0 1 0 1 3`));
  const file = await desk.get('/report.csv?month=2026-11');
  t.regex(file.headers.get('content-disposition') ?? '', /filename="?report-2026-11\.csv/);
  t.true(file.html.includes(`2026-11,reviewer,${reviewer.name},approved,2\r\n`));
  t.true(file.html.includes(`2026-11,override,${overrides[0]?.check},requests,1\r\n`));
  t.true(file.html.includes('2026-11,time_to_decision,all,requests,3\r\n'));
  world.now += 30 * DAY;
  t.deepEqual((await thisMonth(world)).reviewers, [], 'nothing in December');
  const later = await world.signedIn(reviewer.email);
  t.regex((await later.get('/report?month=2026-11')).text, /Report: November 2026/);
});

onBothEngines('time to decision is what reviewers had: the customer’s time is left out', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const hours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 20];
  for (const [index, took] of hours.entries()) {
    const { admin } = await make.account(world, { name: `Customer ${index}` });
    const id = await make.request(world, admin);
    const by = () => ({ person: reviewer, at: world.now });
    world.now += (took - 0.5) * HOUR;
    await askForInformation(world.db, by(), id, 'How much?');
    world.now += 7 * HOUR;
    await answerRequest(world.db, { person: admin, at: world.now }, id, 'This much.');
    world.now += HOUR / 2;
    const form = { seen: await make.seen(world, id), reason: 'Too little.' };
    t.true((await declineRequest(world.db, by(), id, form)).ok);
  }
  t.is(new Date(world.now).getUTCMonth(), new Date(START).getUTCMonth());
  const { times } = await thisMonth(world);
  t.deepEqual(times, [
    { kind: 'all', count: 10, half: 5 * HOUR, ninety: 9 * HOUR },
    { kind: 'dedicated_ip', count: 10, half: 5 * HOUR, ninety: 9 * HOUR },
  ]);
});

onBothEngines('a decline stays in its month when it is appealed, and the appeal is in its own', async (t, world) => {
  const { reviewer, reviewer2 } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const { admin } = await make.account(world);
  const id = await make.request(world, admin);
  world.now += 2 * HOUR;
  const no = { seen: await make.seen(world, id), reason: 'Too little.' };
  t.true((await declineRequest(world.db, { person: reviewer, at: world.now }, id, no)).ok);
  const november = await thisMonth(world);
  t.like(november.reviewers, [{ personId: reviewer.id, declined: 1 }]);
  t.like(november.times, [{ kind: 'all', count: 1, half: 2 * HOUR }]);
  world.now += 9 * DAY;
  t.true((await appealDecline(world.db, { person: admin, at: world.now }, id, 'The list is cleaned.')).ok);
  t.deepEqual(await lastMonth(world), november, 'appealed');
  world.now += 5 * HOUR;
  const yes = { seen: await make.seen(world, id), reason: '' };
  t.true((await approveRequest(world.db, { person: reviewer2, at: world.now }, id, yes)).ok);
  t.deepEqual(await lastMonth(world), november, 'decided the other way');
  const december = await thisMonth(world);
  t.like(december.reviewers, [{ personId: reviewer2.id, approved: 1, declined: 0 }]);
  t.is(december.reviewers.length, 1);
  t.like(december.times, [{ kind: 'all', count: 1, half: 5 * HOUR }], 'what reviewers had it for since the appeal');
});

onBothEngines('an approval stays in its month when the waitlist has it looked at again', async (t, world) => {
  const { reviewer, reviewer2 } = await make.staff(world);
  const birch = await make.account(world, { weekly: 40_000 });
  const id = await make.request(world, birch.admin);
  await make.decided(world, id);
  const november = await thisMonth(world);
  t.like(november.reviewers, [
    { personId: reviewer.id, approved: 1, overrides: 1 },
    { personId: reviewer2.id, second: 1 },
  ]);
  t.true(november.overrides.length > 0);
  for (const { id: domainId } of birch.domains) await make.counts(world, domainId, { weekly: 20_000, bounced: 0.2 });
  world.now += 9 * DAY;
  await make.ips(world, 'us', 1);
  await serveWaitlist(world.db, world.now);
  t.like(await world.db('requests').where({ id }).first(), { status: 'submitted', decided_at: null });
  t.deepEqual(await lastMonth(world), november);
  t.deepEqual((await thisMonth(world)).reviewers, []);
  await make.approve(world, id, 'It is cleaned.');
  t.deepEqual((await thisMonth(world)).reviewers, [], 'a second reviewer has to agree first');
  t.deepEqual(await lastMonth(world), november);
});

onBothEngines(
  'an approval that is sent back was not one; an offer was, whatever its customer says',
  async (t, world) => {
    const { reviewer, reviewer2 } = await make.staff(world);
    const birch = await make.account(world, { weekly: 40_000 });
    const id = await make.request(world, birch.admin);
    await make.approve(world, id, 'A known customer.');
    t.true((await sendBack(world.db, { person: reviewer2, at: world.now }, id, 'Ask first.')).ok);
    const cedar = await make.account(world);
    const offered = await make.requestIn(world, 'offered', cedar.admin);
    t.true((await withdrawRequest(world.db, { person: cedar.admin, at: world.now }, offered)).ok);
    const { reviewers, overrides } = await thisMonth(world);
    t.like(reviewers, [{ personId: reviewer.id, approved: 0, offered: 1, overrides: 0 }]);
    t.deepEqual(overrides, []);
  },
);

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  ava(`an IP counts as what it was on its 90th day, whatever came later (${engine})`, async (t) => {
    const world = await createWorld(t, engine);
    await make.ips(world, 'us', 5);
    const began = world.now;
    /** What the record of an IP says: a status on a day after its approval. */
    const became = async (allocationId: number, days: number, to: string) => {
      const event = { name: 'warmup.resumed', subject: { type: 'allocation', id: allocationId }, accountId: null };
      const act = actIn(world.db, { person: null, at: began + days * DAY });
      await record(act, { ...event, from: 'warming', to, facts: { address: 'x', stage: 1 } } as AuditEvent);
    };
    const ids: number[] = [];
    for (const name of ['Ash', 'Birch', 'Cedar', 'Dogwood', 'Elm']) {
      const { admin } = await make.account(world, { name });
      const id = await make.request(world, admin);
      await make.approve(world, id);
      ids.push((await world.db('allocations').where({ request_id: id }).first()).id);
    }
    const [warm = 0, paused = 0, back = 0, late = 0] = ids;
    await became(warm, 40, 'paused');
    await became(warm, 45, 'active');
    await became(warm, 91, 'releasing');
    await became(paused, 89, 'paused');
    await became(back, 60, 'active');
    await became(back, 61, 'releasing');
    await became(back, 70, 'released');
    await became(late, 90, 'active');
    const february = monthOf(dayOf(Date.UTC(2027, 1, 15)));
    const early = await gatherReport(world.db, february, began + 90 * DAY - 1);
    t.deepEqual(early.outcomes, NO_OUTCOMES, 'their 90 days are not over');
    const { outcomes } = await gatherReport(world.db, february, began + 90 * DAY);
    t.deepEqual(outcomes, { warm: 1, warming: 2, paused: 1, 'given back': 1 });
    const march = await gatherReport(world.db, february + 1, began + 120 * DAY);
    t.deepEqual(march.outcomes, NO_OUTCOMES, 'of another month');
  });
}

onBothEngines('a month that has not begun, or is not one, is not made up', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const desk = await world.signedIn(reviewer.email);
  for (const month of ['2027-01', '2026-10', '2026-13', 'x']) {
    const page = (await desk.get(`/report?month=${month}`)).text;
    t.regex(page, /no report for the month in the address; this one is for November 2026/, month);
  }
  t.notRegex((await desk.get('/report')).text, /There is no report/);
});
