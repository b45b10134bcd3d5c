import type { AccountStatus } from '../accounts/person.ts';
import type { Account } from '../accounts/store.ts';
import { type Db, lockingRows } from '../database.ts';
import { insertListed } from '../dialect.ts';
import type { Region, SendingRoute, Stream, SubuserFacts } from '../policy/checks/facts.ts';
import type { Domain, ProofKind } from './domain.ts';
import { isForDocumentation } from './name.ts';

type Row = Record<string, unknown>;

/** One row of `domains`, as either engine returns it. */
export const domainFromRow = (row: Row): Domain => ({
  id: Number(row.id),
  accountId: Number(row.account_id),
  name: String(row.name),
  usage: row.usage as Stream,
  route: row.route as SendingRoute,
  sharedPool: row.shared_pool as Domain['sharedPool'],
  spf: Boolean(row.spf),
  dkim: Boolean(row.dkim),
  dmarc: Boolean(row.dmarc),
  wrong: row.wrong ? (String(row.wrong).split(' ') as ProofKind[]) : [],
  selectors: row.selectors ? String(row.selectors).split(' ') : null,
  stoppedAt: (row.stopped_at ?? null) as number | null,
  leaveAskedAt: (row.leave_asked_at ?? null) as number | null,
  checkedAt: row.checked_at as number | null,
  ...(row.subuser_name ? { subuser: subuserFromRow(row) } : {}),
});

const subuserFromRow = (row: Row): SubuserFacts => ({
  name: String(row.subuser_name),
  region: row.subuser_region as Region,
  status: row.subuser_status as AccountStatus,
});

/** Those that an account has now, by name. */
export async function listDomainsOf(db: Db, accountId: number): Promise<Domain[]> {
  return (await db('domains').where({ account_id: accountId, removed_at: null }).orderBy('name')).map(domainFromRow);
}

/** Those that an account and its subusers have now, by name. */
export async function listDomainsWithSubusers(db: Db, accountId: number): Promise<Domain[]> {
  const accounts = db('accounts').where({ id: accountId }).orWhere({ parent_id: accountId }).select('id');
  const rows = await db('domains as d')
    .join('accounts as c', 'c.id', 'd.account_id')
    .whereIn('d.account_id', accounts)
    .whereNull('d.removed_at')
    .orderBy('d.name')
    .select('d.*', 'c.region as subuser_region', 'c.status as subuser_status')
    .select(db.raw('case when d.account_id <> ? then c.name end as subuser_name', [accountId]));
  return rows.map((row) => domainFromRow(row));
}

/** One domain, if it is the account's. */
export async function findDomainOf(db: Db, accountId: number, id: number): Promise<Domain | undefined> {
  const row = await db('domains').where({ account_id: accountId, id, removed_at: null }).first();
  return row && domainFromRow(row);
}

/** Those of these ids that are domains in use. */
export async function listInUse(db: Db, ids: readonly number[]): Promise<Set<number>> {
  const found = db('domains')
    .whereIn('id', [...ids])
    .whereNull('removed_at');
  return new Set(await found.pluck('id'));
}

/** The domain of this name that is in use, of any account. */
export async function findDomainNamed(db: Db, name: string): Promise<Domain | undefined> {
  const row = await db('domains').where({ name, removed_at: null }).first();
  return row && domainFromRow(row);
}

/** Those of these names that are in use, with the account of each. */
export async function listDomainsNamed(
  db: Db,
  names: readonly string[],
): Promise<Map<string, { readonly domain: Domain; readonly account: DomainOwner }>> {
  const rows = await db('domains as d')
    .join('accounts as a', 'a.id', 'd.account_id')
    .whereIn('d.name', [...names])
    .whereNull('d.removed_at')
    .select('d.*', 'a.name as account', 'a.region as account_region', 'a.status as account_status')
    .select('a.parent_id as account_parent_id');
  return new Map(
    rows.map((row) => {
      const { account: name, account_region: region, account_status: status, account_parent_id: parentId } = row;
      const account = { id: row.account_id, name, region, status, parentId };
      return [row.name, { domain: domainFromRow(row), account }];
    }),
  );
}

/** The account of a domain. */
export type DomainOwner = Pick<Account, 'id' | 'name' | 'region' | 'status' | 'parentId'>;

/** How many of these an account has in use; an act that removes one of them waits, and this one for it. */
export async function lockDomainsOf(trx: Db, accountId: number, ids: readonly number[]): Promise<number> {
  const query = trx('domains')
    .where({ account_id: accountId, removed_at: null })
    .whereIn('id', [...ids])
    .select('id');
  return (await lockingRows(trx, query, 'domains')).length;
}

