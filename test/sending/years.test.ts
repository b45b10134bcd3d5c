// Logs whose dates have no year: which years their lines are of.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync } from 'node:fs';
import ava, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { Clock } from '../../src/sending/logs/clock.ts';
import { writtenUntil } from '../../src/sending/logs/written-until.ts';
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

/** A line that is another one than the others. */
type Told = { readonly index: number; readonly text: string; readonly now: number };

/** What a log with these dates is read as, in chunks of this many lines. */
function read(dates: readonly string[], until: number, chunk: number, told?: Told): (number | undefined)[] | undefined {
  const texts = dates.map((date, index) => `${date} mx1 postfix/${index === told?.index ? told.text : 'qmgr[1]: x'}`);
  const chunks = Array.from({ length: Math.ceil(dates.length / chunk) }, (_, index) => ({
    lines: texts.slice(index * chunk, (index + 1) * chunk),
    at: (line: number) => (index * chunk + line) * 100,
  }));
  const years = new Years();
  for (const one of chunks) years.add(one);
  const marks = years.marks(years.last(until));
  if (!marks) return undefined;
  const clock = new Clock(told?.now ?? until);
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

/** The line in which Postfix notes the Message-ID that it made at an instant. */
const made = (at: number, name = '8DC9D239FFA'): string =>
  `cleanup[21652]: 8DC9D239FFA: message-id=<${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}.${name}@mx1.example>`;

ava('an id that Postfix made tells the years of all lines, whatever the time of the file', (t) => {
  const wrong = fc.integer({ min: 0, max: Date.UTC(2040, 0, 1) });
  fc.assert(
    fc.property(log, wrong, fc.nat(), ({ end, steps, chunk }, changed, where) => {
      // Until two lines agree it is not known where the log begins.
      const times = timesOf(end, [...steps, 0, 0]).sort((one, other) => one - other);
      const index = 2 + (where % (times.length - 2));
      const text = made(times[index] ?? 0);
      const found = read(times.map(written), changed, chunk, { index, text, now: end + DAY });
      t.deepEqual(found?.map(dated), times.map(dated));
    }),
    { numRuns: 300 },
  );
});

ava('an id that somebody else made tells nothing', (t) => {
  const times = timesOf(Date.UTC(2025, 2, 3, 12), [HOUR, HOUR, HOUR]);
  const years = (text: string) =>
    read(times.map(written), Date.UTC(2027, 5, 1), 10, { index: 2, text, now: Date.UTC(2027, 5, 1) })?.map((at) =>
      new Date(at ?? 0).getFullYear(),
    );
  t.deepEqual(years(made(times[2] ?? 0)), [2025, 2025, 2025, 2025]);
  t.deepEqual(years(made(times[2] ?? 0, 'A0135238006')), [2027, 2027, 2027, 2027], 'of another message');
  t.deepEqual(years(made(Date.UTC(2025, 2, 20))), [2027, 2027, 2027, 2027], 'of another day');
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
  t.regex(run.unread[0]?.sentence ?? '', /dates have no year.* Nothing in it was counted/);
  t.deepEqual(await world.db('sending_logs'), []);
});

onBothEngines('a log that ended long ago is of the years before its last change', async (t, world) => {
  await scene(world);
  const log = mailLog(t);
  const at = Date.UTC(2025, 9, 3, 12);
  log.add(...mailOf(at), ...mailOf(at + HOUR));
  changedAt(log.path, at + 2 * HOUR);
  t.is(statSync(log.path).mtimeMs, at + 2 * HOUR);
  await ingest(world, log.path);
  t.regex((await counted(world))[0] ?? '', /^2025-10-03 .* 2 2 0 0 0/);
});

const changedAt = (path: string, at: number): void => utimesSync(path, at / 1000, at / 1000);

/** A log over New Year, of mails at noon, with other lines before the first of them. */
function overNewYear(t: ExecutionContext, name?: string) {
  const log = mailLog(t, name);
  const days = [Date.UTC(2025, 11, 31, 12), Date.UTC(2026, 0, 2, 12)];
  log.add(`${written(Date.UTC(2025, 11, 30, 12))} mx1 CRON[99]: (root) CMD (true)`, ...days.flatMap(mailOf));
  return log;
}

const daysOf = async (world: World): Promise<string[]> => (await counted(world)).map((line) => line.slice(0, 10));
const NEW_YEAR = ['2025-12-31', '2026-01-02'];

onBothEngines(
  'a copy that is months younger than its lines is not counted until its year is said',
  async (t, world) => {
    await scene(world);
    const { path } = overNewYear(t);
    changedAt(path, world.now - HOUR);
    const { records, unread } = await ingest(world, path);
    t.is(records, 0);
    t.is(unread[0]?.line, 5, 'the first line with the last date');
    t.regex(unread[0]?.sentence ?? '', /the last one, and the file was changed 330 days later.*--year 2026.*cp -p/);
    t.deepEqual(await world.db('sending_logs'), []);
    t.deepEqual((await ingest(world, path, 'postfix', 2026)).unread, []);
    t.deepEqual(await daysOf(world), NEW_YEAR);
    t.like(await ingest(world, path), { lines: 0, unread: [] }, 'then it is read');
  },
);

onBothEngines('also where its time is lost, and not for a year to come', async (t, world) => {
  await scene(world);
  const { path } = overNewYear(t);
  changedAt(path, 1000);
  t.regex((await ingest(world, path)).unread[0]?.sentence ?? '', /the file has lost its time.*--year 2026/);
  t.regex(
    (await ingest(world, path, 'postfix', 2027)).unread[0]?.sentence ?? '',
    /In 2027, this date would be in the future/,
  );
  t.deepEqual(await counted(world), []);
  await ingest(world, path, 'postfix', 2025);
  t.deepEqual(await daysOf(world), ['2024-12-31', '2025-01-02']);
});

onBothEngines('a copy is of the year that its name says, or gzip noted', async (t, world) => {
  await scene(world);
  const dated = overNewYear(t, 'mail.log-20260104');
  changedAt(dated.path, world.now);
  t.deepEqual((await ingest(world, dated.path)).unread, []);
  t.deepEqual(await daysOf(world), NEW_YEAR);
  await world.db('sending_counts').delete();
  await world.db('sending_logs').delete();
  const plain = overNewYear(t);
  changedAt(plain.path, Date.UTC(2026, 0, 3));
  execFileSync('gzip', [plain.path]);
  changedAt(`${plain.path}.gz`, world.now);
  t.deepEqual((await ingest(world, `${plain.path}.gz`)).unread, []);
  t.deepEqual(await daysOf(world), NEW_YEAR);
});

onBothEngines('lines of a real Postfix say their year in its ids, whatever the time of the file', async (t, world) => {
  await scene(world);
  const log = mailLog(t);
  log.add(readFileSync(new URL('logs/postfix-3.7-hard.log', import.meta.url), 'utf8').trimEnd());
  changedAt(log.path, 1000);
  world.now = Date.UTC(2027, 4, 3);
  const wrong = await ingest(world, log.path, 'postfix', 2027);
  t.regex(wrong.unread[0]?.sentence ?? '', /By ids that Postfix made, this date is in 2026, not in 2027/);
  t.true((await ingest(world, log.path)).records > 0);
  t.deepEqual([...new Set(await daysOf(world))], ['2026-11-28']);
});

onBothEngines('lines without such an id need the time of the file, or the year', async (t, world) => {
  await scene(world);
  const log = mailLog(t);
  log.add(readFileSync(new URL('cases/29-local-zone.log', import.meta.url), 'utf8').trimEnd());
  await world.db('ips').where({ address: '192.0.2.1' }).update({ address: '198.51.100.12' });
  world.now = Date.UTC(2027, 4, 3);
  changedAt(log.path, world.now);
  t.like((await ingest(world, log.path)).unread, [{ line: 1 }]);
  t.true((await ingest(world, log.path, 'postfix', 2026)).records > 0);
  t.regex((await daysOf(world))[0] ?? '', /^2026-11-2[78]$/);
});

ava('by when a file was written: its own time, gzip’s, or the date in its name, whatever is earliest', (t) => {
  const changed = Date.UTC(2026, 10, 28);
  const packed = (seconds: number) =>
    Buffer.from([0x1f, 0x8b, 8, 0, ...new Uint8Array(new Uint32Array([seconds]).buffer)]);
  const by = (name: string, begins = Buffer.from('Nov 27 1')) =>
    new Date(writtenUntil(`/var/log/2019/${name}`, changed, begins)).toISOString().slice(0, 10);
  t.is(by('mail.log'), '2026-11-28');
  for (const name of [
    'mail.log-20260104',
    'mail-2026-01-04.log',
    'mail.log-2026010415.gz',
    'mx-1.log-20260104-1767139200',
  ])
    t.is(by(name), '2026-01-12', name);
  for (const name of ['mail.log.1', 'mail.log-20261304', 'mail.log-1767139200', 'mx2026.log', 'mail.log-20270104'])
    t.is(by(name), '2026-11-28', name);
  const seconds = Date.UTC(2026, 0, 3) / 1000;
  t.is(by('mail.log.1.gz', packed(seconds)), '2026-01-03');
  t.is(by('mail.log.1.gz', packed(0)), '2026-11-28', 'gzip -n');
  t.is(by('mail.log.1', Buffer.from('N')), '2026-11-28');
});
