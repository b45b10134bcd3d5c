// The pure rule: which IP or pool carries a message.

import test from 'ava';
import fc from 'fast-check';
import { type Load, sizeOf } from '../../src/routing/load.ts';
import { type Ask, type Left, type RouteAnswer, route } from '../../src/routing/route.ts';
import { capOf, type Ip, type Sender } from '../../src/routing/sending-domain.ts';
import { ProviderTable } from '../../src/sending/receivers/provider-table.ts';
import { shareOf } from '../../src/warmup/share.ts';
import { ip, planState, policy, sender, warming, withOverflow } from './senders.ts';

const to = (provider: string, count = 1): Load => [{ provider, count }];
const ask = (message: string, change: Partial<Ask> = {}): Ask => ({
  stream: 'marketing',
  message,
  to: to('gmail'),
  ...change,
});
const plenty: Left = () => 1_000_000;
const nothing: Left = () => 0;
const viaOf = (answer: RouteAnswer) =>
  answer.via === 'ip' ? answer.ip.address : answer.via === 'pool' ? answer.pool.key : answer.via;
const asked = (from: Sender, left: Left = plenty, change: Partial<Ask> = {}, by = policy) =>
  Array.from({ length: 4000 }, (_, i) => route(from, ask(`<${i}@acme.example>`, change), by, left));
const shareOver = (answers: readonly RouteAnswer[], where: string) =>
  answers.filter((answer) => viaOf(answer) === where).length / answers.length;

test('C-01: the mail of a new domain goes over the default shared pool of its region', (t) => {
  t.is(viaOf(route(sender(), ask('1'), policy, plenty)), 'shared-us');
  t.is(viaOf(route(sender({ account: { region: 'us' } }), ask('1'), policy, plenty)), 'shared-us');
  t.is(viaOf(route(sender({ account: { region: 'eu' } }), ask('1'), policy, plenty)), 'shared-eu');
});

test('C-06: a domain in the transactional pool is refused campaigns and sends transactional messages over it', (t) => {
  const receipts = sender({ name: 'receipts.acme.example', route: 'transactional', usage: 'transactional' });
  const campaign = route(receipts, ask('1'), policy, plenty);
  t.is(campaign.via, 'refusal');
  t.regex(campaign.via === 'refusal' ? campaign.sentence : '', /receipts\.acme\.example is in the transactional pool/);
  t.is(viaOf(route(receipts, ask('1', { stream: 'transactional' }), policy, plenty)), 'transactional-us');
});

test('C-15: during warm-up mail goes side by side over the shared pool and the new IP', (t) => {
  const answers = asked(sender({ ips: [warming(1, 200, 1000)] }));
  t.deepEqual([...new Set(answers.map(viaOf))].sort(), ['192.0.2.1', 'shared-us']);
});

test('C-15: an account that has a warm IP keeps it beside the new one', (t) => {
  const [old, young] = [ip(1), warming(2, 200, 1000)];
  const answers = asked(sender({ ips: [young], account: { ips: [old, young] } }));
  t.deepEqual([...new Set(answers.map(viaOf))].sort(), ['192.0.2.1', '192.0.2.2']);
});

test('C-16: the share on the new IP fills its cap at 0.6 of the expected mail, and only grows', (t) => {
  let before = new Set<number>();
  for (const cap of [100, 250, 500, 900, 1000]) {
    const answers = asked(sender({ ips: [warming(1, cap, 1000)] }));
    t.true(Math.abs(shareOver(answers, '192.0.2.1') - shareOf(cap, 1000)) < 0.03, `${cap}`);
    const on = new Set(answers.flatMap((answer, i) => (answer.via === 'ip' ? [i] : [])));
    t.true(
      [...before].every((i) => on.has(i)),
      'what went over the IP yesterday goes over it today',
    );
    before = on;
  }
  t.is(before.size, 4000);
});

test('C-16: an answer says its share, the cap and what is left of it', (t) => {
  const from = sender({ ips: [warming(1, 200, 1000)] });
  const share = shareOf(200, 1000);
  for (const answer of asked(from, () => 42)) {
    if (answer.via === 'ip') t.like(answer, { share, cap: 200, left: 42, why: 'ip-warming' });
    else t.like(answer, { share: 1 - share, cap: null, left: null, why: 'fallback' });
  }
});

