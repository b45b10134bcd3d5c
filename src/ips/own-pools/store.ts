// Customers' own pools of IPs (S-07), and which domains point to them.
import { nameKey } from '../../accounts/person.ts';
import type { Db } from '../../database.ts';
import { numbersInJson } from '../../dialect.ts';
import { LIVE } from '../allocation.ts';
import { type Choices, KINDS, type Member, type OwnPool, type Pointing, type PoolChoice } from './pool.ts';

/** The pools of an account by name, with their IPs, oldest first, and the domains that point to them. */
export async function listOwnPools(db: Db, accountId: number): Promise<OwnPool[]> {
  const pools = await db('own_pools').where({ account_id: accountId }).orderBy(['name_key', 'id']);
  if (pools.length === 0) return [];
  const members = Map.groupBy(await listMembers(db, accountId), ({ poolId }) => poolId);
  const domains = await listPointing(db, accountId);
  return pools.map(({ id, name, version }) => ({
    ...{ id, accountId, name, version },
    members: (members.get(id) ?? []).map(({ poolId: _, ...member }) => member),
    domains: domains.get(id) ?? [],
  }));
}

const listMembers = (db: Db, accountId: number): Promise<(Member & { readonly poolId: number })[]> =>
  db('own_pool_members as m')
    .join('allocations as a', 'a.id', 'm.allocation_id')
    .join('ips as i', 'i.id', 'm.ip_id')
    .where('m.account_id', accountId)
    .orderBy(['m.pool_id', 'm.allocation_id'])
    .select('i.address', 'i.region', 'a.status', 'm.weight')
    .select({ poolId: 'm.pool_id', allocationId: 'm.allocation_id', ipId: 'm.ip_id' });

async function listPointing(db: Db, accountId: number): Promise<ReadonlyMap<number, Pointing[]>> {
  const rows = await db('domain_pools as p')
    .join('domains as d', 'd.id', 'p.domain_id')
    .where('p.account_id', accountId)
    .orderBy(['d.name', 'p.kind'])
    .select('p.pool_id', 'p.kind', 'd.id', 'd.name');
  const byPool = Map.groupBy(rows, (row) => Number(row.pool_id));
  return new Map(
    [...byPool].map(([poolId, of]) => [
      poolId,
      [...Map.groupBy(of, (row) => Number(row.id))].map(([domainId, own]) => ({
        ...{ domainId, domain: own[0].name, kinds: own.map(({ kind }) => kind) },
      })),
    ]),
  );
}

/** What the domains of an account choose that point to pools. */
export async function findChoices(db: Db, accountId: number): Promise<Map<number, PoolChoice>> {
  const rows = await db('domain_pools').where({ account_id: accountId }).select('domain_id', 'kind', 'pool_id');
  const idFor = (of: typeof rows, kind: string): number => of.find((row) => row.kind === kind)?.pool_id ?? 0;
  return new Map(
    [...Map.groupBy(rows, (row) => Number(row.domain_id))].map(([id, of]) => [
      id,
      { marketing: idFor(of, 'marketing'), transactional: idFor(of, 'transactional') },
    ]),
  );
}

/** The names of the pools that an IP is in. */
export const listPoolNamesOf = (db: Db, allocationId: number): Promise<string[]> =>
  db('own_pool_members as m')
    .join('own_pools as p', 'p.id', 'm.pool_id')
    .where('m.allocation_id', allocationId)
    .orderBy('p.name_key')
    .pluck('p.name');

type Row = { readonly accountId: number; readonly name: string; readonly at: number };

/** Stores a pool without IPs. Throws (`isDuplicate`) where the account has one of that name. */
export async function insertPool(trx: Db, { accountId, name, at }: Row): Promise<number> {
  const row = { account_id: accountId, name, name_key: nameKey(name), made_at: at };
  const [stored] = await trx('own_pools').insert(row).returning('id');
  return stored.id;
}

/** Renames a pool, and makes a page about it that is open somewhere one of an older version. Throws (`isDuplicate`) where the name is taken. */
export const updatePool = (trx: Db, id: number, name: string): Promise<number> =>
  trx('own_pools')
    .where({ id })
    .update({ name, name_key: nameKey(name), version: trx.raw('version + 1') });

/** Deletes a pool to which no domain points any more. */
export async function deletePool(trx: Db, id: number): Promise<void> {
  await trx('own_pool_members').where({ pool_id: id }).delete();
  await trx('own_pools').where({ id }).delete();
}

type WantedMember = Pick<Member, 'allocationId' | 'ipId' | 'weight'>;

/** Puts these IPs in place of a pool's. The database refuses one of another account. */
export async function replaceMembers(
  trx: Db,
  { id, accountId }: Pick<OwnPool, 'id' | 'accountId'>,
  members: readonly WantedMember[],
): Promise<void> {
  await trx('own_pool_members').where({ pool_id: id }).delete();
  const rows = members.map(({ allocationId, ipId, weight }) => ({
    ...{ pool_id: id, account_id: accountId, allocation_id: allocationId, ip_id: ipId, weight },
  }));
  if (rows.length > 0) await trx('own_pool_members').insert(rows);
}

/** Has these domains of an account point to these pools, or to none. The database refuses pools and domains of another account. */
export async function replaceChoices(trx: Db, accountId: number, choices: Choices): Promise<void> {
  const ids = [...choices.keys()];
  const inList = `domain_id in ${numbersInJson(trx)}`;
  await trx('domain_pools')
    .whereRaw(inList, [JSON.stringify(ids)])
    .delete();
  const rows = [...choices].flatMap(([domainId, choice]) =>
    KINDS.flatMap((kind) =>
      choice === null ? [] : [{ domain_id: domainId, kind, pool_id: choice[kind], account_id: accountId }],
    ),
  );
  if (rows.length > 0) await trx.batchInsert('domain_pools', rows, 100);
  const direct = ids.filter((id) => choices.get(id) === null);
  await trx('allocation_domains')
    .whereRaw(inList, [JSON.stringify(direct)])
    .update({ marketing_weight: 1, transactional_weight: 1 });
}

/**
 * Has each domain of an account that points to pools use exactly their IPs, each with its weight for each kind of mail; 0: the
 * IP is in no pool for it. What others read of a domain's IPs is always there, so nothing else has to know of pools.
 */
export async function relinkPooled(trx: Db, accountId: number): Promise<void> {
  const pooled = trx('domain_pools').where({ account_id: accountId }).select('domain_id');
  const live = trx('allocations').where({ account_id: accountId }).whereIn('status', LIVE).select('id');
  await trx('allocation_domains').whereIn('domain_id', pooled).whereIn('allocation_id', live).delete();
  const weightOf = (kind: string) => `max(case when p.kind = '${kind}' then m.weight else 0 end)`;
  await trx.raw(
    `insert into allocation_domains (allocation_id, domain_id, marketing_weight, transactional_weight)
     select m.allocation_id, p.domain_id, ${weightOf('marketing')}, ${weightOf('transactional')}
     from domain_pools p join own_pool_members m on m.pool_id = p.pool_id
     where p.account_id = ? group by m.allocation_id, p.domain_id`,
    [accountId],
  );
}

/** Of counts `s` and a link `l` of their domain to an IP: that the IP carries this kind of the domain's mail. */
export const CARRIES = "case s.stream when 'transactional' then l.transactional_weight else l.marketing_weight end > 0";
