// What a closed month has of IPs whose price changed in it, and what it came to in each currency.
import { actIn } from '../../src/act.ts';
import { closeDueMonths } from '../../src/charges/actions.ts';
import { readMonth } from '../../src/charges/ledger.ts';
import { dayOf } from '../../src/day.ts';
import { repriceIps } from '../../src/ips/prices/actions.ts';
import { listAllocationsOf } from '../../src/ips/store.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';
import { withChargesRight } from './history.ts';

const DECEMBER = readMonth('2026-12') ?? Number.NaN;
const dayOn = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY;

/** An account whose IPs warm up from 23 November on. Returns the IPs. */
async function withIps(world: World, name: string, ipCount: number) {
  const { id, admin } = await make.account(world, { name });
  await make.ips(world, 'us', ipCount);
  await make.decided(world, await make.request(world, admin, { ipCount, startsOn: dayOf(world.now) }));
  return listAllocationsOf(world.db, id);
}

async function closeDecember(world: World): Promise<void> {
  world.now = Date.UTC(2027, 0, 2);
  await closeDueMonths(world.db, world.now);
}

withChargesRight(
  'a month is summed up in each currency, over its lines and the accounts that have one',
  async (t, world) => {
    const [first, second] = await withIps(world, 'Acme', 3);
    await withIps(world, 'Brick', 1);
    for (const ip of [first, second]) await world.db('allocations').where({ id: ip?.id }).update({ currency: 'EUR' });
    await closeDecember(world);
    const sums = await world.db('charge_totals').where({ month: DECEMBER }).orderBy('currency');
    t.deepEqual(
      sums.map((sum) => [sum.currency, sum.accounts, sum.lines]),
      [
        ['EUR', 1, 2],
        ['USD', 2, 2],
      ],
    );
    for (const { currency, charged_cents: charged, credited_cents: credited } of sums) {
      const of = await world.db('charge_lines').where({ month: DECEMBER, currency }).sum({ cents: 'cents' }).first();
      t.deepEqual([Number(charged), Number(credited)], [Number(of?.['cents']), 0], currency);
    }
    const closed = await world
      .db('audit_events')
      .where({ name: 'charges.closed', subject_id: DECEMBER })
      .first('facts');
    t.is(JSON.parse(closed?.facts).lines, 4);
  },
);

onBothEngines(
  'C-10: each of several prices within a month is charged for its own days, of two on one day the later',
  async (t, world) => {
    const [, , ip, other] = await withIps(world, 'Acme', 4);
    if (!ip || !other) throw new Error('no IP');
    const reprice = async (at: string, monthlyCents: number, fromDay: string | null) => {
      world.now = Date.parse(at);
      const change = { allocation: ip, monthlyCents, fromDay: fromDay === null ? null : dayOn(fromDay) };
      await world.db.transaction((trx) => repriceIps(actIn(trx, { person: null, at: world.now }), [change]));
    };
    await reprice('2026-11-28T08:00:00Z', 3_000, null);
    await reprice('2026-12-01T08:00:00Z', 3_100, null);
    await reprice('2026-12-11T08:00:00Z', 9_300, null);
    await reprice('2026-12-11T09:00:00Z', 6_200, null);
    await reprice('2026-12-31T08:00:00Z', 31, null);
    await reprice('2027-01-01T08:00:00Z', 77, null);
    await closeDecember(world);
    const rows = await world.db('charge_lines').where({ month: DECEMBER, allocation_id: ip.id }).orderBy('from_day');
    t.deepEqual(
      rows.map((line) => [line.from_day, line.to_day, line.monthly_cents, Number(line.cents)]),
      [
        [dayOn('2026-12-01'), dayOn('2026-12-10'), 3_100, 1_000],
        [dayOn('2026-12-11'), dayOn('2026-12-30'), 6_200, 4_000],
        [dayOn('2026-12-31'), dayOn('2026-12-31'), 31, 1],
      ],
    );
    const [plain, ...more] = await world.db('charge_lines').where({ month: DECEMBER, allocation_id: other.id });
    t.like(plain, { from_day: dayOn('2026-12-01'), to_day: dayOn('2026-12-31') });
    t.deepEqual(more, []);
  },
);
