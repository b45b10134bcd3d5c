import { slidePools } from '../../src/sending/pools/background.ts';
import * as make from '../support/make.ts';
import { countOf, dayText, reporting } from '../support/reporting.ts';
import { readable } from '../support/visitor.ts';
import { DAY, onBothEngines } from '../support/world.ts';

/** A table's row by what it is about, as it is read. */
const rowOf = (html: string, key: string, value: string): string => {
  const row = html.split('<tr ').find((one) => one.includes(`data-${key}="${value}"`));
  return readable((row ?? '').split('</tr>')[0] ?? '')
    .replace(/^.*?>/, '')
    .trim();
};
const partOf = (html: string, pool: string): string =>
  readable(html.split('<section class="card"').find((one) => one.includes(`data-pool="${pool}"`)) ?? '');

onBothEngines('customers see their volume and rates, by provider, against the limits', async (t, world) => {
  const { report, acme } = await reporting(world);
  const over = { day: dayText(world, 1), via: 'shared-us' };
  await report('a', [
    countOf(world, { ...over, sent: 2000, delivered: 1850, deferred: 400, bounced: 140, complained: 1 }),
    countOf(world, {
      ...over,
      provider: 'yahoo',
      sent: 5000,
      delivered: 4990,
      deferred: 0,
      bounced: 10,
      complained: 2,
    }),
    countOf(world, { ...over, provider: 'apple', sent: 999, delivered: 0, deferred: 0, bounced: 999, complained: 0 }),
  ]);
  const visitor = await world.signedIn(acme.member.email);
  const page = await visitor.get('/sending');
  t.is(page.status, 200);
  t.regex(
    page.text,
    /Bounces are over the limit\. Of 7,999 messages in the last 28 days 14\.4 % bounced \(limit 5 %\)/,
  );
  t.is(rowOf(page.html, 'provider', 'gmail'), 'Gmail 2,000 92.5 % 20 % 7 % 0.05 % Over the limit');
  t.is(rowOf(page.html, 'provider', 'yahoo'), 'Yahoo 5,000 99.8 % 0 % 0.2 % 0.04 % Within the limits');
  t.regex(rowOf(page.html, 'provider', 'apple'), /Too little mail to judge$/);
  t.regex((await visitor.get('/')).text, /Sending/);
});

