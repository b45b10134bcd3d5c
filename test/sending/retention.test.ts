// What is older than the settings keep it is removed in short transactions, and nothing else.
import ava from 'ava';
import fc from 'fast-check';
import { actIn } from '../../src/act.ts';
import { readConfig } from '../../src/config.ts';
import { dayOf } from '../../src/day.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { removeOld } from '../../src/sending/retention/background.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { itself } from '../support/people.ts';
import { countOf, dayText, reporting, uploadCounts } from '../support/reporting.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';

const FOREVER = { keepCountsDays: null, keepBatchesDays: null };
const counts = (world: World, ages: readonly number[]) =>
  ages.map((ago) => plainCount({ day: dayOf(world.now) - ago, sent: 10, bounced: 0, complained: 0 }));
const ages = async (world: World): Promise<number[]> =>
  (await world.db('sending_counts').orderBy(['domain_id', 'day']).pluck('day')).map(
    (day: number) => dayOf(world.now) - day,
  );

onBothEngines(
  'counts stay for as many days as is set, whatever their domain, and nothing else goes',
  async (t, world) => {
    t.timeout(5 * MINUTE);
    const { domain } = await reporting(world);
    const other = await make.account(world, { name: 'Other', weekly: null });
    const domains = [domain.id, ...other.domains.map(({ id }) => id)];
    const some = fc.uniqueArray(fc.nat(700), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(some, { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 200, max: 500 }),
        async (of, keep) => {
          await world.db('sending_counts').delete();
          await world.db('daily_progress').delete();
          for (const [index, id] of domains.entries())
            await world.db.transaction((trx) =>
              recordCounts(actIn(trx, itself(world)), id, counts(world, of[index] ?? [])),
            );
          const before = await everythingStored(world.db);
          t.is(await removeOld(world.db, FOREVER, world.now), 0);
          const all = of.flat();
          const retention = { keepCountsDays: keep, keepBatchesDays: null };
          // Two processes at once.
          const removed = await Promise.all([1, 2].map(() => removeOld(world.db, retention, world.now)));
          t.is((removed[0] ?? 0) + (removed[1] ?? 0), all.filter((ago) => ago > keep).length);
          t.deepEqual((await ages(world)).sort(), all.filter((ago) => ago <= keep).sort());
          const after = await everythingStored(world.db);
          for (const table of Object.keys(before))
            if (!['sending_counts', 'daily_progress'].includes(table)) t.deepEqual(after[table], before[table], table);
          t.is(await removeOld(world.db, retention, world.now), 0);
        },
      ),
      { numRuns: 8 },
    );
  },
);

onBothEngines('counts of a new day go the next day, and with a shorter setting at once', async (t, world) => {
  const { domain } = await reporting(world);
  await world.db.transaction((trx) =>
    recordCounts(actIn(trx, itself(world)), domain.id, counts(world, [1, 250, 300, 301])),
  );
  const keep = (days: number) => removeOld(world.db, { keepCountsDays: days, keepBatchesDays: null }, world.now);
  t.is(await keep(300), 1);
  world.now += DAY;
  t.is(await keep(300), 1);
  t.is(await keep(200), 1);
  t.is(await keep(300), 0);
  t.deepEqual(await ages(world), [2]);
});

onBothEngines('no transaction of it removes more than twenty days of twenty domains', async (t, world) => {
  const { domain } = await reporting(world);
  await world.db.transaction((trx) =>
    recordCounts(
      actIn(trx, itself(world)),
      domain.id,
      counts(
        world,
        Array.from({ length: 100 }, (_, nth) => 300 + nth),
      ),
    ),
  );
  const deleted: number[] = [];
  world.db.on('query-response', (answer: unknown, { method, sql }: { method: string; sql: string }) => {
    if (method === 'del' && sql.includes('sending_counts')) deleted.push(Number(answer));
  });
  t.is(await removeOld(world.db, { keepCountsDays: 200, keepBatchesDays: null }, world.now), 100);
  t.is(deleted.length, 5);
});

onBothEngines('names of batches are forgotten after as many days as is set, but for uploads', async (t, world) => {
  const { report, staff } = await reporting(world);
  const batch = () => report('b1', [countOf(world, { day: dayText(world, 1), via: 'shared-us' })]);
  t.is((await batch()).status, 200);
  const reviewer = await world.signedIn(staff.reviewer.email);
  const header = 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained\n';
  await uploadCounts(
    world,
    reviewer,
    `${header}${dayText(world)},shop.acme.example,shared-us,gmail,marketing,1,1,0,0,0\n`,
  );
  const keep = (days: number | null) => removeOld(world.db, { keepCountsDays: null, keepBatchesDays: days }, world.now);
  world.now += 30 * DAY;
  t.is(await keep(30), 0);
  world.now += 1;
  t.is(await keep(null), 0);
  t.is(await keep(31), 0);
  t.is(await keep(30), 1);
  t.deepEqual(await world.db('sending_batches').pluck('source'), ['upload']);
});

ava('without a setting all is kept forever', (t) => {
  const read = readConfig({});
  t.true(read.ok);
  if (read.ok) t.like(read.value, FOREVER);
});
