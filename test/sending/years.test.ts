// Logs whose dates have no year: which years their lines are of.
import { statSync, utimesSync } from 'node:fs';
import ava from 'ava';
import fc from 'fast-check';
import { Clock } from '../../src/sending/logs/clock.ts';
import { hasNoYear, marksAmong, Years } from '../../src/sending/logs/years.ts';
import { ingest, mailLog, message } from '../support/mail-log.ts';
import { counted, reporting } from '../support/reporting.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (figure: number): string => String(figure).padStart(2, '0');

/** A date of the older form, as syslog writes it in the time zone of the process. */
function written(at: number): string {
  const date = new Date(at);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${clock}`;
}

/** With the year; the hour that summer time repeats is one to a log. */
const dated = (at = Number.NaN): string => `${new Date(at).getFullYear()} ${written(at)}`;

/** What a log with these dates is read as, in chunks of this many lines. */
function read(dates: readonly string[], until: number, chunk: number): (number | undefined)[] | undefined {
  const chunks = Array.from({ length: Math.ceil(dates.length / chunk) }, (_, index) => ({
    lines: dates.slice(index * chunk, (index + 1) * chunk).map((date) => `${date} mx1 postfix/qmgr[1]: x`),
    at: (line: number) => (index * chunk + line) * 100,
  }));
  const years = new Years();
  for (const one of chunks) years.add(one);
  const marks = years.marks(until);
  if (!marks) return undefined;
  const clock = new Clock(until);
  return chunks.flatMap((one) => {
    const since = marksAmong(marks, one);
    return one.lines.map((line, index) => {
      for (const mark of since) if (mark.index === index) clock.since = mark.at;
      return clock.read(line.slice(0, 15));
    });
  });
}

/** Steps between lines: hours, some days, a bit backwards. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -2 * HOUR, max: DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * DAY }) },
);
const log = fc.record({
  end: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2031, 0, 1) }),
  steps: fc.array(step, { minLength: 1, maxLength: 300 }),
  after: fc.integer({ min: 0, max: 300 * DAY }),
  chunk: fc.integer({ min: 1, max: 50 }),
});

/** Times of lines, to the second, the last of them at `end`. */
function timesOf(end: number, steps: readonly number[]): number[] {
  const times = [Math.floor(end / 1000) * 1000];
  for (const one of steps) times.unshift((times[0] ?? 0) - Math.floor(one / 1000) * 1000);
  return times;
}

ava('a log of any length is read with the year of each line, whatever the chunks', (t) => {
  fc.assert(
    fc.property(log, ({ end, steps, after, chunk }) => {
      const times = timesOf(end, steps);
      const dates = times.map(written);
      const found = read(dates, Math.max(...times) + after, chunk);
      t.deepEqual(found?.map(dated), times.map(dated));
    }),
    { numRuns: 500 },
  );
});

ava('one damaged date moves no other line', (t) => {
  fc.assert(
    fc.property(log, fc.nat(), fc.nat({ max: 11 }), ({ end, steps, chunk }, where, month) => {
      const times = timesOf(end, steps);
      const dates = times.map(written);
      const index = where % dates.length;
      const found = read(dates.with(index, `${MONTHS[month]}${dates[index]?.slice(3)}`), Math.max(...times), chunk);
      if (times.length < 4) return;
      t.deepEqual(found?.toSpliced(index, 1).map(dated), times.toSpliced(index, 1).map(dated));
    }),
    { numRuns: 500 },
  );
});

ava('29 February is read in a leap year, and refused in others', (t) => {
  t.is(new Clock(Date.UTC(2028, 3, 1)).read('Feb 29 10:00:00'), new Date(2028, 1, 29, 10).getTime());
  t.is(new Clock(Date.UTC(2026, 3, 1)).read('Feb 29 10:00:00'), undefined);
});

ava('only dates without a year are looked at', (t) => {
  for (const line of ['Nov  7 01:00:00 mx1 x', '<22>Nov 27 01:00:00.123 mx1 x']) t.true(hasNoYear(line));
  for (const line of ['2026-11-28T01:00:00+00:00 mx1 x', 'Sat 2026-11-28 01:00:00 UTC mx1 x']) t.false(hasNoYear(line));
});

/** Acme had its IP all that time. It is noon. */
async function scene(world: World): Promise<void> {
  const { allocationId } = await reporting(world);
  world.now = Date.UTC(2026, 10, 28, 12);
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - 1000 * DAY });
}

const mailOf = (at: number): string[] =>
  message({ at, id: `A1B2C3D4${at / HOUR}` }).map((line) => line.replace(/^\S+/, written(at)));

onBothEngines('case 17: the days of two years in one log do not add up', async (t, world) => {
  await scene(world);
  const log = mailLog(t);
  for (let ago = 366; ago >= 1; ago -= 1) {
    const at = world.now - ago * DAY;
    if (ago > 363 || ago < 3) log.add(...mailOf(at));
    else log.add(`${written(at)} mx1 CRON[99]: (root) CMD (true)`);
  }
  t.deepEqual((await ingest(world, log.path)).unread, []);
  const days = [366, 365, 364, 2, 1].map((ago) => new Date(world.now - ago * DAY).toISOString().slice(0, 10));
  t.deepEqual(
    (await counted(world)).map((line) => line.split(' ').toSpliced(1, 4).slice(0, 2).join(' ')),
    days.map((day) => `${day} 1`),
  );
});

onBothEngines('case 17: where months without mail may be years, the log is refused', async (t, world) => {
  await scene(world);
  const log = mailLog(t);
  for (const [month, day] of [
    [10, 26],
    [11, 31],
    [12, 1],
    [22, 26],
  ] as const)
    log.add(...mailOf(Date.UTC(2025, month, day, 12)));
  const run = await ingest(world, log.path);
  t.like(run, { records: 0, lines: 0 });
  t.like(run.unread, [{ line: null }]);
  t.regex(run.unread[0]?.sentence ?? '', /dates have no year.* Nothing of it was counted/);
  t.deepEqual(await world.db('sending_logs'), []);
});

onBothEngines('a log that ended long ago is of the years before its last change', async (t, world) => {
  await scene(world);
  const log = mailLog(t);
  const at = Date.UTC(2025, 9, 3, 12);
  log.add(...mailOf(at), ...mailOf(at + HOUR));
  utimesSync(log.path, at / 1000 + 7200, at / 1000 + 7200);
  t.is(statSync(log.path).mtimeMs, at + 2 * HOUR);
  await ingest(world, log.path);
  t.regex((await counted(world))[0] ?? '', /^2025-10-03 .* 2 2 0 0 0/);
});
