// C-09, C-10, S-08, S-10: whatever is bought, changed, moved in and given back over two years, through the product's own acts,
// the ledger is the days held times the prices in force.
//   CHARGE_STORIES=2000 npm test -- test/charges/acts.test.ts
import assert from 'node:assert/strict';
import ava, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { gatherSpan, gatherStatement } from '../../src/charges/gather.ts';
import { type Day, dayOf } from '../../src/day.ts';
import { checkData } from '../../src/invariants/store.ts';
import { createWorld, type Engine, type World } from '../support/world.ts';
import type { Expected } from './expected.ts';
import { anyStory, play, type Story } from './story.ts';

const STORIES: Readonly<Record<Engine, number>> = { SQLite: Number(process.env.CHARGE_STORIES ?? 6), PostgreSQL: 3 };
const seed = Number(process.env.TEST_SEED) || undefined;
const path = process.env.CHARGE_PATH;

type Sum = { readonly cents: number; readonly days: number };

const daysOf = (line: { fromDay: Day; toDay: Day; creditsId: number | null }): number =>
  (line.toDay - line.fromDay + 1) * (line.creditsId === null ? 1 : -1);

/** What each IP is charged with in closed months. */
async function written({ db }: World): Promise<Map<number, Sum>> {
  const sums = new Map<number, Sum>();
  for (const { allocation_id: id, cents, from_day: fromDay, to_day: toDay, credits_id: creditsId } of await db(
    'charge_lines',
  ))
    add(sums, id, { cents: Number(cents), days: daysOf({ fromDay, toDay, creditsId }) });
  return sums;
}

function add(sums: Map<number, Sum>, id: number, more: Sum): void {
  const { cents, days } = sums.get(id) ?? { cents: 0, days: 0 };
  sums.set(id, { cents: cents + more.cents, days: days + more.days });
}

/** The same up to and with today, as pages and programs are told: with the months that are open. */
async function owed(world: World, today: Day): Promise<Map<number, Sum>> {
  const { db, now } = world;
  const sums = await written(world);
  const { open, current } = await gatherSpan(db, now);
  const ids = await db('accounts').pluck('id');
  for (let month = open; month <= current; month += 1)
    for (const { allocationId, cents, ...line } of (await gatherStatement(db, { open, today }, month, ids)).lines)
      add(sums, allocationId, { cents, days: daysOf(line) });
  return sums;
}

function agrees(found: ReadonlyMap<number, Sum>, wanted: ReadonlyMap<number, Sum>, when: string): void {
  const ids = [...new Set([...found.keys(), ...wanted.keys()])].sort((one, other) => one - other);
  const listed = (sums: ReadonlyMap<number, Sum>) => ids.map((id) => ({ id, cents: 0, days: 0, ...sums.get(id) }));
  assert.deepEqual(listed(found), listed(wanted), when);
}

/** Whether the closed months agree with what is expected up to their end. */
async function closedAgree(world: World, expected: Expected): Promise<void> {
  const last = await world.db('charge_months').whereNotNull('closed_at').max({ day: 'last_day' }).first();
  agrees(await written(world), expected.sums(last?.['day'] ?? 0), 'closed months');
}

async function holds(engine: Engine, story: Story): Promise<void> {
  const ends: (() => unknown)[] = [];
  const teardown = (end: () => unknown): void => void ends.unshift(end);
  try {
    const world = await createWorld({ teardown } as unknown as ExecutionContext, engine);
    const expected = await play(world, story, (of) => closedAgree(world, of));
    if (await world.db('charge_months').first()) await closedAgree(world, expected);
    const today = dayOf(world.now);
    agrees(await owed(world, today), expected.sums(today), 'with the months that are open');
    assert.deepEqual(await checkData(world.db, world.now), []);
  } finally {
    for (const end of ends) await end();
  }
}

for (const engine of ['SQLite', 'PostgreSQL'] as const)
  ava(`C-09, C-10: two years of any acts cost the days held times the prices in force (${engine})`, async (t) => {
    t.timeout(3_600_000);
    const how = {
      numRuns: STORIES[engine],
      includeErrorInReport: true,
      ...(seed === undefined ? {} : { seed }),
      ...(path === undefined ? {} : { path, endOnFailure: true }),
    };
    await t.notThrowsAsync(() =>
      fc.assert(
        fc.asyncProperty(anyStory, (story) => holds(engine, story)),
        how,
      ),
    );
  });
