import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { dayOf } from '../../src/day.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { counted, countOf, dayText, postJson, reporting, token } from '../support/reporting.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const PATH = '/api/v1/sending-counts';

onBothEngines('a mail system reports counts, and they add up', async (t, world) => {
  const { report } = await reporting(world);
  const first = await report('a', [countOf(world), countOf(world, { via: 'shared-us', opened: 7 })]);
  t.deepEqual(first, { status: 200, json: { batch: 'a', again: false, counts: 2 } });
  t.is((await report('b', [countOf(world), countOf(world, { opened: 4, domain: 'Shop.ACME.example.' })])).status, 200);
  const today = dayText(world);
  t.deepEqual(await counted(world), [
    `${today} shop.acme.example 192.0.2.1 gmail marketing 300 270 15 9 3 4`,
    `${today} shop.acme.example shared-us gmail marketing 100 90 5 3 1 7`,
  ]);
});

onBothEngines('the same batch twice counts once, whatever its order', async (t, world) => {
  const { report } = await reporting(world);
  const counts = [countOf(world), countOf(world, { provider: 'yahoo' })];
  await report('a', counts);
  const before = await counted(world);
  t.deepEqual((await report('a', counts.toReversed())).json, { batch: 'a', again: true, counts: 2 });
  t.deepEqual(await counted(world), before);
});

onBothEngines('the same batch sent ten times at once counts once', async (t, world) => {
  const { report } = await reporting(world);
  const counts = [countOf(world), countOf(world, { provider: 'yahoo' })];
  const answers = await Promise.all(Array.from({ length: 10 }, () => report('a', counts)));
  t.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  t.is(answers.filter(({ json }) => json.again === false).length, 1);
  t.deepEqual(
    (await counted(world)).map((line) => line.split(' ')[5]),
    ['100', '100'],
  );
});

onBothEngines('batches of many names at once, for the same days, lose nothing', async (t, world) => {
  const { report } = await reporting(world);
  const days = [3, 2, 1, 0].map((ago) => countOf(world, { via: 'shared-us', day: dayText(world, ago) }));
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => report(`b${index}`, index % 2 ? days : days.toReversed())),
  );
  t.true(answers.every(({ status }) => status === 200));
  t.deepEqual(
    (await counted(world)).map((line) => line.split(' ')[5]),
    ['1200', '1200', '1200', '1200'],
  );
});

onBothEngines('a batch that an earlier version took in is known again', async (t, world) => {
  const { report } = await reporting(world);
  const { id } = await world.db('mail_systems').first('id');
  const counts = [countOf(world, { opened: 7 }), countOf(world, { domain: 'shop.acme.example', provider: 'yahoo' })];
  const stored = counts.map((count) => ({ opened: null, ...count, day: dayOf(world.now) }));
  const lines = stored.map((count) => JSON.stringify(Object.entries(count).sort())).sort();
  const content_hash = createHash('sha256').update(lines.join('\n')).digest('hex');
  await world
    .db('sending_batches')
    .insert({ source: `system:${id}`, name: 'a', content_hash, counts: 2, taken_at: world.now });
  t.deepEqual((await report('a', counts)).json, { batch: 'a', again: true, counts: 2 });
  t.is((await report('a', counts.slice(1))).status, 409);
});

