// Published rules at work on the pages: what customers read before they ask, and reviewers before they decide.
import { checked, DEDICATED, dedicatedForm, POOL, poolForm, send } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** What somebody reads who sends so much a week, has it measured, and asks for IPs for it. */
async function advised(world: World, weekly: number, typed: Record<string, string> = {}): Promise<string> {
  const plan = world.deps.policy.name === 'sendgrid' ? 'pro' : 'premium';
  const customer = await make.account(world, { weekly, plan });
  const visitor = await world.signedIn(customer.admin.email);
  const volumes = { weeklyVolume: String(weekly), peakWeeklyVolume: '', ...typed };
  return (await checked(visitor, DEDICATED, { ...dedicatedForm(customer.domains), ...volumes })).text;
}

onBothEngines('C-03: rates that the default pool bears are too high for the transactional pool', async (t, world) => {
  const rates = { usage: 'transactional', bounced: 0.03, complained: 0.0008 } as const;
  const acme = await make.account(world, rates);
  await make.ips(world, 'us', 1);
  const visitor = await world.signedIn(acme.admin.email);
  const ips = await checked(visitor, DEDICATED, { ...dedicatedForm(acme.domains), stream: 'transactional' });
  t.regex(ips.text, /This qualifies\..*Few bounces\. 3 % .*\(limit 5 %\)/);
  const pool = await checked(visitor, POOL, poolForm(acme.domains[0]));
  t.regex(pool.text, /This does not meet our rules yet\..*bounce.*2 %.*0\.05 %/i);
});

for (const [weekly, passes] of [
  [49_999, false],
  [50_000, true],
  [50_001, true],
] as const) {
  onBothEngines(
    `C-08: ${weekly} a week over two domains ${passes ? 'is' : 'is not'} enough for an IP`,
    async (t, world) => {
      await make.ips(world, 'us', 1);
      const text = await advised(world, weekly);
      t.is(text.includes('This qualifies.'), passes);
      t.is(text.includes('What would make it pass'), !passes);
    },
  );
}

onBothEngines(
  'C-12: a reviewer weighs what was stated, what was measured and the rest before warm-up starts',
  async (t, world) => {
    const acme = await make.account(world, { weekly: 60_000, bounced: 0.02 });
    await make.ips(world, 'us', 1);
    const visitor = await world.signedIn(acme.admin.email);
    const check = await checked(visitor, DEDICATED, { ...dedicatedForm(acme.domains), weeklyVolume: '150,000' });
    const { location = '' } = await send(visitor, DEDICATED, check);
    const path = (location ?? '').replace('/requests/', '/review/').replace(/\?.*/, '');
    t.is((await world.db('warmups')).length, 0);
    const reviewer = await world.signedIn((await make.staff(world)).reviewer.email);
    const review = await reviewer.get(path);
    for (const factor of [
      'Stated volume 150,000 a week over news.acme.example and shop.acme.example',
      'Measured volume 60,000 a week from news.acme.example and shop.acme.example, mean of 4 weeks',
      'Stated against measured 150,000 stated, 60,000 measured at most 2 times apart needs a look',
      'Bounce rate, 28 days 2 %',
      'Plan Premium',
      'Free IPs in the US 1',
    ])
      t.true(review.text.includes(factor), factor);
    t.is((await reviewer.submit(review, `${path}/approval`, {})).status, 303);
    t.is((await world.db('warmups')).length, 1);
  },
);

onBothEngines('C-14: the forecast is 45 days at 50,000 a week, shorter for more, 30 at the least', async (t, world) => {
  const days: number[] = [];
  for (const weekly of [50_000, 180_000, 600_000, 1_000_000, 5_000_000]) {
    const [, found = ''] = /What warm-up will look like (\d+) days, until/.exec(await advised(world, weekly)) ?? [];
    days.push(Number(found));
  }
  t.is(days[0], 45);
  t.is(days.at(-1), 30);
  t.deepEqual(
    days,
    days.toSorted((a, b) => b - a),
  );
});

onBothEngines(
  'S-05: from 250,000 a month on the page recommends two IPs, one for each stream',
  async (t, world) => {
    const less = await advised(world, 57_000, { warmup: 'own' });
    t.true(less.includes('One IP in all'));
    t.notRegex(less, /two IPs are recommended/);
    const more = await advised(world, 58_000, { warmup: 'own' });
    t.true(more.includes('Two IPs in all'));
    t.true(more.includes('two IPs are recommended, one for marketing and one for transactional mail'));
  },
  { POLICY: 'sendgrid' },
);

onBothEngines(
  'S-06: one IP is recommended for every three million messages a day',
  async (t, world) => {
    const text = await advised(world, 63_000_001, { warmup: 'own' });
    t.true(text.includes('One IP carries 3,000,000 a day; your 9,000,001 a day need four.'));
    t.true(text.includes('Four IPs in all'));
  },
  { POLICY: 'sendgrid' },
);

onBothEngines('C-08: what Customer.io’s document does not advise is not on the page', async (t, world) => {
  const text = await advised(world, 120_000);
  t.true(text.includes('One IP in all'));
  t.notRegex(text, /are recommended|3,000,000/);
});

onBothEngines('S-20: the forecast raises what goes over the IP day by day, up to the whole', async (t, world) => {
  const text = await advised(world, 70_000);
  const [, plan = ''] = /The plan, day by day(.*)/.exec(text) ?? [];
  const caps = [...plan.matchAll(/ \d+ \w{3} \d{4} ([\d,]+) [\d.]+ %/g)].map(([, cap = '']) =>
    Number(cap.replaceAll(',', '')),
  );
  t.true(caps.length >= 30, `${caps.length} days`);
  t.is(caps[0], 200);
  t.true(caps.every((cap, day) => day === 0 || cap > (caps[day - 1] ?? 0)));
  t.is(caps.at(-1), 10_001, 'the busiest usual day');
});
