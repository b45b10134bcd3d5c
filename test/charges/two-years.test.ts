// C-09, C-10, S-08, S-10: what the ledger says after two years of anything.
import fc from 'fast-check';
import type { World } from '../support/world.ts';
import { anyLife, chargeFaults, costOf, live, MONTHS, withChargesRight } from './history.ts';

/** How many IPs live through the two years. */
const LIVES = Number(process.env.CHARGE_LIVES ?? 60);
const seed = Number(process.env.TEST_SEED) || undefined;

/** What is written of each IP, in cents. */
async function written({ db }: World): Promise<Map<number, number>> {
  const sums: { id: number; cents: number }[] = await db('charge_lines')
    .groupBy('allocation_id')
    .select('allocation_id as id', db.raw('sum(cents) as cents'));
  return new Map(sums.map(({ id, cents }) => [id, Number(cents)]));
}

withChargesRight('C-10: over two years the ledger is the days held times the prices in force', async (t, world) => {
  t.timeout(1_800_000);
  const lives = fc.sample(anyLife, { numRuns: LIVES, ...(seed === undefined ? {} : { seed }) });
  let closings = 0;
  await live(world, lives, async (known, through) => {
    closings += 1;
    const sums = await written(world);
    for (const one of known) t.is(sums.get(one.id) ?? 0, costOf(one, through), JSON.stringify(one));
    if (closings % 6 === 0) t.deepEqual(await chargeFaults(world), []);
  });
  t.true(closings >= MONTHS - 2, `${closings} months closed`);
  const credits = await world.db('charge_lines').whereNotNull('credits_id');
  t.true(LIVES < 50 || credits.length > 0, 'something was put right');
});
