// S-24: what mail systems tell of engagement beside their counts: by the API and by files.
import { TOLD as ALL, counted, countOf, dayText, reporting, uploadCounts } from '../support/reporting.ts';
import { onBothEngines, type World } from '../support/world.ts';

const COLUMNS = 'opened_by_proxy clicked recency_30 recency_90 recency_180 recency_older recency_never'.split(' ');
const CLASSES = 'bounced_invalid bounced_reputation bounced_content bounced_other'.split(' ');
const told = async ({ db }: World) =>
  (await db('sending_counts').orderBy(['day', 'provider'])).map((row) =>
    [row.opened, ...[...COLUMNS, ...CLASSES].map((name) => row[name])].join(' '),
  );

onBothEngines('S-24: a mail system reports engagement with its counts, and it adds up', async (t, world) => {
  const { report } = await reporting(world);
  t.is((await report('a', [countOf(world, ALL)])).status, 200);
  t.is((await report('b', [countOf(world, { clicked: 1 }), countOf(world, { provider: 'yahoo' })])).status, 200);
  t.deepEqual(await told(world), ['30 20 10 50 20 10 5 5 1 1 0 1', '           ']);
  t.regex((await counted(world))[0] ?? '', / 200 180 10 6 2 30$/, 'and what it says of the mail itself is as before');
});

onBothEngines(
  'S-24: engagement that cannot be is refused at its count and field, and nothing is stored',
  async (t, world) => {
    const { report } = await reporting(world);
    const wrong: readonly [Record<string, unknown>, string, RegExp][] = [
      [{ clicked: -1 }, 'clicked', /must not be negative/],
      [{ clicked: 1.5 }, 'clicked', /whole number/],
      [{ clicked: 101 }, 'clicked', /More was clicked than was sent/],
      [{ openedByProxy: 'many' }, 'openedByProxy', /whole number/],
      [{ opened: 60, openedByProxy: 41 }, 'openedByProxy', /by people and by privacy proxies, than was sent/],
      [{ recency45: 3 }, 'recency45', /not known here/],
      [{ recency90: 60, recencyNever: 41 }, 'recency90', /recency classes add up to more than was sent/],
      [{ bouncedMailboxFull: 1 }, 'bouncedMailboxFull', /not known here/],
      [{ bouncedContent: 2, bouncedOther: 2 }, 'bouncedContent', /bounce classes add up to more than bounced/],
    ];
    for (const [wish, field, sentence] of wrong) {
      const { status, json } = await report('a', [countOf(world), countOf(world, { provider: 'yahoo', ...wish })]);
      t.is(status, 422, field);
      t.like(json.error.problems[0], { index: 1, field });
      t.regex(json.error.problems[0].message, sentence);
    }
    t.deepEqual(await counted(world), []);
    await report('b', [countOf(world, { clicked: 60 })]);
    const late = await report('c', [
      countOf(world, { sent: 0, delivered: 0, deferred: 0, bounced: 0, complained: 0, clicked: 41 }),
    ]);
    t.is(late.status, 422);
    t.like(late.json.error.problems[0], { index: 0, field: 'clicked' });
    t.regex(late.json.error.problems[0].message, /Together with the counts already stored/);
  },
);

onBothEngines(
  'S-24: a batch tells its engagement once: the same name with other figures is other content',
  async (t, world) => {
    const { report } = await reporting(world);
    await report('a', [countOf(world, ALL)]);
    t.true((await report('a', [countOf(world, ALL)])).json.again);
    t.is((await report('a', [countOf(world, { ...ALL, clicked: 8 })])).status, 409);
    t.is((await report('a', [countOf(world)])).status, 409);
  },
);

const HEADER = 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained';
const row = (world: World, ...more: string[]) =>
  [dayText(world), 'shop.acme.example', '192.0.2.1', 'gmail', 'marketing', 100, 90, 5, 3, 1, ...more].join(',');

onBothEngines('S-24: files have columns for engagement, which replace what was told before', async (t, world) => {
  const { report } = await reporting(world);
  const visitor = await world.signedIn('admin@warmdesk.example');
  await report('a', [countOf(world, ALL)]);
  const header = `${HEADER},${COLUMNS[0]},recency_30,bounced_invalid,opened`;
  await uploadCounts(world, visitor, [header, row(world, '7', '60', '', '11')].join('\n'));
  t.deepEqual(await told(world), ['11 7  60        ']);
  await uploadCounts(world, visitor, [HEADER, row(world)].join('\n'));
  t.deepEqual(await told(world), ['           '], 'a file that tells nothing of it leaves nothing of it');
});

onBothEngines(
  'S-24: a file with engagement that cannot be is rejected, with the line and the column',
  async (t, world) => {
    await reporting(world);
    const visitor = await world.signedIn('admin@warmdesk.example');
    const page = async (header: string, ...cells: string[]) =>
      (await uploadCounts(world, visitor, [`${HEADER},${header}`, row(world, ...cells)].join('\n'))).text;
    t.regex(await page('clicked', '-1'), /Why 2 .*The field clicked is negative/);
    t.regex(await page('clicked', '101'), /Why 2 .*More was clicked than was sent/);
    t.regex(await page('clicked', 'x'), /Why 2 .*The field clicked must be a whole number/);
    t.regex(await page('recency_45', '1'), /Why 1 .*“recency_45”, which is not known here/);
    t.regex(await page('recency_30,recency_never', '60', '41'), /Why 2 .*recency classes add up to more/);
    t.regex(await page('bounced_other', '4'), /Why 2 .*bounce classes add up to more than bounced/);
    t.deepEqual(await counted(world), []);
  },
);
