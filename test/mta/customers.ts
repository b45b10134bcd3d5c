// Five customers of a provider, each with a domain: one whose IP warms up, one with a warm IP, one in the shared pool, one in
// the transactional pool, and one whose mail nothing may carry yet; and the router that knows them. All addresses are loopback's.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { actIn } from '../../src/act.ts';
import { addIps } from '../../src/ips/actions.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { addSystem } from '../../src/systems/actions.ts';
import { type RouterProcess, startRouter } from '../routing/mail-server.ts';
import { complete, warmingAccount } from '../routing/scene.ts';
import * as make from '../support/make.ts';
import { folder } from '../support/process.ts';
import type { Scene } from '../support/warm.ts';
import { createWorld, type World } from '../support/world.ts';
import { plannedFromToday } from './plan.ts';

export const WARMING = '127.0.0.11';
export const WARM = '127.0.0.12';
export const SHARED = '127.0.0.21';
export const POOLED = '127.0.0.22';

export type Who = 'warming' | 'warm' | 'shared' | 'receipts' | 'waiting';

export type Customers = {
  readonly world: World;
  readonly env: Readonly<Record<string, string>>;
  /** The domain of each. */
  readonly from: Readonly<Record<Who, string>>;
  readonly ipId: number;
  /** The account whose IP warms up: both of its domains use it. */
  readonly warming: make.Account;
  /** The warming domain and its plan. */
  readonly scene: Scene;
  /** S-04: lifts what keeps the waiting customer's mail: from then on the shared pool may carry it. */
  readonly release: () => Promise<unknown>;
  /** A token for the API. */
  readonly token: string;
  /** Adds a free IP to the inventory. */
  readonly give: (address: string) => Promise<unknown>;
  /** What `npm run export` writes. */
  readonly exported: (kind: string, ...options: string[]) => string;
  readonly startRouter: (...args: string[]) => Promise<RouterProcess>;
};

export type Wish = {
  /** Messages that the warming IP may carry today, of the `target` that it is to carry later. */
  readonly cap: number;
  readonly target: number;
  /** The shared pool's addresses. */
  readonly shared?: readonly string[];
};

export async function customers(t: ExecutionContext, { cap, target, shared: of = [SHARED] }: Wish): Promise<Customers> {
  const policyFile = join(folder(t), 'policy.json');
  const shipped = loadPolicy(policyPath('customerio'));
  if (!shipped.ok) throw new Error(shipped.problem.join('\n'));
  const addresses: Record<string, readonly string[]> = { 'shared-us': of, 'transactional-us': [POOLED] };
  // No pool is in the EU, where the waiting customer's mail has to leave from.
  const pools = shipped.value.pools
    .filter(({ region }) => region === 'us')
    .map((pool) => ({ ...pool, addresses: addresses[pool.key] ?? [] }));
  writeFileSync(policyFile, JSON.stringify({ ...shipped.value, pools }));
  const world = await createWorld(t, 'SQLite', { POLICY: policyFile });
  world.now = Date.now();
  const give = (address: string) =>
    world.db.transaction((trx) => addIps(actIn(trx, { person: null, at: world.now }), [address], 'us'));
  await give(WARMING);
  const warming = await warmingAccount(world, { cap, target, hasIp: true });
  const scene = await plannedFromToday(world, warming);
  await give(WARM);
  const warm = await warmingAccount(world, { cap, hasIp: true });
  await complete(world, warm.allocationId);
  const shared = await make.account(world);
  const waiting = await make.account(world, { region: 'eu' });
  const pooled = await make.account(world, { usage: 'transactional' });
  await make.decided(world, await make.poolRequest(world, pooled.admin, Number(pooled.domains[0]?.id)));
  const token = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
  if (!token.ok) throw new Error(token.problem);
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: world.databaseUrl, POLICY: policyFile };
  return {
    world,
    env,
    give,
    from: {
      warming: warming.domain,
      warm: warm.domain,
      shared: shared.domains[0]?.name ?? '',
      receipts: pooled.domains[0]?.name ?? '',
      waiting: waiting.domains[0]?.name ?? '',
    },
    release: async () => {
      await world.db('accounts').where({ id: waiting.id }).update({ region: null });
      await world.db('domains').where({ account_id: waiting.id }).update({ changed_at: Date.now() });
    },
    ipId: warming.ipId,
    warming: warming.account,
    scene,
    token: token.value.token,
    exported: (kind, ...options) =>
      execFileSync(process.execPath, ['src/cli/export.ts', kind, ...options], { env, encoding: 'utf8' }),
    startRouter: (...args) => startRouter(t, world.databaseUrl, args, { POLICY: policyFile }),
  };
}
