// S-25: what Google and Microsoft report of our domains and IPs, read from their own reports and shown beside our counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ava, { type ExecutionContext } from 'ava';
import { dayOf } from '../../src/day.ts';
import { takeOutside } from '../../src/sending/outside/actions.ts';
import { readPostmaster } from '../../src/sending/outside/postmaster.ts';
import { readSnds } from '../../src/sending/outside/snds.ts';
import { everythingStored } from '../support/dump.ts';
import { countOf, dayText, reporting } from '../support/reporting.ts';
import { onBothEngines, type World } from '../support/world.ts';

const fixture = (name: string): string => readFileSync(`test/sending/outside/${name}`, 'utf8');
const isoDay = (text: string): number => dayOf(Date.parse(`${text}T00:00:00Z`));

ava('S-25: the rows of SNDS are read by their fourteen fields', (t) => {
  const { days, faults } = readSnds(fixture('snds-data.csv'));
  t.deepEqual(faults, []);
  t.deepEqual(
    days.map(({ address, day, recipients, filter, complaints, trapHits }) => [
      ...[address, day, recipients, filter, complaints, trapHits],
    ]),
    [
      ['192.0.2.1', isoDay('2020-09-29'), 13_025, 'GREEN', '< 0.1%', 41],
      ['192.0.2.2', isoDay('2020-09-29'), 47_384, 'YELLOW', '< 0.1%', 40],
      ['192.0.2.3', isoDay('2020-09-29'), 12_960, 'RED', '< 0.1%', 26],
    ],
  );
});

const sndsRow = (wish: Record<number, string> = {}): string =>
  '192.0.2.1,11/22/2026 1:00 AM,11/22/2026 9:00 PM,1900,1894,1890,GREEN,0.3%,,,0,,,'
    .split(',')
    .map((field, nth) => wish[nth] ?? field)
    .join(',');

ava('S-25: what SNDS counts until midnight is of the day before; a rate that it leaves out is none', (t) => {
  const { days } = readSnds([sndsRow({ 2: '11/23/2026 12:00 AM', 7: '', 10: '' }), sndsRow()].join('\n'));
  t.like(days[0], { day: isoDay('2026-11-22'), complaints: '', trapHits: 0 });
  t.like(days[1], { day: isoDay('2026-11-22'), complaints: '0.3%' });
});

ava('S-25: a row of SNDS that cannot be is told with its line, and the others are read', (t) => {
  const wrong: readonly [string, RegExp][] = [
    ['192.0.2.1,GREEN', /has 2 fields, and a line of SNDS has 14/],
    [sndsRow({ 0: '192.0.2.300' }), /“192\.0\.2\.300” is not an IP address/],
    [sndsRow({ 2: '22.11.2026 21:00' }), /is not a time like/],
    [sndsRow({ 2: '2/30/2026 9:00 PM' }), /is not a time like/],
    [sndsRow({ 2: '11/22/2026 13:00 PM' }), /is not a time like/],
    [sndsRow({ 5: '-3' }), /“-3” is not a number of messages/],
    [sndsRow({ 6: 'BLUE' }), /“BLUE” is not a filter result/],
    [sndsRow({ 7: 'some' }), /is not a complaint rate/],
    [sndsRow({ 10: '1e9' }), /“1e9” is not a number of messages/],
  ];
  const { days, faults } = readSnds([sndsRow(), ...wrong.map(([row]) => row), sndsRow()].join('\r\n'));
  t.is(days.length, 2);
  t.deepEqual(
    faults.map(({ line }) => line),
    wrong.map((_, nth) => nth + 2),
  );
  for (const [nth, [, sentence]] of wrong.entries()) t.regex(faults[nth]?.sentence ?? '', sentence);
  t.deepEqual(readSnds('').faults, [{ line: null, sentence: 'The file is empty.' }]);
  t.is(readSnds(`${sndsRow()}\n"192.0.2.1,`).faults.length, 1);
});

ava('S-25: an answer of Google’s API is put together by domain and day', (t) => {
  const { days, faults, without } = readPostmaster(fixture('postmaster-query.json'));
  t.deepEqual(faults, []);
  t.is(without, 1);
  t.deepEqual(days, [
    { domain: 'shop.acme.example', day: isoDay('2026-11-21'), rates: { spam_rate: 0.0012, dkim: 0.998 } },
    { domain: 'shop.acme.example', day: isoDay('2026-11-22'), rates: { spam_rate: 0 } },
  ]);
  t.deepEqual(readPostmaster('{}'), { days: [], faults: [], without: 0 }, 'nothing is known of these days');
});

