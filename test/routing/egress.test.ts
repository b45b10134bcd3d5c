// What carries a domain's mail at the moment, and why: reasons, shares and sentences, beside the shares of route.test.ts.

import test from 'ava';
import { partOf } from '../../src/hash.ts';
import { type Carriers, egressOf, elapsedAt, type Today, tabledEgress } from '../../src/routing/egress.ts';
import { fallbackAnswer, route, warmingFor } from '../../src/routing/route.ts';
import { expectedMailOn, weeklyPattern } from '../../src/sending/pattern.ts';
import { ProviderTable } from '../../src/sending/receivers/provider-table.ts';
import { shareNow } from '../../src/warmup/share.ts';
import { ip, planState, policy, sender, warming, withOverflow } from './senders.ts';

const EU = { region: 'eu' } as const;
const only = (region: 'us' | 'eu', by: Carriers = policy) => ({
  ...by,
  pools: by.pools.filter((pool) => pool.region === region),
});
const recipients = (count: number) => [{ provider: 'gmail', count }];
const answerOf = (from: ReturnType<typeof sender>, by: Carriers = policy, left = 0) =>
  route(from, { stream: 'transactional', message: 'm', to: recipients(1) }, by, () => left);

test('each answer says why it is the one', (t) => {
  t.like(answerOf(sender()), { via: 'pool', why: 'shared-pool', share: 1 });
  t.like(answerOf(sender({ route: 'transactional', usage: 'transactional' })), { why: 'transactional-pool' });
  t.like(answerOf(sender({ ips: [ip(1), ip(2)] })), { via: 'ip', why: 'ip-warm', share: 0.5 });
  t.like(answerOf(sender({ ips: [ip(1), ip(2, { status: 'paused' })] })), { via: 'ip', why: 'ip-warm', share: 1 });
  t.like(answerOf(sender({ ips: [ip(1, { status: 'paused' })] })), { via: 'pool', why: 'no-ip' });
  const others = sender({ ips: [ip(1, { status: 'paused' })], account: { ips: [ip(2)] } });
  t.like(answerOf(others), { via: 'ip', why: 'no-ip' }, 'an IP of the account that the domain does not use');
  t.like(answerOf(sender({ ips: [ip(1)], account: { ips: [ip(1), ip(2)] } })), { via: 'ip', why: 'ip-warm' });
  t.like(answerOf(sender({ ips: [warming(1, 1000, 1000)] })), { via: 'pool', why: 'cap-spent', share: 0 });
  t.like(answerOf(sender({ ips: [warming(1, 1000, 1000)] }), policy, 1), { via: 'ip', why: 'ip-warming', left: 1 });
});

test('S-26: one message goes over the IP while exactly one is left, three do not where two are', (t) => {
  const from = sender({ ips: [warming(1, 1000, 1000)] });
  const ask = { stream: 'marketing', message: 'm' } as const;
  t.is(route(from, { ...ask, to: recipients(1) }, policy, () => 1).via, 'ip');
  t.is(route(from, { ...ask, to: recipients(3) }, policy, () => 3).via, 'ip');
  t.is(route(from, { ...ask, to: recipients(3) }, policy, () => 2).via, 'pool');
});

test('S-26: where a pool carries the rest, what one warming IP cannot take is not for another one', (t) => {
  const from = sender({ ips: [warming(1, 1000, 1000), warming(2, 1000, 1000)] });
  const ask = { stream: 'marketing', to: recipients(1) } as const;
  const vias = Array.from({ length: 50 }, (_, i) =>
    route(from, { ...ask, message: `${i}` }, policy, ({ id }) => (id === 2 ? 10 : 0)),
  );
  t.deepEqual([...new Set(vias.map((answer) => (answer.via === 'ip' ? answer.ip.id : answer.via)))].sort(), [
    2,
    'pool',
  ]);
});

test('S-16: where the rest would wait, each warming IP is asked once, the one that the message is for first', (t) => {
  const from = sender({ ips: [1, 2, 3].map((id) => warming(id, 1000, 1000)) });
  for (let i = 0; i < 20; i += 1) {
    const ask = { stream: 'marketing', message: `${i}`, to: recipients(1) } as const;
    const asked: number[] = [];
    const answer = route(from, ask, withOverflow('wait'), ({ id }) => asked.push(id) * 0);
    t.is(answer.via, 'wait');
    t.is(asked[0], warmingFor(egressOf(from, 'marketing', withOverflow('wait')), ask.message)?.ip.id);
    t.deepEqual(asked.sort(), [1, 2, 3]);
  }
});

test('nothing is sent for an account that is suspended or closed, and why is said', (t) => {
  for (const stopped of ['suspended', 'closed'] as const) {
    const sentence = `The account of news.acme.example is ${stopped}, so nothing is sent for it.`;
    t.deepEqual(egressOf(sender({ ips: [ip(1)], account: { stopped } }), 'marketing', policy), {
      refusal: sentence,
      warming: [],
      fallback: { to: 'wait', sentence },
      beyond: null,
    });
  }
});

