// S-07 without a database: what a domain chooses once a pool is gone, which IPs may be in a pool, and how weights divide mail.
import test from 'ava';
import fc from 'fast-check';
import { pick } from '../../src/hash.ts';
import type { Allocation } from '../../src/ips/allocation.ts';
import { choicesWithout, type OwnPool, type PoolChoice } from '../../src/ips/own-pools/pool.ts';
import { readChoice, readPool } from '../../src/pools/form.ts';
import { barToChoice, barToMembers, barToPool, choiceBasis, deletionBasis, type Known } from '../../src/pools/rules.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { egressToday } from '../../src/routing/egress-today.ts';
import { kumomta } from '../../src/routing/export/kumomta.ts';
import { pooledIps } from '../../src/routing/pooled-ips.ts';
import { route } from '../../src/routing/route.ts';
import { apartOf, streamOver } from '../../src/routing/sending-domain.ts';
import { ip, policy, sender, warming } from '../routing/senders.ts';

const choice = (marketing: number, transactional = marketing): PoolChoice => ({ marketing, transactional });
const parts = (items: readonly { id: number; weight?: number }[], count: number): Map<number, number> => {
  const found = new Map<number, number>();
  for (let message = 0; message < count; message += 1) {
    const id = pick(items, `m${message}@acme.example`)?.id ?? 0;
    found.set(id, (found.get(id) ?? 0) + 1 / count);
  }
  return found;
};

test('S-07: weights divide messages by their proportion, within two in a hundred', (t) => {
  const weight = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(fc.array(weight, { minLength: 2, maxLength: 6 }), (weights) => {
      const items = weights.map((one, index) => ({ id: index + 1, weight: one }));
      const sum = weights.reduce((a, b) => a + b);
      const found = parts(items, 5_000);
      for (const item of items) t.true(Math.abs((found.get(item.id) ?? 0) - item.weight / sum) < 0.02);
    }),
    { numRuns: 20 },
  );
});

test('S-07: even weights choose as none do, and an IP that leaves moves only what it had', (t) => {
  const plain = [{ id: 4 }, { id: 7 }, { id: 9 }];
  const even = plain.map((one) => ({ ...one, weight: 5 }));
  const rest = [
    { id: 4, weight: 3 },
    { id: 9, weight: 8 },
  ];
  for (let message = 0; message < 2_000; message += 1) {
    const key = `m${message}`;
    t.is(pick(even, key)?.id, pick(plain, key)?.id);
    const before = pick([...rest, { id: 7, weight: 5 }], key)?.id;
    if (before !== 7) t.is(pick(rest, key)?.id, before);
  }
});

test('S-07: a pool that is gone leaves its domains to its heir, to their other pool, or to the IPs themselves', (t) => {
  const choices = new Map([
    [1, choice(10)],
    [2, choice(10, 20)],
    [3, choice(20)],
  ]);
  t.deepEqual(
    [...choicesWithout(10, null, choices)],
    [
      [1, null],
      [2, choice(20)],
    ],
  );
  t.deepEqual(
    [...choicesWithout(10, 30, choices)],
    [
      [1, choice(30)],
      [2, choice(30, 20)],
    ],
  );
  t.deepEqual([...choicesWithout(40, null, choices)], []);
});

const allocation = (id: number, change: Partial<Allocation> = {}): Allocation =>
  ({ id, ipId: id, address: `192.0.2.${id}`, region: 'us', stream: 'both', ownerSends: true, ...change }) as Allocation;
const pool = (id: number, ids: readonly number[], change: Partial<OwnPool> = {}): OwnPool => ({
  ...{ id, accountId: 1, name: `P${id}`, version: 1, domains: [] },
  members: ids.map((one) => ({
    ...{ allocationId: one, ipId: one, address: `192.0.2.${one}`, region: 'us', status: 'active', weight: 1 },
  })),
  ...change,
});
const under = (needsNames: boolean, pinned: readonly ('us' | 'eu')[] = []): Known['policy'] => ({
  reverseDns: { value: needsNames ? true : null, rule: 'own choice' },
  pinnedRegions: { value: [...pinned], rule: 'own choice' },
});
const known = (change: Partial<Known> = {}): Known => ({
  ...{ region: null, policy: under(false), pools: [], names: new Map(), domains: [], choices: new Map() },
  live: [allocation(1), allocation(2, { region: 'eu' }), allocation(3, { ownerSends: false })],
  ...change,
});

