// Recipients' domains and their mail servers.
import { type Db, skippingLocked } from '../../database.ts';
import { eachInJson, rowsInJson } from '../../dialect.ts';

import type { Lookup } from './look-up.ts';

/** Adds domains that are to be looked up at once; those that are there already stay as they are. */
export async function insertReceivers(db: Db, names: readonly string[], at: number): Promise<void> {
  const into = 'insert into receivers (name, due_at, failed, added_at, changed_at)';
  await db.raw(
    `${into} select cast(e.value ->> 0 as text), cast(? as bigint), 0, cast(? as bigint), cast(? as bigint)
       from ${eachInJson(db)} where true on conflict (name) do nothing`,
    [at, at, at, JSON.stringify(names.map((name) => [name]))],
  );
}

export type DueReceiver = Pick<Lookup, 'mx' | 'failed'> & { readonly name: string };

/** Some domains whose time has come; nobody else gets them before `until`. Part of a transaction. */
export async function claimReceivers(trx: Db, at: number, until: number, limit: number): Promise<DueReceiver[]> {
  const due = trx('receivers').where('due_at', '<=', at).orderBy('due_at').limit(limit).select('name', 'mx', 'failed');
  const claimed: DueReceiver[] = await skippingLocked(trx, due);
  const names = claimed.map(({ name }) => name);
  if (names.length > 0) await trx('receivers').whereIn('name', names).update({ due_at: until });
  return claimed;
}

/** Stores what look-ups came to, by name. `changed_at` moves where the mail server did, and when it was first looked up. */
export async function updateReceivers(trx: Db, found: ReadonlyMap<string, Lookup>, at: number): Promise<void> {
  const rows = [...found].map(([name, { mx, failed, dueAt }]) => [name, mx, failed, dueAt]);
  const given = rowsInJson(trx, { name: 'text', mx: 'text', failed: 'integer', due_at: 'bigint' });
  await trx.raw(
    `update receivers set mx = f.mx, failed = f.failed, due_at = f.due_at, changed_at = cast(? as bigint)
       from (${given}) as f where f.name = receivers.name`,
    [at, JSON.stringify(rows)],
  );
}

type Receiver = { readonly name: string; readonly mx: string | null };

/** Some domains in the order of their names, with their mail servers. */
export const listReceivers = (db: Db, after: string, limit: number): Promise<Receiver[]> =>
  db('receivers').where('name', '>', after).orderBy('name').limit(limit).select('name', 'mx');

/** Domains that changed since then. */
export const listChangedReceivers = (db: Db, since: number): Promise<Receiver[]> =>
  db('receivers').where('changed_at', '>=', since).select('name', 'mx');

/** Deletes domains that were added before then: those that still get mail are noted again. Returns how many. */
export const deleteReceivers = (db: Db, before: number): Promise<number> =>
  db('receivers').where('added_at', '<', before).delete();