test('C-02: nothing is sent for a domain that staff stopped, and why is said by its name', (t) => {
  const stopped = sender({ name: 'shop.acme.example', isStopped: true });
  const sentence = 'shop.acme.example is stopped, so nothing is sent for it.';
  t.is(egressOf(stopped, 'marketing', policy).refusal, sentence);
});

test('C-16: a share follows how the day goes: the hour, its usual mail, what has come and what is left', (t) => {
  const at = 20_780 * 86_400_000;
  const noon = at + 12 * 3_600_000;
  t.is(elapsedAt(at), 0);
  t.is(elapsedAt(noon), 0.5);
  const pattern = weeklyPattern([1_000, 4_000, 0, 0, 0, 0, 0], 'measured');
  const young = warming(1, 100, 4_000, { warmup: planState(100, 4_000, { pattern }) });
  const from = sender({ ips: [young] });
  const share = (today?: Today) => egressOf(from, 'marketing', policy, today).warming[0]?.share;
  const expected = expectedMailOn(pattern, 20_780);
  t.not(expected, pattern.busiest);
  const usual = { seen: 0, left: 100, elapsed: 0 };
  t.is(share(), shareNow(100, { ...usual, expected: pattern.busiest }));
  t.is(share({ at }), shareNow(100, { ...usual, expected }));
  t.is(share({ at: noon }), shareNow(100, { ...usual, expected, elapsed: 0.5 }));
  const going = { seen: 700, left: 60 };
  t.is(share({ at: noon, of: () => going }), shareNow(100, { ...going, expected, elapsed: 0.5 }));
  const evening = { at: at + 18 * 3_600_000, of: () => usual };
  t.is(share(evening), shareNow(100, { ...usual, expected, elapsed: 0.75 }));
  t.true(Number(share(evening)) > Number(share({ at })), 'what is left of the day brings less');
});

test('S-26: several warm IPs have a limit where one of them has, and its mail goes beyond where a pool may carry it', (t) => {
  const level = ip(1, { warmup: planState(1000, 1000, { status: 'complete', stage: 2, warmedTo: 1_000 }) });
  const beyond = (by: Carriers, ...ips: ReturnType<typeof ip>[]) => egressOf(sender({ ips }), 'marketing', by).beyond;
  t.like(beyond(policy, level), { to: 'pool', pool: { key: 'shared-us' } });
  t.like(beyond(policy, level, ip(2)), { to: 'pool' });
  t.is(beyond(policy, ip(2)), null);
  t.like(beyond(withOverflow('pool'), level), { to: 'pool' });
  t.like(beyond(withOverflow('pool', 'wait'), level), { to: 'pool' });
  t.like(beyond(withOverflow('warm-ips', 'pool'), level), { to: 'pool' });
  t.is(beyond(withOverflow('warm-ips'), level), null);
  t.is(beyond(withOverflow('wait', 'pool'), level), null);
  t.is(beyond({ ...policy, pools: [] }, level), null);
  const tells = { ...policy, warmup: { ...policy.warmup, warm: { value: 'alarm', rule: 'own choice' } as const } };
  t.is(beyond(tells, level), null);
});

test('C-06: refused mail goes nowhere, and says why wherever it is asked', (t) => {
  const receipts = sender({ name: 'pay.example', route: 'transactional', usage: 'transactional' });
  const refused = egressOf(receipts, 'marketing', policy);
  t.is(
    refused.refusal,
    'pay.example is in the transactional pool, so it cannot send campaigns. Send them from another domain.',
  );
  t.deepEqual(refused, {
    refusal: refused.refusal,
    warming: [],
    fallback: { to: 'wait', sentence: refused.refusal ?? '' },
    beyond: null,
  });
  t.like(egressOf(receipts, 'transactional', policy), { refusal: null, warming: [], fallback: { to: 'pool' } });
});

test('C-06: a table, which cannot refuse, names where the transactional mail goes', (t) => {
  const egress = (from: ReturnType<typeof sender>) => tabledEgress(from, (stream) => egressOf(from, stream, policy));
  const both = sender({ route: 'transactional', usage: 'both' });
  t.deepEqual(egress(both), egressOf(both, 'transactional', policy));
  const campaigns = sender({ route: 'transactional', usage: 'marketing' });
  t.deepEqual(egress(campaigns), egressOf(campaigns, 'transactional', policy));
  t.is(egress(both).refusal, null);
  const marketing = sender({ ips: [warming(1, 100, 1000)], sharedPool: 'transactional', usage: 'marketing' });
  t.deepEqual(egress(marketing), egressOf(marketing, 'marketing', policy), 'what is not refused is its usual mail');
  const asked: string[] = [];
  tabledEgress(campaigns, (stream) => {
    asked.push(stream);
    return egressOf(campaigns, stream, policy);
  });
  t.deepEqual(asked, ['marketing', 'transactional']);
});