test('S-04, S-07, S-17, S-19: which IPs may join a pool', (t) => {
  t.is(barToPool(1, known()), null);
  t.is(barToPool(9, known()), 'gone');
  t.is(barToPool(3, known()), 'not-own');
  t.is(barToPool(1, known({ region: 'eu' })), 'region');
  t.is(barToPool(2, known({ region: 'eu' })), null);
  t.is(barToPool(2, known({ region: 'us' })), null, 'only the EU keeps its mail');
  t.is(barToPool(2, known({ policy: under(false, ['eu']) })), 'region', 'the EU is kept for those in it');
  t.is(barToPool(4, known({ live: [allocation(4, { stream: 'marketing' })] })), 'one-kind');
  const host = (status: 'waiting' | 'linked' | 'broken') => new Map([[1, { name: 'o1.acme.test', status }]]);
  t.is(barToPool(1, known({ policy: under(true) })), 'unlinked');
  t.is(barToPool(1, known({ policy: under(true), names: host('waiting') })), 'unlinked');
  t.is(barToPool(1, known({ policy: under(true), names: host('broken') })), 'unlinked');
  t.is(barToPool(1, known({ policy: under(true), names: host('linked') })), null);
  const wish = [{ allocationId: 1, weight: 2 }];
  t.is(barToMembers([], undefined, known()), 'empty');
  t.is(barToMembers(wish, undefined, known({ policy: under(true) })), 'unlinked');
  t.is(barToMembers(wish, pool(5, [1]), known({ policy: under(true) })), null, 'one that is in it stays');
  const many = Array.from({ length: 101 }, (_, id) => ({ allocationId: id, weight: 1 }));
  t.is(barToMembers(many, undefined, known({ live: many.map((_, id) => allocation(id)) })), 'too-many');
  t.is(barToMembers(many.slice(1), undefined, known({ live: many.map((_, id) => allocation(id)) })), null);
});

test('S-07: to which pools a domain may point', (t) => {
  const domain = { id: 7, route: 'default' } as Known['domains'][number];
  const of = known({ pools: [pool(1, [1]), pool(2, [])], choices: new Map([[8, choice(1)]]) });
  t.is(barToChoice(domain, choice(1), of), null);
  t.is(barToChoice(domain, choice(3), of), 'gone');
  t.is(barToChoice(domain, choice(1, 3), of), 'gone');
  t.is(barToChoice(domain, choice(1, 2), of), 'empty');
  t.is(barToChoice(domain, null, of), 'same');
  t.is(barToChoice({ ...domain, id: 8 }, choice(1), of), 'same');
  t.is(barToChoice({ ...domain, id: 8 }, null, of), null);
  t.is(barToChoice({ ...domain, route: 'transactional' }, choice(1), of), 'in-pool', 'C-06');
});

test('a deletion binds to the version and to who points with what, a choice to what was chosen', (t) => {
  const pointing = (kinds: OwnPool['domains'][number]['kinds']) => [{ domainId: 7, domain: 'a.example', kinds }];
  const bases = [
    pool(1, [1]),
    pool(1, [1], { version: 2 }),
    pool(1, [1], { domains: pointing(['marketing']) }),
    pool(1, [1], { domains: pointing(['marketing', 'transactional']) }),
  ].map(deletionBasis);
  t.is(new Set(bases).size, 4);
  t.deepEqual([undefined, null, choice(1), choice(1, 2)].map(choiceBasis), ['', '', '1.1', '1.2']);
});

test('a pool’s form takes a name and weights, and says what is wrong with either', (t) => {
  const ips = [allocation(1), allocation(2)];
  const right = readPool({ name: ' News ', 'weight-1': '3', 'weight-2': '', version: '4' }, ips);
  t.like(right, { ok: true, value: { name: 'News', members: [{ allocationId: 1, weight: 3 }], version: 4 } });
  const wrong = readPool({ name: 'N', 'weight-1': '101', 'weight-2': '-1', version: '' }, ips);
  t.false(wrong.ok);
  if (!wrong.ok) t.deepEqual(Object.keys(wrong.errors), ['name', 'weight-1', 'weight-2']);
  t.like(readPool({ name: 'News', 'weight-1': '0' }, ips), { value: { members: [] } });
});

test('a domain’s form takes a pool for all of its mail, and one for transactional mail apart', (t) => {
  const pools = [{ id: 1 }, { id: 2 }];
  t.like(readChoice({ pool: '1', transactional: 'same' }, pools), { value: { choice: choice(1) } });
  t.like(readChoice({ pool: '1', transactional: '2' }, pools), { value: { choice: choice(1, 2) } });
  t.like(readChoice({ pool: 'direct', transactional: 'same' }, pools), { value: { choice: null } });
  t.false(readChoice({ pool: 'direct', transactional: '2' }, pools).ok);
  t.false(readChoice({ pool: '3', transactional: 'same' }, pools).ok);
});

const row = (allocationId: number, marketing: number, transactional = marketing) => ({
  ...{ allocationId, domainId: 1, marketing, transactional },
});