/** Takes a domain out of use. False where it was already. */
export const retireDomain = async (trx: Db, id: number, at: number): Promise<boolean> =>
  (await trx('domains').where({ id, removed_at: null }).update({ removed_at: at, changed_at: at, due_at: null })) === 1;

/** When DNS is asked first about a new domain: ahead of others, or from `at` on; never about the demo's. */
const firstLook = (name: string, at = 0): number | null => (isForDocumentation(name) ? null : at);

/** Adds a domain on the default pool (C-01). Returns its id. */
export async function insertDomain(
  trx: Db,
  domain: { accountId: number; name: string; usage: Stream; at: number },
): Promise<number> {
  const [row] = await trx('domains')
    .insert({
      account_id: domain.accountId,
      name: domain.name,
      usage: domain.usage,
      created_at: domain.at,
      changed_at: domain.at,
      due_at: firstLook(domain.name),
    })
    .returning('id');
  return row.id;
}

export async function updateDns(
  trx: Db,
  id: number,
  found: { spf: boolean; dkim: boolean; dmarc: boolean; at: number },
): Promise<void> {
  const { at, ...records } = found;
  await trx('domains')
    .where({ id })
    .update({ ...records, checked_at: at, changed_at: at });
}

/**
 * Changes what a domain is used for. One that sends anything else than transactional mail does not go back to the
 * transactional pool that it came from (C-04). False where it was not used for `from` any more.
 */
export async function updateUsage(
  trx: Db,
  id: number,
  { from, to, at }: { readonly from: Stream; readonly to: Stream; readonly at: number },
): Promise<boolean> {
  const found = trx('domains').where({ id, usage: from }).whereNull('removed_at');
  const pool = to === 'transactional' ? {} : { shared_pool: 'default' };
  return (await found.update({ usage: to, changed_at: at, ...pool })) === 1;
}

/** Keeps which of the proofs that a domain lacks have a record that is not right. */
export async function updateWrong(trx: Db, id: number, wrong: readonly ProofKind[]): Promise<void> {
  await trx('domains')
    .where({ id })
    .whereNot({ wrong: wrong.join(' ') })
    .update({ wrong: wrong.join(' ') });
}

/** Has routers read an account's domains again: what its mail may do changed with the account. */
export async function touchDomainsOf(trx: Db, accountIds: readonly number[], at: number): Promise<void> {
  if (accountIds.length === 0) return;
  await trx('domains')
    .whereIn('account_id', [...accountIds])
    .update({ changed_at: at });
}

/** Sets whether a domain is stopped and asks to leave. False where that changed since it was read. */
export async function updateStanding(
  trx: Db,
  { id, stoppedAt: stopped_at, leaveAskedAt: leave_asked_at }: Pick<Domain, 'id' | 'stoppedAt' | 'leaveAskedAt'>,
  to: Pick<Domain, 'stoppedAt' | 'leaveAskedAt'> & { readonly at: number },
): Promise<boolean> {
  const change = { stopped_at: to.stoppedAt, leave_asked_at: to.leaveAskedAt, changed_at: to.at };
  return (await trx('domains').where({ id, stopped_at, leave_asked_at, removed_at: null }).update(change)) === 1;
}

/**
 * Moves a domain from one route to another. False where it was not on `from`. With dedicated IPs it keeps its pool beside
 * them. Whatever takes it out of the transactional pool answers its question about leaving.
 */
export async function moveRoute(
  trx: Db,
  id: number,
  { from, to, at }: { from: SendingRoute; to: SendingRoute; at: number },
): Promise<boolean> {
  const pool = to === 'dedicated' ? {} : { shared_pool: to };
  const asked = from === 'transactional' ? { leave_asked_at: null } : {};
  return (
    (await trx('domains')
      .where({ id, route: from })
      .update({ route: to, changed_at: at, ...pool, ...asked })) === 1
  );
}

const COLUMNS = {
  id: 'integer',
  account_id: 'integer',
  name: 'text',
  usage: 'text',
  created_at: 'bigint',
  changed_at: 'bigint',
  due_at: 'bigint',
} as const;

/** Adds domains by the thousand, each on the default pool (C-01). */
export async function insertDomains(
  trx: Db,
  domains: readonly {
    readonly id: number;
    readonly accountId: number;
    readonly name: string;
    readonly usage: Stream;
  }[],
  at: number,
): Promise<void> {
  const rows = domains.map(({ id, accountId, name, usage }) => [
    ...[id, accountId, name, usage, at, at],
    // Those of a whole file come in their turn.
    firstLook(name, at),
  ]);
  await insertListed(trx, 'domains', COLUMNS, rows);
}

/** Those of these names that somebody has in use. */
export const listKnownNames = (db: Db, names: readonly string[]): Promise<string[]> =>
  db('domains')
    .whereIn('name', [...names])
    .whereNull('removed_at')
    .pluck('name');