test('C-16: the share of a warming IP fills its cap at 0.6 of what all IPs of the domain are to carry', (t) => {
  const share = (...ips: Parameters<typeof warming>[]) =>
    egressOf(sender({ ips: ips.map((one) => warming(...one)) }), 'marketing', policy).warming.map((one) => one.share);
  // 100 and three deviations of 10, of 600 messages.
  t.deepEqual(share([1, 100, 1000]), [130 / 600]);
  t.deepEqual(share([1, 100, 1000], [2, 400, 3000]), [130 / 2400, 460 / 2400]);
});

test('C-15: its own warm IPs carry the rest before anything that the policy’s order names', (t) => {
  const from = sender({ ips: [ip(1), warming(2, 100, 1000)] });
  t.like(egressOf(from, 'marketing', withOverflow('pool', 'wait')).fallback, { to: 'ips', ips: [{ id: 1 }] });
});

test('S-16: where there is no pool, the next of the policy’s order is taken, and else the mail waits', (t) => {
  const from = (others: ReturnType<typeof ip>[]) =>
    sender({ ips: [warming(1, 100, 1000, EU)], account: { ...EU, ips: [warming(1, 100, 1000, EU), ...others] } });
  const american = only('us', withOverflow('pool', 'warm-ips'));
  t.like(egressOf(from([ip(2, EU)]), 'marketing', american).fallback, { to: 'ips', ips: [{ id: 2 }] });
  t.deepEqual(egressOf(from([]), 'marketing', american).fallback, {
    to: 'wait',
    sentence: 'There is no shared pool in the EU, where the mail of news.acme.example has to leave from.',
  });
  t.deepEqual(egressOf(from([]), 'marketing', withOverflow('wait', 'pool')).fallback, {
    to: 'wait',
    sentence: 'What is above today’s cap of news.acme.example’s dedicated IPs waits.',
  });
});

test('S-04: the sentence about a missing pool names its kind and its region', (t) => {
  const said = (from: ReturnType<typeof sender>, by: Carriers) => {
    const { fallback } = egressOf(from, 'transactional', by);
    return fallback.to === 'wait' ? fallback.sentence : fallback.to;
  };
  const where = 'where the mail of news.acme.example has to leave from.';
  const receipts = { route: 'transactional', usage: 'transactional' } as const;
  t.is(said(sender({ account: { region: 'us' } }), only('eu')), `There is no shared pool in the US, ${where}`);
  t.is(said(sender({ ...receipts, account: EU }), only('us')), `There is no transactional pool in the EU, ${where}`);
  t.is(said(sender(), { ...policy, pools: [] }), `There is no shared pool in the US, ${where}`);
});

test('C-01: an account without a region sends from the US, and from where there is a pool if there is none', (t) => {
  t.like(egressOf(sender(), 'marketing', { ...policy, pools: policy.pools.toReversed() }).fallback, {
    pool: { key: 'shared-us' },
  });
  t.like(egressOf(sender(), 'marketing', only('eu')).fallback, { pool: { key: 'shared-eu' } });
});

test('a message is for the IP in whose share its hash lies, which begins where the one before ends', (t) => {
  const [first, second] = [ip(1), ip(2)];
  const part = partOf('m');
  const chosen = (...shares: number[]) =>
    warmingFor({ warming: shares.map((share, i) => ({ ip: i === 0 ? first : second, share })) }, 'm')?.ip.id;
  t.is(chosen(part / 2, part), 2);
  t.is(chosen(part), undefined, 'an end is not within');
  t.is(chosen(part, 0.01), 2);
  t.is(chosen(), undefined);
});

test('a domain whose IPs are gone waits, and is named', (t) => {
  const gone = fallbackAnswer({ to: 'ips', ips: [] }, sender({ name: 'news.acme.example' }), 'm', {
    share: 1,
    why: 'no-ip',
  });
  t.deepEqual(gone, {
    via: 'wait',
    sentence: 'news.acme.example has no IP.',
    ...{ share: 1, cap: null, left: null, why: 'no-ip' },
  });
  const waits = { to: 'wait', sentence: 'It waits.' } as const;
  t.like(fallbackAnswer(waits, sender(), 'm', { share: 1, why: 'no-ip' }), { via: 'wait', sentence: 'It waits.' });
});

test('the provider of a domain is the one that the policy lists it under, or other', (t) => {
  const value = [
    { key: 'one', name: 'One', domains: ['one.example', 'uno.example'], mx: [] },
    { key: 'two', name: 'Two', domains: ['two.example'], mx: [] },
  ];
  const providers = { value, rule: 'own choice' };
  const found = ['uno.example', 'two.example', 'three.example', ''].map((name) =>
    new ProviderTable({ providers }).of(name, null),
  );
  t.deepEqual(found, ['one', 'two', 'other', 'other']);
  // Thousands of domains may be listed, and each recipient is looked up.
  let reads = 0;
  const counting = {
    get value() {
      reads += 1;
      return value;
    },
    rule: 'own choice',
  };
  const table = new ProviderTable({ providers: counting });
  for (const name of ['uno.example', 'two.example', 'uno.example']) table.of(name, null);
  t.is(reads, 1, 'the list is read once');
});