test('C-17: when warm-up is complete all mail goes over the dedicated IP', (t) => {
  t.is(shareOver(asked(sender({ ips: [ip(1)] }), nothing), '192.0.2.1'), 1);
});

test('C-17: several warm IPs share the mail evenly, and when one leaves only its mail moves', (t) => {
  const before = asked(sender({ ips: [ip(1), ip(2), ip(3)] }));
  const after = asked(sender({ ips: [ip(1), ip(3)] }));
  for (const each of [1, 2, 3]) t.true(Math.abs(shareOver(before, `192.0.2.${each}`) - 1 / 3) < 0.03);
  before.forEach((answer, i) => {
    if (viaOf(answer) !== '192.0.2.2') t.is(viaOf(after[i] as RouteAnswer), viaOf(answer));
  });
});

test('a paused, reserved or released IP carries nothing, whatever its plan says', (t) => {
  for (const status of ['paused', 'reserved', 'releasing', 'released'] as const) {
    t.is(shareOver(asked(sender({ ips: [warming(1, 500, 1000, { status })] })), 'shared-us'), 1);
  }
  for (const status of ['paused', 'planned'] as const) {
    const resting = warming(1, 500, 1000, { warmup: planState(500, 1000, { status }) });
    t.is(shareOver(asked(sender({ ips: [resting] })), 'shared-us'), 1);
  }
});

test('S-04: mail of an account pinned to the EU leaves from the EU only', (t) => {
  const eu = { region: 'eu' } as const;
  const mixed = sender({ ips: [ip(1), warming(2, 500, 1000, eu)], account: eu });
  t.deepEqual([...new Set(asked(mixed).map(viaOf))].sort(), ['192.0.2.2', 'shared-eu']);
  const receipts = sender({ route: 'transactional', usage: 'transactional', account: eu });
  t.is(viaOf(route(receipts, ask('1', { stream: 'transactional' }), policy, plenty)), 'transactional-eu');
});

test('S-04: without a pool in the EU the mail waits, and is told why', (t) => {
  const american = { ...policy, pools: policy.pools.filter((pool) => pool.region === 'us') };
  const answer = route(sender({ account: { region: 'eu' } }), ask('1'), american, plenty);
  t.is(answer.via, 'wait');
  t.regex(answer.via === 'wait' ? answer.sentence : '', /no shared pool in the EU/);
});

test('S-16: what is above the cap goes to the account’s warm IPs or the pool, in the policy’s order', (t) => {
  const [old, young] = [ip(1), warming(2, 200, 1000)];
  const from = sender({ ips: [young], account: { ips: [old, young] } });
  t.is(shareOver(asked(from, nothing, {}, withOverflow('warm-ips', 'pool')), '192.0.2.1'), 1);
  t.is(shareOver(asked(from, nothing, {}, withOverflow('pool', 'warm-ips')), 'shared-us'), 1);
  const alone = sender({ ips: [young] });
  t.is(shareOver(asked(alone, nothing, {}, withOverflow('warm-ips', 'pool')), 'shared-us'), 1);
});

test('S-16: where nothing else may carry it, all mail is offered to the new IP and the rest waits', (t) => {
  const alone = sender({ ips: [warming(1, 200, 1000)] });
  t.is(shareOver(asked(alone, plenty, {}, withOverflow('warm-ips', 'wait')), '192.0.2.1'), 1);
  t.is(shareOver(asked(alone, nothing, {}, withOverflow('warm-ips', 'wait')), 'wait'), 1);
  t.is(shareOver(asked(alone, nothing, {}, withOverflow('wait', 'pool')), 'wait'), 1);
  const two = sender({ ips: [warming(1, 200, 1000), warming(2, 200, 1000)] });
  const onlySecond: Left = ({ id }) => (id === 2 ? 10 : 0);
  t.is(shareOver(asked(two, onlySecond, {}, withOverflow('wait')), '192.0.2.2'), 1);
});

test('transactional mail of a domain that came from the transactional pool is beside the new IP there; its campaigns are not', (t) => {
  const from = sender({ ips: [warming(1, 1, 1000)], sharedPool: 'transactional', usage: 'transactional' });
  t.is(viaOf(route(from, ask('1', { stream: 'transactional' }), policy, nothing)), 'transactional-us');
  t.is(viaOf(route(from, ask('1', { stream: 'marketing' }), policy, nothing)), 'shared-us');
});

