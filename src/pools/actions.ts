// S-07: customers make, change and delete their own pools of IPs, and point their domains to them.
import { holdAccount } from '../accounts/actions.ts';
import { can } from '../accounts/permissions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Account, findActivePerson } from '../accounts/store.ts';
import { type Act, act } from '../act.ts';
import { type Db, isDuplicate } from '../database.ts';
import { keepDomains, moveDomain } from '../domains/actions.ts';
import { endPool, makePool, pointDomain, setPool } from '../ips/own-pools/actions.ts';
import { MOST, type OwnPool, type PoolChoice } from '../ips/own-pools/pool.ts';
import type { Policy } from '../policy/document/policy.ts';
import { type Result, refused } from '../result.ts';
import { gatherPools } from './gather.ts';
import { notifyOfPool } from './notify.ts';
import {
  afterDeletion,
  barToChoice,
  barToMembers,
  choiceBasis,
  deletionBasis,
  type Heir,
  heirsOf,
  type Known,
  type PoolProblem,
  type Wish,
} from './rules.ts';
import { choiceInWords } from './wording.ts';

type Somebody = Actor & { readonly person: Person };
type PoolAct = Act<PoolProblem, Somebody>;

/** A pool as somebody typed it. */
export type PoolForm = { readonly name: string; readonly members: readonly Wish[] };

/** Works on an account's pools, which is locked: giving one of its IPs back waits. */
async function acting<T>(
  db: Db,
  { actor, document }: { readonly actor: Somebody; readonly document: Policy },
  accountId: number,
  work: (act: PoolAct, account: Account, known: Known) => Promise<T>,
): Promise<Result<T, PoolProblem>> {
  try {
    return await act<T, PoolProblem, Somebody>(db, actor, async (act) => {
      const { trx, refuse } = act;
      const account = (await holdAccount(trx, accountId)) ?? refuse('not-found');
      // Who acts may have lost the role since the page was shown.
      const person = (await findActivePerson(trx, actor.person.id)) ?? refuse('not-yours');
      if (person.accountId !== accountId || !can({ ...person, staffRole: null }, 'manage own IPs'))
        return refuse('not-yours');
      if (account.parentId !== null) return refuse('subuser');
      if (account.status !== 'active') return refuse('not-active');
      return work(act, account, await gatherPools(trx, account, document));
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('taken');
    throw error;
  }
}

type Ruled = { readonly actor: Somebody; readonly document: Policy };

/** What is to be a pool's, with the addresses. */
function membersOf(wanted: readonly Wish[], known: Known, pool?: OwnPool) {
  const all = new Map([
    ...(pool?.members ?? []).map((one) => [one.allocationId, one] as const),
    ...known.live.map(({ id, ipId, address }) => [id, { ipId, address }] as const),
  ]);
  return wanted.flatMap(({ allocationId, weight }) => {
    const ip = all.get(allocationId);
    return ip === undefined ? [] : [{ allocationId, weight, ipId: ip.ipId, address: ip.address }];
  });
}

/** Makes a pool of these IPs. Nothing goes over it until a domain points to it. Returns its id. */
export const createPool = (db: Db, ruled: Ruled, accountId: number, form: PoolForm) =>
  acting(db, ruled, accountId, async (act, _, known) => {
    if (known.pools.length >= MOST.pools) return act.refuse('too-many');
    const bar = barToMembers(form.members, undefined, known);
    if (bar !== null) return act.refuse(bar);
    return makePool(act, accountId, { name: form.name, members: membersOf(form.members, known) });
  });

const poolIn = (act: PoolAct, { pools }: Known, id: number): OwnPool =>
  pools.find((pool) => pool.id === id) ?? act.refuse('not-found');

/** Changes the name, the IPs or the weights of a pool, bound to its version. Those concerned are mailed where mail goes over it. */
export const changePool = (
  db: Db,
  ruled: Ruled,
  accountId: number,
  form: PoolForm & { readonly id: number; readonly version: number },
) =>
  acting(db, ruled, accountId, async (act, account, known) => {
    const pool = poolIn(act, known, form.id);
    if (pool.version !== form.version) return act.refuse('changed');
    const bar = barToMembers(form.members, pool, known);
    if (bar !== null) return act.refuse(bar);
    const members = membersOf(form.members, known, pool);
    const inWords = (some: readonly { address: string; weight: number }[]) =>
      some.map(({ address, weight }) => `${address} ${weight}`).toSorted();
    const isSame = form.name === pool.name && inWords(members).join() === inWords(pool.members).join();
    if (isSame) return act.refuse('same');
    const eventId = await setPool(act, pool, { name: form.name, members });
    const domains = pool.domains.map(({ domain }) => domain);
    const told = { pool: form.name, ips: members, domains, eventId } as const;
    if (domains.length > 0) await notifyOfPool(act, account, { ...told, what: 'changed', to: '' });
  });

/** Deletes a pool, bound to what was said of it; the mail of its domains goes where that said. Those concerned are mailed. */
export const removePool = (
  db: Db,
  ruled: Ruled,
  accountId: number,
  form: { readonly id: number; readonly seen: string; readonly heir: Heir },
) =>
  acting(db, ruled, accountId, async (act, account, known) => {
    const pool = poolIn(act, known, form.id);
    if (deletionBasis(pool) !== form.seen) return act.refuse('changed');
    if (form.heir !== null && !heirsOf(pool, known.pools).some(({ id }) => id === form.heir)) return act.refuse('gone');
    const after = afterDeletion(pool, form.heir, known.choices);
    const overs = after.map(({ choice }) =>
      choice === null ? 'its IPs directly' : choiceInWords(choice, known.pools),
    );
    const to = [...new Set(overs)].join(' or ');
    const choices = new Map(after.map(({ domainId, choice }) => [domainId, choice]));
    const eventId = await endPool(act, pool, { choices, to });
    const domains = after.map(({ domain }) => domain);
    const told = { pool: pool.name, ips: [], domains, eventId } as const;
    if (domains.length > 0) await notifyOfPool(act, account, { ...told, what: 'deleted', to });
  });

/** Points a domain to pools, or has it use the same IPs directly, bound to what it chose when the page was made. */
export const choosePools = (
  db: Db,
  ruled: Ruled,
  accountId: number,
  form: { readonly domainId: number; readonly seen: string; readonly choice: PoolChoice | null },
) =>
  acting(db, ruled, accountId, async (act, account, known) => {
    const domain = known.domains.find(({ id }) => id === form.domainId) ?? act.refuse('not-found');
    if (choiceBasis(known.choices.get(domain.id)) !== form.seen) return act.refuse('changed');
    const bar = barToChoice(domain, form.choice, known);
    if (bar !== null) return act.refuse(bar);
    await keepDomains(act, accountId, [domain.id]);
    const eventId = await pointDomain(act, domain, form.choice, known.pools);
    await moveDomain(act, domain, 'dedicated');
    const to = form.choice === null ? 'its IPs directly' : choiceInWords(form.choice, known.pools);
    const told = { pool: '', ips: [], domains: [domain.name], eventId } as const;
    await notifyOfPool(act, account, { ...told, what: 'pointed', to });
  });
