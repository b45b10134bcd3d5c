// What domains sent over the shared pools in 28 days is kept beside the counts: it always says what they come to.
import fc from 'fast-check';
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { slidePools } from '../../src/sending/pools/background.ts';
import * as make from '../support/make.ts';
import { itself } from '../support/people.ts';
import { countOf, dayText, reporting, uploadCounts } from '../support/reporting.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';

type Sum = { readonly pool: string; readonly domain_id: number; readonly sent: number; readonly bounced: number };

const told = async (world: World): Promise<Sum[]> =>
  plain(
    await world
      .db('pool_windows')
      .where('sent', '>', 0)
      .orderBy(['pool', 'domain_id'])
      .select('pool', 'domain_id', 'sent', 'bounced'),
  );

/** The same from the counts themselves. */
async function summed(world: World): Promise<Sum[]> {
  const today = dayOf(world.now);
  const rows: Sum[] = await world
    .db('sending_counts')
    .where('ip_id', 0)
    .whereBetween('day', [today - 28, today - 1])
    .groupBy('pool', 'domain_id')
    .orderBy(['pool', 'domain_id'])
    .select('pool', 'domain_id')
    .sum({ sent: 'sent', bounced: 'bounced' });
  return plain(rows).filter(({ sent }) => sent > 0);
}

const plain = (rows: readonly Sum[]): Sum[] =>
  rows.map(({ pool, domain_id, sent, bounced }) => ({ pool, domain_id, sent: Number(sent), bounced: Number(bounced) }));

onBothEngines('whatever is counted, on whatever day, the windows say what the counts come to', async (t, world) => {
  t.timeout(5 * MINUTE);
  const { report, domain } = await reporting(world);
  const { ip_id: ipId } = await world.db('allocations').first('ip_id');
  const step = fc.record({
    how: fc.constantFrom('record', 'report'),
    ago: fc.nat(31),
    via: fc.constantFrom('shared-us', 'shared-eu', '192.0.2.1'),
    sent: fc.integer({ min: 0, max: 500 }),
    passes: fc.nat(2),
  });
  let batch = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      for (const { how, ago, via, sent, passes } of steps) {
        const outcome = { sent, delivered: 0, deferred: 0, bounced: Math.min(sent, 7), complained: 0 };
        if (how === 'record') {
          const where = via === '192.0.2.1' ? { ipId, pool: '' } : { ipId: 0, pool: via };
          const count = plainCount({ ...outcome, ...where, day: dayOf(world.now) - ago });
          await world.db.transaction((trx) => recordCounts(actIn(trx, itself(world)), domain.id, [count]));
        } else {
          // An IP is somebody's from a day on.
          const over = via === '192.0.2.1' ? 'shared-us' : via;
          const count = countOf(world, { ...outcome, day: dayText(world, ago), via: over });
          const answer = await report(`b${++batch}`, [count]);
          if (answer.status !== 200) throw new Error(JSON.stringify(answer.json));
        }
        world.now += passes * DAY;
        if (passes > 0) await slidePools(world.db, world.now);
        t.deepEqual(await told(world), await summed(world));
      }
    }),
    { numRuns: 15 },
  );
});

onBothEngines('an upload and its replacement move the windows', async (t, world) => {
  const { staff } = await reporting(world);
  const reviewer = await world.signedIn(staff.reviewer.email);
  const header = 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained\n';
  const row = (ago: number, sent: number) =>
    `${dayText(world, ago)},shop.acme.example,shared-us,gmail,marketing,${sent},0,0,0,0\n`;
  for (const sent of [500, 20]) {
    const page = await uploadCounts(
      world,
      reviewer,
      `${header}${row(0, 7)}${row(1, sent)}${row(28, sent)}${row(29, sent)}`,
    );
    t.is(page.status, 200);
    const [only] = await told(world);
    t.is(only?.sent, 2 * sent);
  }
});

onBothEngines('acts at once on one domain leave its window whole', async (t, world) => {
  const { report } = await reporting(world);
  const batches = Array.from({ length: 12 }, (_, nth) => [
    countOf(world, { day: dayText(world, 1 + nth), via: 'shared-us' }),
    countOf(world, { day: dayText(world, 1), via: 'shared-eu', provider: ['gmail', 'yahoo', 'apple'][nth % 3] }),
  ]);
  const answers = await Promise.all(batches.map((counts, nth) => report(`b${nth}`, counts)));
  t.true(answers.every(({ status }) => status === 200));
  t.is(
    (await told(world)).reduce((sum, { sent }) => sum + sent, 0),
    2400,
  );
  t.deepEqual(await told(world), await summed(world));
});

onBothEngines('each day the windows of all domains move on once, also where three move them', async (t, world) => {
  const { report } = await reporting(world);
  const other = await make.account(world, { name: 'Other', weekly: null });
  const names = ['shop.acme.example', ...other.domains.map(({ name }) => name)];
  const answer = await report(
    'a',
    names.map((domain) => countOf(world, { domain, via: 'shared-us' })),
  );
  t.is(answer.status, 200);
  t.deepEqual(await told(world), [], 'the day is not over');
  world.now += DAY;
  const last = (await world.db('domains').max({ id: 'id' }).first())?.['id'];
  const looked = await Promise.all([1, 2, 3].map(() => slidePools(world.db, world.now, 1)));
  t.is(
    looked.reduce((sum, one) => sum + one, 0),
    last,
    'each id once',
  );
  t.is((await told(world)).length, names.length);
  t.deepEqual(await told(world), await summed(world));
  t.is(await slidePools(world.db, world.now), 0);
  world.now += 27 * DAY;
  await slidePools(world.db, world.now, 1);
  t.is((await told(world)).length, names.length, 'the day is the oldest of the window now');
  world.now += DAY;
  await slidePools(world.db, world.now, 1);
  t.deepEqual(await world.db('pool_windows'), [], 'and has left it');
});