test('S-05, S-07: each kind of mail goes over the pool that it points to, by its weights', (t) => {
  const ips = [ip(1), ip(2), ip(3)];
  const of = sender({ ips, pooled: pooledIps(ips, [row(1, 3, 0), row(2, 1, 0), row(3, 0, 1)]) });
  const over = (stream: 'marketing' | 'transactional') => {
    const { fallback } = egressOf(of, stream, policy);
    return fallback.to === 'ips' ? fallback.ips.map(({ id, weight }) => [id, weight]) : [];
  };
  t.deepEqual(over('marketing'), [
    [1, 3],
    [2, 1],
  ]);
  t.deepEqual(over('transactional'), [[3, 1]]);
  t.is(apartOf(of), 'transactional');
  t.deepEqual(
    [1, 2, 3].map((id) => streamOver(of, ip(id))),
    ['marketing', 'marketing', 'transactional'],
  );
  const ask = (stream: 'marketing' | 'transactional', message: string) =>
    route(of, { stream, message, to: [{ provider: '', count: 1 }] }, policy, () => 1_000);
  let heavy = 0;
  for (let message = 0; message < 2_000; message += 1) {
    const answer = ask('marketing', `m${message}`);
    t.is(answer.via, 'ip');
    if (answer.via !== 'ip') continue;
    t.true([1, 2].includes(answer.ip.id));
    t.is(answer.share, answer.ip.id === 1 ? 0.75 : 0.25);
    t.is(answer.why, 'ip-warm');
    heavy += answer.ip.id === 1 ? 1 : 0;
  }
  t.true(Math.abs(heavy / 2_000 - 0.75) < 0.03);
  t.like(ask('transactional', 'm1'), { via: 'ip', ip: { id: 3 }, share: 1 });
});

test('S-07: pools of the same weights for both kinds are one way, so that nothing is apart', (t) => {
  const ips = [ip(1), ip(2)];
  const of = sender({ ips, pooled: pooledIps(ips, [row(1, 3), row(2, 1)]) });
  t.is(apartOf(of), null);
  const apart = sender({ ips, pooled: pooledIps(ips, [row(1, 3, 1), row(2, 1)]) });
  t.is(apartOf(apart), 'transactional', 'other weights are another way');
});

test('S-16, S-26: the weight of a warming IP changes nothing of its share', (t) => {
  for (const weight of [1, 2, 50, 100]) {
    const ips = [warming(1, 100, 1_000), ip(2)];
    const plain = egressOf(sender({ ips }), 'marketing', policy);
    const of = sender({ ips, pooled: pooledIps(ips, [row(1, weight), row(2, 1)]) });
    const pooled = egressOf(of, 'marketing', policy);
    t.deepEqual(
      pooled.warming.map(({ ip, share }) => [ip.id, share]),
      plain.warming.map(({ ip, share }) => [ip.id, share]),
    );
  }
});

test('S-07: KumoMTA’s file has the weights, and asks a warming IP first whatever they are', (t) => {
  const ips = [ip(1), ip(2), warming(3, 100, 1_000)];
  const of = sender({ ips, pooled: pooledIps(ips, [row(1, 3), row(2, 1), row(3, 100)]) });
  const exported = { senders: [of], ips, policy, today: 20_000, helo: null, linked: new Map<string, string>() };
  const { pools } = JSON.parse(kumomta(exported));
  const name = (id: number) => `ip-192-0-2-${id}`;
  const rest: { name: string; weight: number }[] = pools[`domain:${of.name}`];
  const weightOf = (entries: typeof rest, id: number) => entries.find((one) => one.name === name(id))?.weight ?? 0;
  t.is(weightOf(rest, 1) / weightOf(rest, 2), 3);
  const warm: typeof rest = pools[`domain:${of.name}+${name(3)}`];
  t.true(weightOf(warm, 3) >= 1_000 * weightOf(warm, 1) || weightOf(warm, 3) >= 1_000 * 3);
});

test('C-18, S-07: the table of a domain’s page has the parts that weights come to, and what each IP is for', (t) => {
  const ips = [ip(1), ip(2), ip(3)];
  const of = sender({ ips, pooled: pooledIps(ips, [row(1, 3, 0), row(2, 1, 0), row(3, 0, 1)]) });
  const { lines } = egressToday(of, policy, new Map(), 20_000);
  t.deepEqual(
    lines.map(({ over, share }) => [over, share]),
    [
      ['192.0.2.1', 0.75],
      ['192.0.2.2', 0.25],
      ['192.0.2.3', 0],
    ],
  );
  t.regex(lines[2]?.why ?? '', /For transactional mail only/);
  t.regex(lines[0]?.why ?? '', /^Warm/);
});
