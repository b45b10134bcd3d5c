// What is removed once it is older than the settings keep it, and the monthly sums of counts. Nothing else ever deletes a count.
import type { Db } from '../../database.ts';
import { type Day, dayOf, monthEnd, monthStart } from '../../day.ts';
import { listRows, numbersInJson } from '../../dialect.ts';
import type { Old, Piece } from '../../retention/actions.ts';
import type { Counts } from '../counts.ts';

/** Domains, and days of each, in one transaction: some thousand counts where each has five providers a day. */
const DOMAINS = 20;
const DAYS = 20;
const BATCHES = 2_000;

const FIGURES = ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const;
type Row = Counts & { readonly domain_id: number; readonly stream: string };

/** Removes the oldest days of some domains' counts, all of one month, and adds them to the sums of that month. */
export async function takeOldCounts(trx: Db, { before, after }: Old): Promise<Piece> {
  const last: number = (await trx('domains').max({ last: 'id' }).first())?.['last'] ?? 0;
  if (last <= after) return { removed: 0, next: null };
  const through = Math.min(last, after + DOMAINS);
  const next = through < last ? through : null;
  const ids: number[] = await trx('domains').where('id', '>', after).where('id', '<=', through).pluck('id');
  const first = await findOldest(trx, ids);
  if (first >= dayOf(before)) return { removed: 0, next };
  const until = Math.min(dayOf(before), first + DAYS, monthEnd(first));
  const rows = await listRows<Row>(
    trx,
    `delete from sending_counts where domain_id in ${numbersInJson(trx)} and day < ?
      returning domain_id, stream, ${FIGURES.join(', ')}`,
    [JSON.stringify(ids), until],
  );
  await addToMonths(trx, monthStart(first), rows);
  return { removed: rows.length, next: until === dayOf(before) ? next : after };
}

/** The first day of which these domains have counts; infinite where they have none. */
async function findOldest(trx: Db, ids: readonly number[]): Promise<Day> {
  // Day by day from the key of each domain: a minimum over all of them would read all of their counts.
  const oldest = trx('sending_counts').where('domain_id', trx.ref('d.id')).min('day');
  const rows = await trx('domains as d')
    .whereIn('d.id', [...ids])
    .select(oldest.as('oldest'));
  return Math.min(...rows.map((row) => row.oldest ?? Number.POSITIVE_INFINITY));
}

async function addToMonths(trx: Db, month: Day, rows: readonly Row[]): Promise<void> {
  const sums = Map.groupBy(rows, (row) => `${row.domain_id} ${row.stream}`);
  const months = [...sums.values()].map((all) => ({
    ...{ domain_id: all[0]?.domain_id, month, stream: all[0]?.stream },
    ...Object.fromEntries(FIGURES.map((name) => [name, all.reduce((sum, row) => sum + row[name], 0)])),
  }));
  if (months.length === 0) return;
  await trx('sending_months')
    .insert(months)
    .onConflict(['domain_id', 'month', 'stream'])
    .merge(Object.fromEntries(FIGURES.map((name) => [name, trx.raw('sending_months.?? + excluded.??', [name, name])])));
}

/** A month's mail that is not kept by day any more; `month`: its first day. */
export type PastMonth = Counts & { readonly month: Day };

/** `keptFrom`: the first day of which none was removed, by the last sweep and not by the setting; null: of no day. */
export type PastMonths = { readonly months: readonly PastMonth[]; readonly keptFrom: Day | null };

/** What an account's domains sent in the last `limit` months of which counts were removed, the last month first. */
export async function listPastMonths(db: Db, accountId: number, limit: number): Promise<PastMonths> {
  const rows = await db('sending_months as m')
    .join('domains as d', 'd.id', 'm.domain_id')
    .where('d.account_id', accountId)
    .groupBy('m.month')
    .orderBy('m.month', 'desc')
    .limit(limit)
    .select('m.month', ...FIGURES.map((name) => db.raw('sum(??) as ??', [`m.${name}`, name])))
    .select(db('retention').where({ subject: 'counts' }).max('gone_before').as('gone_before'));
  const months = rows.map((row) => ({
    month: row.month,
    sent: Number(row.sent),
    delivered: Number(row.delivered),
    deferred: Number(row.deferred),
    bounced: Number(row.bounced),
    complained: Number(row.complained),
  }));
  const goneBefore = rows[0]?.gone_before ?? null;
  return { months, keptFrom: goneBefore === null ? null : dayOf(Number(goneBefore)) };
}

/** Removes batches that were taken before, but for uploads, which are on record. */
export async function deleteOldBatches(trx: Db, { before }: Old): Promise<Piece> {
  // Word by word as the partial index has it: SQLite does not see that `not source = ?` is the same.
  const old = trx('sending_batches').whereRaw("source <> 'upload'").where('taken_at', '<', before);
  const ids: number[] = await old.orderBy('taken_at').limit(BATCHES).pluck('id');
  const removed = await trx('sending_batches').whereIn('id', ids).delete();
  return { removed, next: removed < BATCHES ? null : 0 };
}

/** Removes what Google saw of domains on older days. */
export const deleteOldGoogleDays = (trx: Db, old: Old): Promise<Piece> =>
  deleteDays(trx, { table: 'postmaster_days', key: 'domain_id' }, old);

/** Removes what Microsoft saw of IPs on older days. */
export const deleteOldMicrosoftDays = (trx: Db, old: Old): Promise<Piece> =>
  deleteDays(trx, { table: 'snds_days', key: 'ip_id' }, old);

async function deleteDays(
  trx: Db,
  { table, key }: { readonly table: string; readonly key: string },
  { before, after }: Old,
): Promise<Piece> {
  const ids: number[] = await trx(table).where(key, '>', after).groupBy(key).orderBy(key).limit(DOMAINS).pluck(key);
  const removed = await trx(table).whereIn(key, ids).where('day', '<', dayOf(before)).delete();
  return { removed, next: ids.length < DOMAINS ? null : (ids.at(-1) ?? null) };
}
