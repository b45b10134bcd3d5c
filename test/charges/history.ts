// Two years of a provider with many IPs: taken, repriced, announced, released, at random; and what they must cost,
// counted day by day by somebody who knows nothing of the ledger.
import ava, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { actIn } from '../../src/act.ts';
import { closeMonth, findOpenMonth } from '../../src/charges/actions.ts';
import { type Day, dayOf } from '../../src/day.ts';
import { checkData } from '../../src/invariants/store.ts';
import { allocateIps } from '../../src/ips/actions.ts';
import { applyDuePrices, repriceIps } from '../../src/ips/prices/actions.ts';
import { findAllocation } from '../../src/ips/store.ts';
import * as make from '../support/make.ts';
import { createWorld, DAY, type World } from '../support/world.ts';

export const MONTHS = 24;
const BEGINS = Date.UTC(2026, 10, 1, 6);
const DAYS = 730;

/** What happens to one IP, in days from the beginning. */
export type Life = {
  readonly takenOn: number;
  /** How many days later its warm-up begins; null: it is used at once. */
  readonly warmsAfter: number | null;
  /** Moved in, and charged from this many days later, or earlier below zero; null: not moved in. */
  readonly chargedAfter: number | null;
  readonly cents: number;
  /** Another price from a day on: at once, or announced this many days ahead. */
  readonly prices: readonly { readonly on: number; readonly cents: number; readonly notice: number }[];
  /** Given back, and entered only this many days later. */
  readonly release: { readonly on: number; readonly late: number } | null;
};

const cents = fc.constantFrom(0, 0, 5_000, 4_999, 3_000, 1, 12_345);
export const anyLife: fc.Arbitrary<Life> = fc.record({
  takenOn: fc.integer({ min: 0, max: DAYS - 60 }),
  warmsAfter: fc.option(fc.integer({ min: 0, max: 40 })),
  chargedAfter: fc.option(fc.integer({ min: -70, max: 40 }), { freq: 2 }),
  cents,
  prices: fc.array(
    fc.record({ on: fc.integer({ min: 0, max: DAYS }), cents, notice: fc.constantFrom(0, 0, 1, 30, 45) }),
    { maxLength: 4 },
  ),
  release: fc.option(fc.record({ on: fc.integer({ min: 0, max: DAYS }), late: fc.constantFrom(0, 0, 0, 3, 40, 100) })),
});

/** What the model knows of an IP: the first and the last day, and from which day on which price holds. */
type Known = { id: number; first: Day; last: Day | null; prices: { from: Day; cents: number }[] };

/** Plays lives at a world's clock, closing months as they end, and compares after each closing by `check`. */
export async function live(
  world: World,
  lives: readonly Life[],
  check: (known: readonly Known[], throughDay: Day) => Promise<void>,
): Promise<void> {
  world.now = BEGINS;
  const acme = await make.account(world);
  for (let left = lives.length + 1; left > 0; left -= 200) await make.ips(world, 'us', Math.min(left, 200));
  const requestId = await make.requestIn(world, 'fulfilled', acme.admin, {});
  const first = dayOf(world.now);
  const known = new Map<number, Known>();
  const announced: { index: number; from: Day; cents: number }[] = [];
  const begin = async (index: number, life: Life) =>
    void known.set(index, await take(world, { requestId, acme }, life));
  for (let day = 0; day <= DAYS; day += 1) {
    world.now = BEGINS + day * DAY;
    const today = first + day;
    for (const [index, life] of lives.entries()) {
      if (life.takenOn === day) await begin(index, life);
      const one = known.get(index);
      if (!one) continue;
      for (const price of life.prices.filter(({ on }) => on === day && one.last === null)) {
        const from = price.notice === 0 ? null : today + price.notice;
        const allocation = await findAllocation(world.db, one.id);
        if (!allocation) throw new Error('the IP is gone');
        await world.db.transaction((trx) =>
          repriceIps(actIn(trx, { person: null, at: world.now }), [
            { allocation, monthlyCents: price.cents, fromDay: from },
          ]),
        );
        // An announced price whose day has come holds, though nothing applied it yet.
        const due = announced.find((other) => other.index === index && other.from <= today);
        if (due) one.prices.push({ from: due.from, cents: due.cents });
        drop(announced, index);
        if (from !== null) announced.push({ index, from, cents: price.cents });
        else one.prices.push({ from: today, cents: price.cents });
      }
      const { release } = life;
      if (
        release &&
        one.last === null &&
        day >= life.takenOn &&
        day === Math.max(release.on, life.takenOn) + release.late
      ) {
        one.last = first + Math.max(release.on, life.takenOn);
        await giveBack(world, one.id, one.last);
      }
    }
    // The background job is away now and then, and applies what was announced later.
    if (day % 7 !== 3 && day % 30 > 2) {
      await applyDuePrices(world.db, world.now);
      for (const one of announced.filter(({ from }) => from <= today)) {
        drop(announced, one.index);
        const of = known.get(one.index);
        if (of && (of.last === null || of.last >= one.from)) of.prices.push({ from: one.from, cents: one.cents });
      }
    }
    const open = await findOpenMonth(world.db);
    if (open === null || day % 5 !== 0) continue;
    const done = await closeMonth(world.db, { person: null, at: world.now }, open);
    if (!done.ok) continue;
    // Days before the month with which the ledger began are not its own.
    const [from, through] = await closedDays(world);
    await check(
      [...known.values()].map((one) => ({ ...one, first: Math.max(one.first, from) })),
      through,
    );
  }
}