test('S-26: each question about what is left names the recipient’s mailbox provider', (t) => {
  const seen = new Set<string>();
  const left: Left = (_, load) => {
    for (const { provider } of load) seen.add(provider);
    return load.some(({ provider }) => provider === 'gmail') ? 0 : 5;
  };
  const from = sender({ ips: [warming(1, 1000, 1000)] });
  t.is(shareOver(asked(from, left), 'shared-us'), 1);
  t.is(shareOver(asked(from, left, { to: to('microsoft') }), '192.0.2.1'), 1);
  t.is(shareOver(asked(from, left, { to: to('other') }), '192.0.2.1'), 1);
  t.deepEqual([...seen].sort(), ['gmail', 'microsoft', 'other']);
  t.is(new ProviderTable(policy).of('googlemail.com', null), 'gmail');
});

const anyStanding = fc.record({
  status: fc.constantFrom('planned', 'running', 'paused', 'complete' as const),
  cap: fc.integer({ min: 1, max: 5000 }),
  more: fc.integer({ min: 0, max: 5000 }),
  capPercent: fc.integer({ min: 1, max: 100 }),
});
const anyIp = (id: number) =>
  fc
    .record({
      status: fc.constantFrom('reserved', 'warming', 'paused', 'active', 'releasing' as const),
      region: fc.constantFrom('us', 'eu' as const),
      stands: fc.option(anyStanding),
    })
    .map(({ status, region, stands }): Ip => {
      const at = stands && planState(stands.cap, stands.cap + stands.more, { ...stands, stage: 1 });
      return ip(id, { status, region, warmup: at });
    });
const anySender = fc
  .record({
    ips: fc.tuple(anyIp(1), anyIp(2), anyIp(3), anyIp(4)),
    linked: fc.subarray([0, 1, 2, 3]),
    route: fc.constantFrom('default', 'transactional', 'dedicated' as const),
    sharedPool: fc.constantFrom('default', 'transactional' as const),
    region: fc.constantFrom(null, 'us', 'eu' as const),
  })
  .map(({ ips, linked, region, ...rest }) =>
    sender({ ...rest, ips: linked.map((at) => ips[at] as Ip), account: { region, ips } }),
  );
const anyPolicy = fc
  .tuple(fc.shuffledSubarray(['warm-ips', 'pool', 'wait'] as const, { minLength: 1 }), fc.subarray([...policy.pools]))
  .map(([ways, pools]) => ({ ...withOverflow(...ways), pools }));
const anyAsk = fc.record({
  stream: fc.constantFrom('marketing', 'transactional' as const),
  message: fc.string(),
  to: fc
    .uniqueArray(
      fc.record({
        provider: fc.constantFrom('gmail', 'microsoft', 'other', ''),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      { selector: ({ provider }) => provider, minLength: 1 },
    )
    .map((load): Load => load),
});

test('C-07, C-06, S-04, S-26: no answer ever breaks whose an IP is, what a pool takes, where mail leaves from, or a cap', (t) => {
  fc.assert(
    fc.property(anySender, anyAsk, anyPolicy, fc.integer({ min: 0, max: 8 }), (from, asks, by, left) => {
      const answer = route(from, asks, by, () => left);
      if (answer.via === 'ip') {
        t.true(from.account.ips.includes(answer.ip), 'C-07: the IP is the account’s own');
        t.is(from.route, 'dedicated');
        const cap = capOf(answer.ip);
        t.not(cap, 0, 'an IP that may carry nothing carries nothing');
        if (cap !== null) t.true(left >= sizeOf(asks.to) && from.ips.includes(answer.ip));
        if (from.account.region === 'eu') t.is(answer.ip.region, 'eu');
      }
      if (answer.via === 'pool') {
        if (from.account.region !== null) t.is(answer.pool.region, from.account.region);
        if (asks.stream === 'marketing') t.is(answer.pool.kind, 'default');
      }
      if (answer.via === 'refusal') t.true(from.route === 'transactional' && asks.stream === 'marketing');
      else t.true(answer.share > 0 - 1e-9 && answer.share <= 1 + 1e-9);
      t.deepEqual(
        route(from, asks, by, () => left),
        answer,
        'asked twice, the same answer',
      );
    }),
    { numRuns: 2000 },
  );
});