ava('S-25: of several questions at once, the one that Google did not answer is told', (t) => {
  const { days, faults } = readPostmaster(fixture('postmaster-batch.json'));
  t.deepEqual(days, [{ domain: 'shop.acme.example', day: isoDay('2026-11-21'), rates: { delivery_errors: 0.02 } }]);
  t.regex(faults[0]?.sentence ?? '', /did not answer one of the questions: “The caller does not have permission”/);
});

const stat = (wish: Record<string, unknown> = {}) => ({
  ...{ name: 'domains/shop.acme.example/domainStats/1', metric: 'spam_rate' },
  ...{ date: { year: 2026, month: 11, day: 21 }, value: { floatValue: 0.001 } },
  ...wish,
});

ava('S-25: what of Google’s answer cannot be is told with its line, and the rest is read', (t) => {
  const wrong: readonly [Record<string, unknown>, RegExp][] = [
    [stat({ metric: 'ip_reputation' }), /“ip_reputation” is not one of the metrics spam_rate, spf/],
    [stat({ value: { floatValue: 12 } }), /“12” is not a share from 0 to 1/],
    [stat({ value: { floatValue: -0.1 } }), /“-0\.1” is not a share/],
    [stat({ value: { doubleValue: '0.1' } }), /is not a share/],
    [stat({ date: undefined }), /no date\. Ask with "aggregationGranularity": "DAILY"/],
    [stat({ date: { year: 2026, month: 2, day: 30 } }), /2026-2-30 is not a date/],
    [stat({ name: 'shop.acme.example' }), /does not name a domain/],
  ];
  const entries = [stat(), ...wrong.map(([one]) => one)];
  const text = `{"domainStats":[\n${entries.map((one) => JSON.stringify(one)).join(',\n')}\n]}`;
  const { days, faults } = readPostmaster(text);
  t.is(days.length, 1);
  for (const [nth, [, sentence]] of wrong.entries()) {
    t.is(faults[nth]?.line, nth + 3);
    t.regex(faults[nth]?.sentence ?? '', sentence);
  }
});

ava('S-25: pages one after the other are read, a line that is not JSON is told; version 1 is gone', (t) => {
  const page = (day: number) => JSON.stringify({ domainStats: [stat({ date: { year: 2026, month: 11, day } })] });
  const several = readPostmaster([page(20), '{"domainStats":', page(21)].join('\n'));
  t.is(several.days.length, 2);
  t.deepEqual(several.faults, [{ line: 2, sentence: 'This line is not JSON.' }]);
  t.deepEqual(readPostmaster('{\n"domainStats": [}').faults, [{ line: 2, sentence: 'This is not JSON.' }]);
  const old = JSON.stringify({ name: 'domains/a.example/trafficStats/20261121', domainReputation: 'HIGH' });
  t.regex(readPostmaster(old).faults[0]?.sentence ?? '', /version 1 of the API, which Google no longer offers/);
  t.regex(readPostmaster('[]').faults[0]?.sentence ?? '', /not an answer of domainStats/);
});

onBothEngines(
  'S-25: a report twice changes nothing, and a later one about a day replaces what it says',
  async (t, world) => {
    await reporting(world);
    const take = (text: string) => takeOutside(world.db, 'postmaster', text, world.now);
    t.like(await take(fixture('postmaster-query.json')), { stored: 2, unknown: 0, without: 1, faults: [] });
    const before = await everythingStored(world.db);
    await take(fixture('postmaster-query.json'));
    t.deepEqual(await everythingStored(world.db), before);
    await take(JSON.stringify({ domainStats: [stat({ value: { floatValue: 0.002 } })] }));
    const row = await world
      .db('postmaster_days')
      .where({ day: isoDay('2026-11-21') })
      .first();
    t.like(row, { spam_rate: 0.002, dkim: 0.998, spf: null }, 'what it does not say stays');
    const other = await take(JSON.stringify({ domainStats: [stat({ name: 'domains/else.example/domainStats/1' })] }));
    t.like(other, { stored: 0, unknown: 1 });
    const future = await take(JSON.stringify({ domainStats: [stat({ date: { year: 2027, month: 1, day: 1 } })] }));
    t.like(future, { stored: 0, faults: [{ line: null, sentence: 'One day is in the future.' }] });
  },
);

