import type { Db } from '../../database.ts';
import type { Outcome } from '../../dns/outcome.ts';
import { type Take, takeDue, wake } from '../checking/store.ts';
import type { Domain } from '../domain.ts';
import { domainFromRow } from '../store.ts';
import type { Looked } from './look.ts';
import { isTrouble, type SeenRecord } from './verdict.ts';

type Row = Record<string, unknown>;

/** A domain that is to be looked up. `tries`: how many looks in a row left something to be done. */
export type DueDomain = Domain & { readonly tries: number };

/** Takes domains that are due, for this process alone. */
export const takeDueDomains = async (db: Db, take: Take): Promise<DueDomain[]> =>
  (await takeDue<Row>(db, 'domains', take)).map((row) => ({ ...domainFromRow(row), tries: Number(row.tries) }));

/** When a domain is looked up next. `isSeen`: everything about it was found out. */
export async function updateDue(
  trx: Db,
  id: number,
  {
    at,
    dueAt,
    tries,
    isSeen,
  }: { readonly at: number; readonly dueAt: number; readonly tries: number; readonly isSeen: boolean },
): Promise<void> {
  const seen = isSeen ? { checked_at: at } : {};
  await trx('domains')
    .where({ id })
    .whereNull('removed_at')
    .update({ due_at: dueAt, tries, ...seen });
}

/** Keeps what a look came to: what it found out nothing about stays as it was last seen. */
export async function putRecords(trx: Db, domainId: number, looked: readonly Looked[], at: number): Promise<void> {
  const rows = looked.map(({ wanted, look }) => {
    const key = { domain_id: domainId, kind: wanted.kind, at: wanted.at, tried_at: at };
    if (isTrouble(look)) return { ...key, trouble: look.trouble };
    const { state, found, says } = look;
    return { ...key, trouble: null, state, found: JSON.stringify(found), says, seen_at: at };
  });
  const key = ['domain_id', 'kind', 'at'];
  const [troubled, seen] = [rows.filter((row) => !('state' in row)), rows.filter((row) => 'state' in row)];
  if (troubled.length > 0) await trx('domain_records').insert(troubled).onConflict(key).merge(['tried_at', 'trouble']);
  if (seen.length > 0)
    await trx('domain_records')
      .insert(seen)
      .onConflict(key)
      .merge(['tried_at', 'trouble', 'state', 'found', 'says', 'seen_at']);
}

/** What was last seen of a domain's records. */
export async function listRecords(db: Db, domainId: number): Promise<SeenRecord[]> {
  const rows: Row[] = await db('domain_records').where({ domain_id: domainId });
  return rows.map((row) => ({
    kind: row.kind as SeenRecord['kind'],
    at: String(row.at),
    state: row.state as SeenRecord['state'],
    found: JSON.parse(String(row.found)),
    says: String(row.says),
    seenAt: row.seen_at === null ? null : Number(row.seen_at),
    triedAt: Number(row.tried_at),
    trouble: row.trouble as Outcome | null,
  }));
}

/** Own choice: name servers that disagree answer one way and the other; nobody is mailed about that each time. */
const TOLD_FOR_MS = 7 * 86_400_000;

/** Whether people were mailed within a week that a domain's records were lost. */
export async function wasToldLately(db: Db, domainId: number, at: number): Promise<boolean> {
  const told = await db('audit_events as e')
    .join('outbox as o', 'o.event_id', 'e.id')
    .where({ 'e.subject_type': 'domain', 'e.subject_id': domainId, 'o.template': 'domain-records-lost' })
    .where('e.at', '>', at - TOLD_FOR_MS)
    .first('e.id');
  return told !== undefined;
}

/** Has domains of an account looked up soon; the demo's never are. */
export async function wakeDomains(
  trx: Db,
  { ids, ...whose }: { readonly accountId: number; readonly ids: readonly number[]; readonly at: number },
): Promise<void> {
  const query = trx('domains')
    .whereIn('id', [...ids])
    .whereNull('removed_at')
    .whereNot('name', 'like', '%.example');
  const woken = await query.orderBy('id').pluck('id');
  if (woken.length > 0) await wake(trx, 'domains', { ...whose, ids: woken });
}

/** Has all domains looked up in the course of a day, as what they should have changed. */
export const wakeAll = (trx: Db, at: number): Promise<number> =>
  trx('domains').whereNull('removed_at').whereNotNull('due_at').where('due_at', '>', at).update({ due_at: at });

/** Keeps the selectors that a customer gave; null: those of the provider. */
export const updateSelectors = (trx: Db, id: number, selectors: readonly string[] | null): Promise<number> =>
  trx('domains')
    .where({ id })
    .update({ selectors: selectors === null ? null : selectors.join(' ') });
