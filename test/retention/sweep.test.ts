// A sweep goes on where it was, whatever ended it, and is done once for each day.
import { removeOldRows } from '../../src/old-rows.ts';
import { type Old, type Piece, sweep } from '../../src/retention/actions.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const nightOf = ({ db, deps, now }: World) => ({ db, keep: deps.config.keep, at: now });

/** A sweep over ids from 1 to `last`, one in each piece. `seen` gets each; it throws at `broken`. */
const numbered = (last: number, seen: number[], broken = 0) => ({
  subject: 'used links' as const,
  keepDays: 10,
  remove: async (_: World['db'], { after }: Old): Promise<Piece> => {
    const id = after + 1;
    if (id === broken) throw new Error('broken');
    seen.push(id);
    return { removed: 1, next: id < last ? id : null };
  },
});

onBothEngines('what a sweep left goes on behind the last piece that was stored', async (t, world) => {
  const seen: number[] = [];
  await t.throwsAsync(sweep(nightOf(world), numbered(5, seen, 3)), { message: 'broken' });
  t.deepEqual(seen, [1, 2]);
  t.like(await sweep(nightOf(world), numbered(5, seen)), { removed: 3, pieces: 3 });
  t.deepEqual(seen, [1, 2, 3, 4, 5]);
  t.is(await sweep(nightOf(world), numbered(5, seen)), null);
  const row = await world.db('retention').first();
  t.like(row, { subject: 'used links', through_id: null });
  t.is(Number(row.removed), 5);
});

onBothEngines('a sweep that is stopped ends before the next piece', async (t, world) => {
  const seen: number[] = [];
  const isStopped = () => seen.length === 2;
  t.like(await sweep({ ...nightOf(world), isStopped }, numbered(5, seen)), { pieces: 2 });
  t.like(await sweep(nightOf(world), numbered(5, seen)), { pieces: 3 });
  t.deepEqual(seen, [1, 2, 3, 4, 5]);
});

onBothEngines('of two sweeps at once each piece is removed by one', async (t, world) => {
  const seen: number[] = [];
  await Promise.all([1, 2].map(() => sweep(nightOf(world), numbered(20, seen))));
  t.deepEqual(
    seen,
    Array.from({ length: 20 }, (_, nth) => nth + 1),
  );
});

onBothEngines('a sweep begins again on the next day, and where less is kept, not where more is', async (t, world) => {
  const runs = async (keepDays: number | null) => {
    const seen: number[] = [];
    await sweep(nightOf(world), { ...numbered(2, seen), keepDays });
    return seen.length;
  };
  t.is(await runs(null), 0);
  t.is(await runs(10), 2);
  t.is(await runs(10), 0);
  t.is(await runs(11), 0);
  t.is(await runs(9), 2);
  world.now += DAY;
  t.is(await runs(9), 2);
});

onBothEngines(
  'a process that keeps more, or whose clock is behind, leaves a sweep to those who know better',
  async (t, world) => {
    const seen: number[] = [];
    await t.throwsAsync(sweep(nightOf(world), numbered(3, seen, 2)));
    t.is(await sweep(nightOf(world), { ...numbered(3, seen), keepDays: 20 }), null);
    t.is(await sweep({ ...nightOf(world), at: world.now - DAY }, numbered(3, seen)), null);
    t.like(await sweep(nightOf(world), numbered(3, seen)), { pieces: 2 });
  },
);

onBothEngines('each day one line says what was removed', async (t, world) => {
  const lines = () => world.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'old rows removed');
  await removeOldRows(world.deps);
  await removeOldRows(world.deps);
  t.is(lines().length, 1);
  const none = { counts: 0, batches: 0, mails: 0, withheld: 0, inbound: 0, raw: 0 };
  t.like(lines()[0], { removed: { ...none, warmupDays: 0, google: 0, microsoft: 0, listings: 0, links: 0 } });
  t.true(lines()[0].pieces >= 11);
  t.is(typeof lines()[0].longestMs, 'number');
  world.now += DAY;
  await removeOldRows(world.deps);
  t.is(lines().length, 2);
});