onBothEngines('S-25: what Google saw of a domain is on its page beside what we counted', async (t, world) => {
  const { acme, domain, staff, report } = await reporting(world);
  const day = { day: '2026-11-21', via: 'shared-us', deferred: 0 };
  await report('a', [
    countOf(world, { ...day, sent: 4_000, delivered: 3_900, complained: 8 }),
    countOf(world, { ...day, provider: 'yahoo', sent: 900, delivered: 900, bounced: 0, complained: 90 }),
  ]);
  const path = `/domains/${domain.id}`;
  const own = await world.signedIn(acme.owner.email);
  t.notRegex((await own.get(path)).text, /Spam, says Google/);
  await takeOutside(world.db, 'postmaster', fixture('postmaster-query.json'), world.now);
  const page = (await own.get(path)).text;
  t.regex(page, /Google Postmaster Tools Google counts .* Imported/);
  t.regex(page, /21 Nov[^%]*0\.12 % 0\.2 % 4,000 – 99\.8 %/, 'Gmail’s mail alone');
  const staffs = await (await world.signedIn(staff.reviewer.email)).get(`/customers/${acme.id}${path}`);
  t.regex(staffs.text, /Spam, says Google/);
});

onBothEngines(
  'S-25: what Microsoft saw of an IP is on its page; business mail apart; a holder sees only their days',
  async (t, world) => {
    const { acme, staff, report } = await reporting(world);
    const { id } = await world.db('ips').where({ address: '192.0.2.1' }).first('id');
    await report('a', [
      countOf(world, { provider: 'microsoft', sent: 2_000, delivered: 2_000, bounced: 0, complained: 4 }),
      countOf(world, { provider: 'microsoft-365', sent: 700, delivered: 700, bounced: 0, complained: 0 }),
    ]);
    const today = new Date(world.now);
    const written = `${today.getUTCMonth() + 1}/${today.getUTCDate()}/${today.getUTCFullYear()} 6:00 PM`;
    const text = [fixture('snds-data.csv'), sndsRow({ 2: written, 6: 'YELLOW', 10: '3' })].join('\r\n');
    const taken = await takeOutside(world.db, 'snds', text, world.now);
    t.like(taken, { stored: 3, unknown: 1, faults: [] }, '192.0.2.3 is not in the inventory');
    const staffs = (await (await world.signedIn(staff.reviewer.email)).get(`/ips/${id}/sending`)).text;
    t.regex(staffs, /yellow: 10 to 90 % spam 0\.3 % 0\.2 % 3 1,890 2,000 700/);
    t.regex(staffs, /green: under 10 % spam < 0\.1 % – 41 13,025 – –/);
    const own = (await (await world.signedIn(acme.owner.email)).get(`/ips/${id}/sending`)).text;
    t.regex(own, /yellow: 10 to 90 % spam/);
    t.notRegex(own, /green: under 10 % spam/, 'in 2020 it was not theirs');
  },
);

/** Runs `npm run ingest` on a file with this text. */
function ingest(t: ExecutionContext, world: World, source: string, text: string | null) {
  const folder = mkdtempSync(join(tmpdir(), 'outside-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'report');
  if (text !== null) writeFileSync(path, text);
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, DATABASE_URL: world.databaseUrl };
  const ran = spawnSync(process.execPath, ['src/cli/ingest.ts', source, path], { env, encoding: 'utf8' });
  return { ...ran, path };
}

onBothEngines(
  'S-25: the command ends with 1 and says the line of what it could not read; with 2 without a file',
  async (t, world) => {
    await reporting(world);
    const good = ingest(t, world, 'snds', fixture('snds-data.csv'));
    t.is(good.stderr, '');
    t.is(good.stdout, `snds ${good.path}: 2 days of IPs stored; skipped 1 of IPs that are not here.\n`);
    t.is(good.status, 0, good.stderr);
    const bad = ingest(t, world, 'snds', `${fixture('snds-data.csv')}\r\nnonsense`);
    t.is(bad.status, 1);
    t.regex(bad.stderr, /report, line 4: It has 1 fields?, and a line of SNDS has 14/);
    t.is((await world.db('snds_days')).length, 2, 'the rest is stored');
    // The command goes by the clock of the machine.
    const google = ingest(t, world, 'postmaster', fixture('postmaster-query.json').replaceAll('2026', '2024'));
    t.is(google.stdout, `postmaster ${google.path}: 2 days of domains stored; skipped 1 without a value.\n`);
    const none = ingest(t, world, 'postmaster', null);
    t.is(none.status, 2);
    t.regex(none.stderr, /There is no file/);
    t.is(dayText(world), '2026-11-23');
  },
);