const drop = (announced: { index: number }[], index: number): void => {
  const at = announced.findIndex((one) => one.index === index);
  if (at >= 0) announced.splice(at, 1);
};

/** The first and the last day of what is closed. */
async function closedDays(world: World): Promise<[Day, Day]> {
  const closed = world.db('charge_months').whereNotNull('closed_at');
  const row = await closed.min({ from: 'first_day' }).max({ through: 'last_day' }).first();
  return [row?.['from'], row?.['through']];
}

async function take(
  world: World,
  { requestId, acme }: { readonly requestId: number; readonly acme: make.Account },
  life: Life,
): Promise<Known> {
  const today = dayOf(world.now);
  const starts = today + (life.warmsAfter ?? 0);
  const first = life.chargedAfter === null ? starts : today + life.chargedAfter;
  const id = await world.db.transaction(async (trx) => {
    const act = actIn(trx, { person: null, at: world.now });
    const before = await trx('allocations').max({ id: 'id' }).first();
    await allocateIps(act, {
      ...{ requestId, reference: 'WD-1001', accountId: acme.id, region: 'us', prices: [life.cents], currency: 'USD' },
      ...{ domainIds: acme.domains.map((one) => one.id), status: life.warmsAfter === null ? 'active' : 'warming' },
    });
    const row = await trx('allocations')
      .where('id', '>', before?.['id'] ?? 0)
      .first('id');
    if (life.warmsAfter !== null) await trx('warmups').insert(await warmupLike(trx, row.id, starts));
    const chargedFrom = life.chargedAfter === null ? null : first;
    await trx('allocations').where({ id: row.id }).update({ charged_from: chargedFrom });
    return row.id as number;
  });
  return { id, first, last: null, prices: [{ from: Number.NEGATIVE_INFINITY, cents: life.cents }] };
}

/** Another warm-up like the one of the request, of this IP and from this day on. */
async function warmupLike(trx: World['db'], allocationId: number, startsOn: Day) {
  const { id: _, ...row } = await trx('warmups').orderBy('id').first();
  return { ...row, allocation_id: allocationId, starts_on: startsOn };
}

async function giveBack(world: World, id: number, lastDay: Day): Promise<void> {
  const released = { status: 'releasing', released_on: lastDay, changed_at: world.now };
  await world.db('allocations').where({ id }).update(released);
}

/** What an IP's days cost up to and with `through`, one day after the other. */
export function costOf({ first, last, prices }: Known, through: Day): number {
  let sum = 0;
  for (let day = first; day <= Math.min(last ?? through, through); day += 1) {
    let cents = 0;
    let since = Number.NEGATIVE_INFINITY;
    for (const price of prices) {
      if (price.from > day || price.from < since) continue;
      since = price.from;
      cents = price.cents;
    }
    sum += priceOfDay(cents, day);
  }
  return sum;
}

/** A day's part of a month's price: each day gets its share, and the fraction that is left over goes to the next. */
function priceOfDay(monthly: number, day: Day): number {
  const date = new Date(day * DAY);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  let left = 0;
  let paid = 0;
  for (let number = 1; number <= date.getUTCDate(); number += 1) {
    left += monthly;
    paid = Math.trunc(left / length);
    left -= paid * length;
  }
  return paid;
}

/** What check-data has to say about charges alone: these tests give IPs lives that nothing else explains. */
export const chargeFaults = async (world: World): Promise<string[]> =>
  (await checkData(world.db, world.now)).filter((line) => /^I11\d /.test(line));

/** A test on both engines at whose end what check-data says of charges holds. */
export function withChargesRight(title: string, run: (t: ExecutionContext, world: World) => Promise<void>): void {
  for (const engine of ['SQLite', 'PostgreSQL'] as const) {
    ava(`${title} (${engine})`, async (t) => {
      const world = await createWorld(t, engine);
      await run(t, world);
      t.deepEqual(await chargeFaults(world), []);
    });
  }
}
