// `npm run test:year`: 200 accounts for a year. With the suite: a quarter of it, with fewer.
import test from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import { dayOf, startOfDay } from '../../src/day.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import * as make from '../support/make.ts';
import { createWorld, START, type World } from '../support/world.ts';
import { type Ran, Year } from './provider.ts';
import { kinds, STEADY } from './senders.ts';

const DAYS = Number(process.env.YEAR_DAYS ?? 92);
const ACCOUNTS = Number(process.env.YEAR_ACCOUNTS ?? 32);

const PLANS = { customerio: 'premium', sendgrid: 'pro' } as const;

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((one, other) => one - other);
const at = (numbers: readonly number[], part: number): number =>
  sorted(numbers)[Math.floor((numbers.length - 1) * part)] ?? 0;

/** One line for each kind: how many plans, complete ones, and days after the forecast: median, nine in ten, most. */
function linesOf(all: readonly Ran[]): string[] {
  return kinds.map((kind) => {
    const some = all.filter((one) => one.kind === kind);
    const late = some.flatMap(({ finished, planned }) => (finished === null ? [] : [finished - planned]));
    const took = some.flatMap(({ finished, from }) => (finished === null ? [] : [finished - from + 1]));
    return `${kind}: ${some.length} plans, ${late.length} complete in ${at(took, 0.5)} days; late by ${at(late, 0.5)}, ${at(late, 0.9)}, ${at(late, 1)} days`;
  });
}

/** S-12: what passes every check on measured facts is approved without a person. */
async function buyBySelf(world: World, admin: Person): Promise<void> {
  const value = { afterMinutes: 10, maxIps: 1, in30Days: 1 };
  const document = { ...world.deps.policy.document, automaticApproval: { value, rule: 'own choice' } };
  await adoptPolicy(world.db, { person: admin, at: world.now }, document);
  await world.deps.reload();
}

/** The quarter on PostgreSQL, too: what the second policy does differently is of no engine. */
const RUNS = [
  { policy: 'customerio', engine: 'SQLite' },
  { policy: 'sendgrid', engine: 'SQLite' },
  ...(DAYS < 200 ? [{ policy: 'customerio', engine: 'PostgreSQL' } as const] : []),
] as const;

for (const { policy, engine } of RUNS) {
  test(`C-14 to C-17, S-20, S-26: a provider's time of ${DAYS} days under ${policy}, checked each night (${engine})`, async (t) => {
    t.timeout(3 * 3_600_000);
    const world = await createWorld(t, engine, { POLICY: policy });
    // A quarter has no Christmas in it, which every plan would be late by.
    const began = dayOf(START) + (DAYS < 200 ? 50 : 0);
    world.now = startOfDay(began);
    const year = new Year(world, began);
    const { admin } = await make.staff(world);
    if (policy === 'sendgrid') await buyBySelf(world, admin);
    await year.open(ACCOUNTS, Math.min(120, Math.floor(DAYS / 6)), PLANS[policy]);
    // Stock for four in five at first, but where Warmdesk approves by itself, which needs a free IP; more comes after a month.
    await make.ips(world, 'us', Math.ceil(ACCOUNTS * (policy === 'sendgrid' ? 1 : 0.8)));
    for (let nth = 0; nth < DAYS; nth += 1) {
      if (nth === 30) await make.ips(world, 'us', Math.ceil(ACCOUNTS * 0.2));
      await year.live(began + nth);
    }
    const all = [...year.ran.values()];
    t.log(`${policy}, ${engine}: ${all.length} warm-ups\n${linesOf(all).join('\n')}`);
    if (process.env.YEAR_SHOW) t.log((await year.show(process.env.YEAR_SHOW)).join('\n'));
    t.deepEqual(year.faults.slice(0, 10), [], `${year.faults.length} faults`);
    t.true(all.length >= ACCOUNTS * 0.7);
    const shown = await year.shown();
    t.log(shown);
    t.true(shown.assigned > 0 && shown.shared > 0, 'IPs were assigned as they were approved, and later');
    if (policy === 'sendgrid') t.true(shown.automatic > 0, 'some were approved without a person');
    t.true((await year.heldByRate('incident')) > 0, 'a week of bad rates is a named hold');
    t.is(await year.heldByRate('even'), 0);
    t.deepEqual(await year.unexplained(began + DAYS), [], 'who is late says why');
    const unjudged: string[] = [];
    for (const kind of [...STEADY, null]) {
      const over = all.filter(
        (one) =>
          (kind === null ? STEADY.has(one.kind) : one.kind === kind) &&
          (one.finished !== null || one.planned + 8 < began + DAYS),
      );
      if (over.length === 0) unjudged.push(kind ?? 'all');
      const late = over.map(({ finished, planned }) => (finished ?? Number.MAX_SAFE_INTEGER) - planned);
      t.true(at(late, 0.5) <= 2, `${kind ?? 'all'}: median ${at(late, 0.5)} days`);
      t.true(at(late, 0.9) <= 7, `${kind ?? 'all'}: nine in ten within ${at(late, 0.9)} days`);
    }
    // A quarter ends before a plan of fortnightly or monthly mail does.
    t.log(`no plan of these kinds was due in this time: ${unjudged.join(', ') || 'none'}`);
    if (DAYS >= 365) t.deepEqual(unjudged, []);
  });
}
