// Counts by the thousand, each statement's in one JSON list.
import { type Db, lockingRows } from '../database.ts';
import { countChanged, eachInJson } from '../dialect.ts';
import { type Counts, MOST_COUNT } from './counts.ts';
import { keyOf, type Resolved } from './reported.ts';

const KEY = { domain_id: 'integer', day: 'integer', ip_id: 'integer', pool: 'text', provider: 'text', stream: 'text' };
const FIGURES = ['sent', 'delivered', 'deferred', 'bounced', 'complained', 'opened'];
const KEYS = Object.keys(KEY);

const TYPES = [...Object.entries(KEY), ...FIGURES.map((name) => [name, 'integer'] as const)];
const COLUMNS = TYPES.map(([name, type], index) => `cast(e.value ->> ${index} as ${type}) as ${name}`).join(', ');
const SAME_KEY = KEYS.map((key) => `s.${key} = n.${key}`).join(' and ');
const SAME_FIGURES = FIGURES.map((name) => `coalesce(s.${name}, -1) = coalesce(n.${name}, -1)`).join(' and ');

const given = (db: Db): string => `(select ${COLUMNS} from ${eachInJson(db)}) as n`;

/** A count as one element of the JSON list that the statements here take. */
export const toJson = (count: Resolved): string =>
  JSON.stringify([
    count.domainId,
    count.day,
    count.ipId,
    count.pool,
    count.provider,
    count.stream,
    count.sent,
    count.delivered,
    count.deferred,
    count.bounced,
    count.complained,
    count.opened,
  ]);

/** Whose counts of which days are in a JSON list of what `toJson` makes. */
export const countedIn = (list: string): { domainId: number; day: number; ipId: number }[] =>
  (JSON.parse(list) as [number, number, number][]).map(([domainId, day, ipId]) => ({ domainId, day, ipId }));

const listOf = (counts: Iterable<Resolved>): string => `[${Array.from(counts, toJson).join(',')}]`;

type Total = Counts & { readonly opened: number | null };

/**
 * Adds counts to the stored ones: each key at most once, and each count one that can be true by itself, as sums of such
 * counts are. Returns false where a total would be more than a count can hold; the caller then ends the transaction.
 */
export async function addListed(trx: Db, counts: readonly Resolved[], at: number): Promise<boolean> {
  const columns = [...KEYS, ...FIGURES];
  const sum = (name: string) => `${name} = s.${name} + excluded.${name}`;
  const add = `insert into sending_counts as s (${columns.join(', ')}, recorded_at)
    select ${columns.map((name) => `n.${name}`).join(', ')}, cast(? as bigint) from ${given(trx)}
    where true order by ${KEYS.map((key) => `n.${key}`).join(', ')}
    on conflict (${KEYS.join(', ')}) do update set ${FIGURES.slice(0, -1).map(sum).join(', ')},
    opened = case when excluded.opened is null then s.opened else coalesce(s.opened, 0) + excluded.opened end,
    recorded_at = excluded.recorded_at
    where s.sent <= ${MOST_COUNT} - excluded.sent`;
  return (await countChanged(trx, add, [at, listOf(counts)])) === counts.length;
}

/**
 * The stored counts of these keys, by key. The rows are made where there are none, and are the transaction's until it ends:
 * who adds to the same key waits.
 */
export async function lockTotals(trx: Db, counts: Iterable<Resolved>, at: number): Promise<Map<string, Total>> {
  const list = listOf(counts);
  await trx.raw(
    `insert into sending_counts (${KEYS.join(', ')}, sent, delivered, deferred, bounced, complained, recorded_at)
      select ${KEYS.map((key) => `n.${key}`).join(', ')}, 0, 0, 0, 0, 0, cast(? as bigint) from ${given(trx)}
      where true order by ${KEYS.map((key) => `n.${key}`).join(', ')} on conflict do nothing`,
    [at, list],
  );
  const query = trx
    .select('s.*')
    .from(trx.raw(`sending_counts as s join ${given(trx)} on ${SAME_KEY}`, [list]))
    .orderBy(KEYS.map((key) => `s.${key}`));
  const rows: (Resolved & { domain_id: number; ip_id: number })[] = await lockingRows(trx, query, 's');
  return new Map(rows.map((row) => [keyOf({ ...row, domainId: row.domain_id, ipId: row.ip_id }), row]));
}

/** What is counted of these domains on these days, both included; the rows are the transaction's until it ends. */
export async function holdDays(
  trx: Db,
  domainIds: readonly number[],
  days: { readonly from: number; readonly to: number },
): Promise<Resolved[]> {
  const query = trx('sending_counts as s')
    .whereIn('s.domain_id', [...domainIds])
    .whereBetween('s.day', [days.from, days.to])
    .orderBy(KEYS.map((key) => `s.${key}`))
    .select('s.*');
  const rows: (Resolved & { domain_id: number; ip_id: number })[] = await lockingRows(trx, query, 's');
  return rows.map(({ domain_id, ip_id, ...row }) => ({ ...row, domainId: domain_id, ipId: ip_id }));
}

/** Replaces the stored counts with these. Each key at most once. */
export const replaceCounts = (trx: Db, counts: Iterable<Resolved>, at: number): Promise<void> =>
  replaceListed(trx, listOf(counts), at);

/** The same, of a JSON list of what `toJson` makes. */
export async function replaceListed(trx: Db, list: string, at: number): Promise<void> {
  const columns = [...KEYS, ...FIGURES];
  await trx.raw(
    `insert into sending_counts (${columns.join(', ')}, recorded_at)
      select ${columns.map((name) => `n.${name}`).join(', ')}, cast(? as bigint) from ${given(trx)}
      where true order by ${KEYS.map((key) => `n.${key}`).join(', ')}
      on conflict (${KEYS.join(', ')}) do update set
      ${[...FIGURES, 'recorded_at'].map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [at, list],
  );
}

/** Of the counts in a JSON list: how many have a row, and how many of those say the same. */
export async function countListed(trx: Db, list: string): Promise<{ known: number; same: number }> {
  const [row] = await trx
    .select(trx.raw('count(*) as known'), trx.raw(`sum(case when ${SAME_FIGURES} then 1 else 0 end) as same`))
    .from(trx.raw(`${given(trx)} join sending_counts as s on ${SAME_KEY}`, [list]));
  return { known: Number(row.known), same: Number(row.same ?? 0) };
}
