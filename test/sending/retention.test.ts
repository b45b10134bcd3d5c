// What is older than the settings keep it is removed in short transactions, and nothing else; of counts monthly sums stay.
import fc from 'fast-check';
import { actIn } from '../../src/act.ts';
import { dayOf, monthStart } from '../../src/day.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { sweepBatches, sweepCounts, sweepGoogle, sweepMicrosoft } from '../../src/sending/retention/background.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { itself } from '../support/people.ts';
import { countOf, dayText, reporting, uploadCounts } from '../support/reporting.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';

const keeping = (world: World, days: Partial<World['deps']['config']['keep']>) => ({
  ...world.deps.config.keep,
  ...days,
});
const counts = (world: World, ages: readonly number[]) =>
  ages.map((ago) => plainCount({ day: dayOf(world.now) - ago, sent: 10, bounced: 1, complained: 0 }));
const store = (world: World, domainId: number, ages: readonly number[]) =>
  world.db.transaction((trx) => recordCounts(actIn(trx, itself(world)), domainId, counts(world, ages)));
const ages = async (world: World): Promise<number[]> =>
  (await world.db('sending_counts').orderBy(['domain_id', 'day']).pluck('day')).map(
    (day: number) => dayOf(world.now) - day,
  );
const FOREVER = { counts: null };
const MOVED = ['sending_counts', 'sending_months', 'retention'];

onBothEngines(
  'counts stay for as many days as is set, whatever their domain; then their sums by month, and nothing else changes',
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
          for (const table of MOVED) await world.db(table).delete();
          for (const [index, id] of domains.entries()) await store(world, id, of[index] ?? []);
          const before = await everythingStored(world.db);
          t.is(await sweepCounts({ db: world.db, keep: keeping(world, FOREVER), at: world.now }), null);
          const all = of
            .slice(0, domains.length)
            .flatMap((own, index) => own.map((ago) => ({ ago, id: domains[index] })));
          const gone = all.filter(({ ago }) => ago > keep);
          // Two processes at once.
          const removed = await Promise.all(
            [1, 2].map(() => sweepCounts({ db: world.db, keep: keeping(world, { counts: keep }), at: world.now })),
          );
          t.is((removed[0]?.removed ?? 0) + (removed[1]?.removed ?? 0), gone.length);
          t.deepEqual((await ages(world)).sort(), all.flatMap(({ ago }) => (ago <= keep ? [ago] : [])).sort());
          const months = Map.groupBy(gone, ({ ago, id }) => `${id} ${monthStart(dayOf(world.now) - ago)}`);
          t.deepEqual(
            (await world.db('sending_months'))
              .map((row) => [`${row.domain_id} ${row.month}`, Number(row.sent), Number(row.bounced)])
              .sort(),
            [...months].map(([key, { length }]) => [key, 10 * length, length]).sort(),
          );
          const after = await everythingStored(world.db);
          for (const table of Object.keys(before))
            if (!MOVED.includes(table)) t.deepEqual(after[table], before[table], table);
          t.is(await sweepCounts({ db: world.db, keep: keeping(world, { counts: keep }), at: world.now }), null);
        },
      ),
      { numRuns: 8 },
    );
  },
);

onBothEngines('counts of a new day go the next day, and with a shorter setting at once', async (t, world) => {
  const { domain } = await reporting(world);
  await store(world, domain.id, [1, 250, 300, 301]);
  const keep = async (days: number) =>
    (await sweepCounts({ db: world.db, keep: keeping(world, { counts: days }), at: world.now }))?.removed;
  t.is(await keep(300), 1);
  world.now += DAY;
  t.is(await keep(300), 1);
  t.is(await keep(200), 1);
  t.is(await keep(300), undefined, 'what is gone does not come back');
  t.deepEqual(await ages(world), [2]);
});

onBothEngines('no transaction of it removes more than twenty days of twenty domains', async (t, world) => {
  const { domain } = await reporting(world);
  await store(
    world,
    domain.id,
    Array.from({ length: 100 }, (_, nth) => 300 + nth),
  );
  const deleted: number[] = [];
  world.db.on('query-response', (answer: unknown[] & { rows?: unknown[] }, { sql }: { sql: string }) => {
    if (sql.startsWith('delete from sending_counts')) deleted.push((answer.rows ?? answer).length);
  });
  t.like(await sweepCounts({ db: world.db, keep: keeping(world, { counts: 200 }), at: world.now }), { removed: 100 });
  t.is(
    deleted.reduce((sum, some) => sum + some, 0),
    100,
  );
  t.true(
    deleted.every((some) => some <= 20),
    deleted.join(),
  );
});

onBothEngines('an account’s page has the monthly sums of counts that are removed', async (t, world) => {
  const { domain } = await reporting(world);
  // 2024-01-10 and the day after it, and 2024-02-01.
  const day = (text: string) => dayOf(world.now) - dayOf(Date.parse(text));
  await store(world, domain.id, [day('2024-01-10'), day('2024-01-11'), day('2024-02-01')]);
  await sweepCounts({ db: world.db, keep: world.deps.config.keep, at: world.now });
  const visitor = await world.signedIn('owner@acme.example');
  const { text } = await visitor.get('/sending');
  t.regex(text, /Counts before 14 Sep 2024 are not kept by day any more\./);
  t.regex(text, /Feb 2024 10 .*Jan 2024 20 /s);
  await sweepCounts({ db: world.db, keep: keeping(world, { counts: 200 }), at: world.now });
  t.regex(
    (await visitor.get('/sending')).text,
    /Counts before 7 May 2026 are not/,
    'a longer setting brings none back',
  );
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
  const keep = async (days: number | null) =>
    (await sweepBatches({ db: world.db, keep: keeping(world, { batches: days }), at: world.now }))?.removed;
  world.now += 30 * DAY;
  t.is(await keep(30), 0);
  world.now += DAY;
  t.is(await keep(null), undefined);
  t.is(await keep(31), undefined);
  t.is(await keep(30), 1);
  t.deepEqual(await world.db('sending_batches').pluck('source'), ['upload']);
});

onBothEngines('what Google and Microsoft saw goes after as many days as is set', async (t, world) => {
  const { domain } = await reporting(world);
  const today = dayOf(world.now);
  const { id: ip_id } = await world.db('ips').first();
  const snds = { ip_id, recipients: 1, filter: 'GREEN', complaints: '< 0.1%', trap_hits: 0, recorded_at: 1 };
  for (const ago of [0, 399, 400, 401, 900]) {
    await world.db('postmaster_days').insert({ domain_id: domain.id, day: today - ago, recorded_at: 1 });
    await world.db('snds_days').insert({ ...snds, day: today - ago });
  }
  for (const [sweepDays, table] of [
    [sweepGoogle, 'postmaster_days'],
    [sweepMicrosoft, 'snds_days'],
  ] as const) {
    t.like(await sweepDays({ db: world.db, keep: world.deps.config.keep, at: world.now }), { removed: 2 });
    t.deepEqual((await world.db(table).pluck('day')).map((day: number) => today - day).sort(), [0, 399, 400]);
  }
});
