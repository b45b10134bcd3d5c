// What mail servers are told of an IP that is given back: nothing new goes over it, and what is queued for it may leave.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findAccount } from '../../src/accounts/store.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { finishReleases } from '../../src/release/background.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { addSystem } from '../../src/systems/actions.ts';
import { startRouter } from '../routing/mail-server.ts';
import { complete, type Warming, warmingAccount } from '../routing/scene.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

type Json = { readonly via: string; readonly ip: string | null; readonly pool: string | null };

/** Releases the account's IP, as its admin does. */
async function giveBack(world: World, { account, allocationId }: Warming): Promise<void> {
  const { document } = world.deps.policy;
  const whole = await findAccount(world.db, account.id);
  if (!whole) throw new Error('no account');
  const effects = await gatherRelease(world.db, { document, at: world.now }, whole, [allocationId]);
  const form = { accountId: account.id, allocationId, seen: releaseBasis(effects), reason: '' };
  const done = await releaseIp(world.db, { person: account.admin, at: world.now }, document, form);
  if (!done.ok) throw new Error(done.problem);
}

/** What the command prints, which runs beside this process: one that waited for it would drop its own connections. */
async function exported(world: World, kind: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: world.databaseUrl };
  return (await promisify(execFile)(process.execPath, ['src/cli/export.ts', kind], { env })).stdout;
}

onBothEngines(
  'a router that runs sends nothing over an IP that is given back, from the next second on',
  async (t, world) => {
    world.now = Date.now();
    const warming = await warmingAccount(world, { cap: 1_000 });
    await complete(world, warming.allocationId);
    const { domain, address } = warming;
    const system = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
    if (!system.ok) throw new Error(system.problem);
    const router = await startRouter(t, world.databaseUrl, ['--http', '0']);
    const ask = async (message: string): Promise<Json> => {
      const query = new URLSearchParams({ sender: `a@${domain}`, recipient: 'b@shop.example', message });
      const headers = { authorization: `Bearer ${system.value.token}` };
      return (await (await fetch(`http://127.0.0.1:${router.http}/api/v1/route?${query}`, { headers })).json()) as Json;
    };
    t.like(await ask('before'), { via: 'ip', ip: address });
    world.now = Date.now();
    await giveBack(world, warming);
    // The router reads what changed each second. A message that had its answer would keep it while the IP may carry mail.
    const until = Date.now() + 300_000;
    let again = await ask('before');
    while (again.via === 'ip' && Date.now() < until) again = await ask('before');
    t.like(
      again,
      { via: 'pool', ip: null, pool: 'shared-us' },
      'a mail server that asks again for a retry is told the new way',
    );
    for (let i = 0; i < 20; i += 1) t.is((await ask(`later-${i}`)).via, 'pool');
    router.child.kill('SIGTERM');
    await router.ended;
  },
);

onBothEngines(
  'exports keep the transport of an IP that drains, send nothing over it, and leave it out once it is released',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: 1_000 });
    await complete(world, warming.allocationId);
    const { domain, address } = warming;
    const transport = `ip-${address.replaceAll('.', '-')}`;
    t.regex(await exported(world, 'postfix-senders'), new RegExp(`@${domain} ${transport}:`));
    await giveBack(world, warming);
    t.regex(await exported(world, 'postfix'), new RegExp(`${transport} unix`), 'what is queued for it may leave');
    t.regex(await exported(world, 'postfix-senders'), new RegExp(`@${domain} shared-us:`));
    t.regex(await exported(world, 'sources'), new RegExp(`^${domain}:`, 'm'));
    t.notRegex(await exported(world, 'sources'), new RegExp(address.replaceAll('.', '\\.')));
    const kumo = JSON.parse(await exported(world, 'kumomta'));
    t.true(transport in kumo.sources);
    t.like(kumo.domains[domain], { pool: 'shared-us' });
    t.notRegex(JSON.stringify(kumo.pools), new RegExp(transport));
    world.now += 7 * DAY;
    t.is(await finishReleases(world.db, world.deps.policy.document, world.now), 1);
    t.notRegex(await exported(world, 'postfix'), new RegExp(transport));
  },
);

onBothEngines('programs read that an IP drains: nothing may go over it, and no domain uses it', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 1_000 });
  const system = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
  if (!system.ok) throw new Error(system.problem);
  const headers = { authorization: `Bearer ${system.value.token}` };
  const path = `${world.url}/api/v1/allocations/${warming.address}`;
  await giveBack(world, warming);
  t.like(await (await fetch(path, { headers })).json(), {
    ...{ status: 'releasing', cap: 0, remaining: 0, domains: [] },
    warmup: { status: 'ended', expectedFinish: null },
  });
  world.now += 7 * DAY;
  await finishReleases(world.db, world.deps.policy.document, world.now);
  t.is((await fetch(path, { headers })).status, 404);
});