onBothEngines('two contents under one batch name: the second is refused and changes nothing', async (t, world) => {
  const { report } = await reporting(world);
  await report('a', [countOf(world)]);
  const before = await everythingStored(world.db);
  const { status, json } = await report('a', [countOf(world, { sent: 101 })]);
  t.is(status, 409);
  t.regex(json.error.message, /taken in before, with other content\. Nothing was stored/);
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('two contents under one name at once: one is taken, the others are refused', async (t, world) => {
  const { report } = await reporting(world);
  const answers = await Promise.all([1, 2, 3, 4].map((n) => report('a', [countOf(world, { sent: 100 + n })])));
  t.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
  t.is((await counted(world)).length, 1);
});

onBothEngines('two mail systems may use the same batch name', async (t, world) => {
  const { report } = await reporting(world);
  const other = await token(world, 'mx2');
  await report('a', [countOf(world)]);
  const answer = await postJson(world, PATH, other, { batch: 'a', counts: [countOf(world)] });
  t.is(answer.json.again, false);
  t.is((await counted(world))[0]?.split(' ')[5], '200');
});

onBothEngines('a bad count is told by its index and field, and nothing of the batch is stored', async (t, world) => {
  const { report } = await reporting(world);
  await make.ips(world, 'us', 1);
  await make.account(world, { name: 'Other', weekly: null });
  const before = await everythingStored(world.db);
  const { status, json } = await report('a', [
    countOf(world),
    countOf(world, { day: dayText(world, -1) }),
    countOf(world, { domain: 'nobody.example', via: 'shared-mars', provider: 'gmal' }),
    countOf(world, { via: '192.0.2.2' }),
    countOf(world, { via: '203.0.113.77' }),
    countOf(world, { domain: 'news.other.example' }),
    countOf(world, { day: dayText(world, 1) }),
  ]);
  t.is(status, 422);
  t.deepEqual(
    json.error.problems.map((one: { index: number; field: string; message: string }) => [
      one.index,
      one.field,
      one.message,
    ]),
    [
      [1, 'day', 'The day is in the future. Days are days of UTC.'],
      [2, 'domain', 'No customer has the domain “nobody.example”.'],
      [
        2,
        'provider',
        '“gmal” is not a mailbox provider in the policy. Known ones: gmail, microsoft, yahoo, apple, microsoft-365, other.',
      ],
      [2, 'via', '“shared-mars” is neither an IP of the inventory nor a shared pool of the policy.'],
      [3, 'via', '192.0.2.2 was not Acme’s on that day, and shop.acme.example is Acme’s.'],
      [4, 'via', '“203.0.113.77” is neither an IP of the inventory nor a shared pool of the policy.'],
      [5, 'via', '192.0.2.1 was not Other’s on that day, and news.other.example is Other’s.'],
      [6, 'via', '192.0.2.1 was not Acme’s on that day, and shop.acme.example is Acme’s.'],
    ],
  );
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('figures that aren’t counts are refused with a sentence each', async (t, world) => {
  const { report } = await reporting(world);
  const bad: readonly [Record<string, unknown>, string, RegExp][] = [
    [{ sent: -1 }, 'sent', /must not be negative/],
    [{ sent: 1.5 }, 'sent', /must be a whole number/],
    [{ sent: '100' }, 'sent', /must be a whole number/],
    [{ sent: 3e9 }, 'sent', /at most 2,000,000,000/],
    [{ sent: undefined }, 'sent', /is missing/],
    [{ sent: null }, 'sent', /must be a whole number/],
    [{ day: '2026-02-30' }, 'day', /must be a date/],
    [{ day: '1999-12-31', via: 'shared-us' }, 'day', /too long ago/],
    [{ day: 20_000 }, 'day', /must be a text/],
    [{ stream: 'both' }, 'stream', /must be "marketing" or "transactional"/],
    [{ domain: '' }, 'domain', /is missing/],
    [{ domain: 'x'.repeat(300) }, 'domain', /more than 253/],
    [{ domain: '=cmd|calc' }, 'domain', /No customer has the domain “=cmd\|calc”/],
    [{ more: 1 }, 'more', /not known here/],
  ];
  for (const [wish, field, message] of bad) {
    const { status, json } = await report('a', [countOf(world), countOf(world, wish)]);
    t.is(status, 422, JSON.stringify(wish));
    t.deepEqual([json.error.problems[0].index, json.error.problems[0].field], [1, field], JSON.stringify(json));
    t.regex(json.error.problems[0].message, message);
  }
  t.deepEqual(await counted(world), []);
});

onBothEngines('more delivered than sent is refused by the day’s total, not by the batch’s', async (t, world) => {
  const { report } = await reporting(world);
  const none = { sent: 0, delivered: 0, deferred: 0, bounced: 0, complained: 0 };
  await report('sent', [countOf(world, { ...none, sent: 10 })]);
  t.is((await report('later', [countOf(world, { ...none, delivered: 6 })])).status, 200);
  const { status, json } = await report('more', [
    countOf(world, { ...none, delivered: 4 }),
    countOf(world, { ...none, delivered: 1 }),
  ]);
  t.is(status, 422);
  t.deepEqual(json.error.problems, [
    {
      index: 1,
      field: 'delivered',
      message: 'Together with the counts already stored for that day: More was delivered than was sent.',
    },
  ]);
  t.is((await counted(world))[0]?.split(' ').slice(5, 7).join(' '), '10 6');
  t.is((await report('more', [countOf(world, { ...none, bounced: 4 })])).status, 200, 'a refused name is free');
});

onBothEngines(
  'a day’s total beyond what a count can hold is refused, and nothing of its batch is stored',
  async (t, world) => {
    const { report } = await reporting(world);
    const many = { sent: 2_000_000_000, delivered: 0, deferred: 0, bounced: 0, complained: 0 };
    t.is((await report('most', [countOf(world, many)])).status, 200);
    const before = await counted(world);
    const { status, json } = await report('more', [
      countOf(world, { provider: 'yahoo' }),
      countOf(world, { ...many, sent: 1 }),
    ]);
    t.is(status, 422);
    t.deepEqual(json.error.problems, [
      {
        index: 1,
        field: 'sent',
        message:
          'Together with the counts already stored for that day: A count must be at most 2,000,000,000 for one day.',
      },
    ]);
    t.deepEqual(await counted(world), before);
  },
);

onBothEngines('what isn’t a batch is refused: too many, empty, no list, no JSON, too large', async (t, world) => {
  const { report, bearer } = await reporting(world);
  const bodies: readonly [unknown, number, RegExp][] = [
    [{ batch: 'a', counts: [] }, 422, /One thing is wrong/],
    [{ batch: '', counts: [countOf(world)] }, 422, /One thing/],
    [{ batch: 'x'.repeat(101), counts: [countOf(world)] }, 422, /One thing/],
    [{ batch: 'a', counts: 'all' }, 422, /One thing/],
    [[1, 2], 422, /One thing/],
    [{ batch: 'a', counts: [null, 7] }, 422, /2 things/],
    ['{"batch":', 400, /could not be read as JSON/],
    [{ batch: 'a', counts: [countOf(world)], x: 'x'.repeat(5_000_000) }, 413, /larger than/],
  ];
  for (const [body, status, message] of bodies) {
    const answer = await postJson(world, PATH, bearer, body);
    t.is(answer.status, status, JSON.stringify(answer.json));
    t.regex(answer.json.error.message, message);
    t.truthy(answer.json.error.reference);
  }
  const many = Array.from({ length: 5001 }, () => countOf(world));
  t.regex((await report('a', many)).json.error.problems[0].message, /more than 5,000 counts/);
  t.is((await report('a', many.slice(1))).status, 200, '5,000 fit');
  const form = await fetch(new URL(PATH, world.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
    body: new URLSearchParams({ batch: 'a' }),
  });
  t.is(form.status, 422);
});

onBothEngines('an IP’s counts are taken for days on which it was the account’s, also afterwards', async (t, world) => {
  const { report, allocationId } = await reporting(world);
  world.now += 2 * DAY;
  const released = { status: 'released', released_at: world.now };
  await world.db('allocations').where({ id: allocationId }).update(released);
  world.now += 2 * DAY;
  const on = async (ago: number) => (await report(`day ${ago}`, [countOf(world, { day: dayText(world, ago) })])).status;
  t.deepEqual([await on(5), await on(4), await on(2), await on(1)], [422, 200, 200, 422]);
  await world.db('allocations').where({ id: allocationId }).update({ status: 'warming', released_at: null });
});

onBothEngines('any split of a day’s mail into batches gives the same counts', async (t, world) => {
  t.timeout(600_000);
  const { report } = await reporting(world);
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 25 }),
      fc.infiniteStream(fc.nat(4)),
      async (mail, cut) => {
        const whole = await totalOf(world, report, [mail], ++nth);
        const parts: (typeof mail)[] = [[], [], [], [], []];
        for (const one of mail) parts[cut.next().value as number]?.push(one);
        t.deepEqual(
          await totalOf(
            world,
            report,
            parts.filter((part) => part.length > 0),
            ++nth,
          ),
          whole,
        );
      },
    ),
    { numRuns: 15 },
  );
});

const message = fc.record({
  provider: fc.constantFrom('gmail', 'yahoo'),
  stream: fc.constantFrom('marketing', 'transactional'),
  outcome: fc.constantFrom('delivered', 'bounced', 'waits'),
  deferred: fc.nat(1),
  complained: fc.nat(1),
  opened: fc.constantFrom(undefined, 0, 1),
});

async function totalOf(
  world: World,
  report: Awaited<ReturnType<typeof reporting>>['report'],
  parts: readonly (readonly {
    provider: string;
    stream: string;
    outcome: string;
    deferred: number;
    complained: number;
    opened: number | undefined;
  }[])[],
  nth: number,
): Promise<string[]> {
  await world.db('sending_counts').delete();
  for (const [index, part] of parts.entries()) {
    const counts = part.map(({ outcome, ...one }) =>
      countOf(world, {
        sent: 1,
        delivered: outcome === 'delivered' ? 1 : 0,
        bounced: outcome === 'bounced' ? 1 : 0,
        ...one,
      }),
    );
    const answer = await report(`${nth}.${index}`, counts);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.json));
  }
  return counted(world);
}
