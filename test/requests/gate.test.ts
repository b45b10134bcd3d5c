// The gate is about the IP: over the mail of the domains that would use it (C-08).
import test from 'ava';
import { previewRequest } from '../../src/requests/customer/actions.ts';
import { joinedBy } from '../../src/requests/joining.ts';
import { approveRequest } from '../../src/requests/review/decide.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** Acme: big.acme.example with 1,000,000 a week on an IP of its own, small.acme.example with `small` on the shared pool. */
async function bigAndSmall(world: World, small: number) {
  const acme = await make.account(world, { weekly: null });
  const big = await make.domain(world, acme.id, 'big.acme.example', { weekly: 1_000_000 });
  const little = await make.domain(world, acme.id, 'small.acme.example', { weekly: small });
  await make.ips(world, 'us', 3);
  const wish = { weeklyVolume: 1_000_000, peakWeeklyVolume: 1_000_000, domainIds: [big.id] };
  await make.decided(world, await make.request(world, acme.admin, wish));
  const findings = async (domainIds: readonly number[], stated: number) => {
    const wanted = { weeklyVolume: stated, peakWeeklyVolume: stated, domainIds };
    const answers = await make.dedicated(world, acme.admin, wanted);
    const actor = { person: acme.admin, at: world.now };
    return (await previewRequest(world.db, actor, world.deps.policy, { answers }))?.findings ?? [];
  };
  return { acme, big, little, findings };
}

onBothEngines('C-08: the mail of other domains opens no gate for an IP that they would not use', async (t, world) => {
  const { acme, little, findings } = await bigAndSmall(world, 3_000);
  const gate = (await findings([little.id], 1_003_000)).find(({ check }) => check === 'measured-volume');
  t.like(gate, {
    verdict: 'fails',
    rule: 'C-08',
    fact: '3,000 a week from small.acme.example, mean of 4 weeks',
    limit: '≥ 50,000 for 1 IP',
  });
  const wanted = { weeklyVolume: 1_003_000, peakWeeklyVolume: 1_003_000, domainIds: [little.id] };
  const id = await make.request(world, acme.admin, wanted);
  const actor = { person: (await make.staff(world)).reviewer, at: world.now };
  const done = await approveRequest(world.db, actor, id, { seen: await make.seen(world, id), reason: '' });
  t.deepEqual(done.ok ? null : done.problem, { name: 'reason-missing' }, 'one reviewer alone cannot approve it (R-04)');
});

onBothEngines('C-08: a domain with enough mail needs none for IPs that it does not use', async (t, world) => {
  const { little, findings } = await bigAndSmall(world, 50_000);
  const found = await findings([little.id], 50_000);
  t.deepEqual(
    found.filter(({ verdict }) => verdict === 'fails'),
    [],
  );
});

onBothEngines('C-08: who joins an IP adds to the mail that it and the new one need', async (t, world) => {
  const { big, little, findings } = await bigAndSmall(world, 3_000);
  const gate = (await findings([big.id, little.id], 1_003_000)).find(({ check }) => check === 'measured-volume');
  t.like(gate, { verdict: 'passes', limit: '≥ 100,000 for 2 IPs' });
  t.is(gate?.fact, '1,003,000 a week from big.acme.example and small.acme.example, mean of 4 weeks');
});

onBothEngines(
  'a statement far below what is measured wants a look, and warm-up aims at what is measured',
  async (t, world) => {
    const acme = await make.account(world, { weekly: 1_000_000 });
    const answers = await make.dedicated(world, acme.admin, { weeklyVolume: 50_000, peakWeeklyVolume: 50_000 });
    const evidence = await previewRequest(world.db, { person: acme.admin, at: world.now }, world.deps.policy, {
      answers,
    });
    t.is(evidence?.findings.find(({ check }) => check === 'stated-to-measured')?.verdict, 'look');
    t.is(evidence?.forecast?.targetPerDay, 142_858);
  },
);

test('domains join the IPs that they use, those of whom they meet there, and no others', (t) => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name, index) => ({ id: index + 1, name })) as [
    { id: number; name: string },
    { id: number; name: string },
    { id: number; name: string },
    { id: number; name: string },
  ];
  const holding = { allocated: 4, addedSince: 0, warm: { us: 0, eu: 0 }, usedBy: [[c, b], [a, b], [d], []] };
  t.deepEqual(joinedBy([a.id], holding), { ips: 2, others: [b, c] });
  t.deepEqual(joinedBy([d.id], holding), { ips: 1, others: [] });
  t.deepEqual(joinedBy([9], holding), { ips: 0, others: [] });
});