onBothEngines('the chart is drawn by week or by day, of all mail or of one provider', async (t, world) => {
  const { report, acme } = await reporting(world);
  await report('a', [countOf(world), countOf(world, { provider: 'yahoo', sent: 2500 })]);
  const visitor = await world.signedIn(acme.owner.email);
  const bars = (html: string) => [...html.matchAll(/<rect class="bar/g)].length;
  const weekly = await visitor.get('/sending');
  t.is(bars(weekly.html), 12);
  t.regex(weekly.html, /12 weeks up to today: 2,600 together/);
  const daily = await visitor.get('/sending?by=day&provider=yahoo');
  t.is(bars(daily.html), 84);
  t.regex(daily.html, /84 days up to today: 2,500 together/);
  t.regex(daily.text, /Volume and rates, Yahoo/);
  t.regex((await visitor.get('/sending?by=%00&provider=<b>')).html, /12 weeks up to today: 2,600/);
});

onBothEngines('below the minimum sample there is no judgement, and rates are not drawn', async (t, world) => {
  const { report, acme } = await reporting(world);
  await report('a', [
    countOf(world, { day: dayText(world, 1), via: 'shared-us', sent: 999, delivered: 0, bounced: 900 }),
  ]);
  const page = await (await world.signedIn(acme.owner.email)).get('/sending');
  t.regex(
    page.text,
    /Too little mail to judge\. There were 999 messages in the last 28 days; rates are judged from 1,000 on/,
  );
  t.notRegex(page.html, /class="rate-point/);
});

onBothEngines('without any mail the page says what to do next', async (t, world) => {
  const { acme, staff } = await reporting(world);
  const own = await (await world.signedIn(acme.owner.email)).get('/sending');
  t.regex(own.text, /Nothing was counted in these weeks.*Your domains/);
  const visitor = await world.signedIn(staff.reviewer.email);
  t.regex((await visitor.get(`/customers/${acme.id}/sending`)).text, /Nothing was counted.*Upload counts/);
  t.regex((await visitor.get('/pools')).text, /Nothing was counted over this pool/);
});

onBothEngines(
  'an IP’s sending is for its holder and staff, and its holder sees nothing of those who had it before',
  async (t, world) => {
    const { report, acme, staff, domain } = await reporting(world);
    const other = await make.account(world, { name: 'Other', weekly: null });
    await report('a', [countOf(world, { sent: 3000 })]);
    const { ip_id: ip } = await world.db('allocations').first('ip_id');
    // What somebody else sent over it, long ago.
    const [row] = await world.db('sending_counts').where({ domain_id: domain.id });
    await world.db('sending_counts').insert({ ...row, domain_id: other.domains[0]?.id, sent: 4000 });
    const path = `/ips/${ip}/sending`;
    t.regex((await (await world.signedIn(acme.owner.email)).get(path)).html, /today: 3,000 together/);
    t.regex((await (await world.signedIn(staff.reviewer.email)).get(path)).html, /today: 7,000 together/);
    t.is((await (await world.signedIn(other.admin.email)).get(path)).status, 404);
    const free = await world.db('ips').where({ status: 'free' }).first('id');
    t.is((await (await world.signedIn(acme.owner.email)).get(`/ips/${free.id}/sending`)).status, 404);
  },
);

onBothEngines('C-02: each shared pool is measured over 28 days, with who is over its own limits', async (t, world) => {
  const { report, staff } = await reporting(world);
  const other = await make.account(world, { name: 'Other', weekly: null });
  const [news = '', shop = ''] = other.domains.map(({ name }) => name);
  const on = (ago: number, wish: Record<string, unknown>) =>
    countOf(world, { day: dayText(world, ago), deferred: 0, complained: 0, ...wish });
  const sent = (total: number, bounced: number) => ({ sent: total, bounced, delivered: total - bounced });
  const answer = await report('a', [
    on(1, { via: 'shared-us', domain: news, ...sent(1000, 30) }),
    on(28, { via: 'shared-us', domain: news, ...sent(1000, 71) }),
    on(2, { via: 'shared-us', ...sent(10_000, 500) }),
    on(2, { via: 'shared-us', domain: shop, ...sent(999, 999) }),
    // The same rate that a default pool allows is too much in the transactional one (C-03).
    on(2, { via: 'transactional-us', stream: 'transactional', domain: shop, ...sent(10_000, 201) }),
    on(2, { via: 'transactional-eu', stream: 'transactional', domain: shop, ...sent(10_000, 200) }),
    on(2, { via: 'shared-eu', domain: shop, ...sent(20, 20) }),
    // A day of nothing brings no domain into the pool.
    on(3, { via: 'shared-eu', domain: news, ...sent(0, 0) }),
    // Today and what is older than 28 days are not looked at.
    on(0, { via: 'shared-eu', domain: news, ...sent(9000, 9000) }),
    on(29, { via: 'shared-eu', domain: news, ...sent(9000, 9000) }),
  ]);
  t.is(answer.status, 200, JSON.stringify(answer.json));
  const { html } = await (await world.signedIn(staff.reviewer.email)).get('/pools');
  t.regex(
    partOf(html, 'shared-us'),
    /Over the limit.* Sent 12,999 messages over 3 domains .*Bounce rate 12\.3 %, limit 5 %/,
  );
  t.is(rowOf(html, 'domain', news), `${news} Other 2,000 5.1 % , over 0 %`);
  t.notRegex(partOf(html, 'shared-us'), /shop\.acme\.example/, 'at the limit is not over it');
  t.regex(partOf(html, 'shared-us'), /Too little mail to judge: 1 domain with fewer than 1,000 messages/);
  t.regex(
    partOf(html, 'transactional-us'),
    /Over the limit.*limit 2 %.*shop\.other\.example Other 10,000 2\.01 % , over/,
  );
  t.regex(partOf(html, 'transactional-eu'), /Within the limits.*Domains over the limits None\./);
  t.regex(partOf(html, 'shared-eu'), /Too little mail to judge Sent 20 messages over 1 domain/);
});

onBothEngines(
  'C-02: who is over a pool’s limits is one link from being stopped, and marked once it is',
  async (t, world) => {
    const { report, staff } = await reporting(world);
    const other = await make.account(world, { name: 'Other', weekly: null });
    const [domain = { id: 0, name: '' }] = other.domains;
    await report('a', [
      countOf(world, {
        day: dayText(world, 1),
        via: 'shared-us',
        domain: domain.name,
        sent: 2000,
        bounced: 900,
        delivered: 1000,
      }),
    ]);
    const visitor = await world.signedIn(staff.admin.email);
    const row = async () => rowOf((await visitor.get('/pools')).html, 'domain', domain.name);
    const page = `/customers/${other.id}/domains/${domain.id}`;
    t.true((await visitor.get('/pools')).html.includes(`<a href="${page}">${domain.name}</a>`));
    t.notRegex(await row(), /Stopped/);
    const owner = await world.signedIn(other.admin.email);
    t.notRegex((await owner.get('/domains')).text, /Stopped/);
    const reason = { reason: 'Half of it bounces.' };
    t.is((await visitor.submit(await visitor.get(`${page}/stop`), `${page}/stop`, reason)).status, 303);
    t.regex(await row(), /^\S+ Stopped /);
    t.regex((await owner.get('/domains')).text, /Stopped/);
    await world.db('domains').where({ id: domain.id }).update({ removed_at: world.now });
    t.regex(await row(), /^\S+ \(removed\) Stopped /);
    t.false((await visitor.get('/pools')).html.includes(`href="${page}"`));
  },
);

onBothEngines('C-02: a pool’s mail of the day on which it is looked at counts tomorrow', async (t, world) => {
  const { report, staff } = await reporting(world);
  await report('a', [countOf(world, { via: 'shared-eu', sent: 1500 })]);
  const visitor = await world.signedIn(staff.reviewer.email);
  t.regex(partOf((await visitor.get('/pools')).html, 'shared-eu'), /Nothing was counted/);
  world.now += DAY;
  await slidePools(world.db, world.now);
  t.regex(partOf((await (await world.signedIn(staff.reviewer.email)).get('/pools')).html, 'shared-eu'), /Sent 1,500/);
});
