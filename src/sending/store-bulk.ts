// Counts by the thousand, each statement's in one JSON list.
import { type Db, lockingRows } from '../database.ts';
import { countChanged, eachInJson } from '../dialect.ts';
import { type Counts, MOST_COUNT } from './counts.ts';
import { type Engagement, engagementColumns, engagementFigures, engagementOf } from './engagement.ts';
import { keyOf, type Resolved } from './reported.ts';

const KEY = { domain_id: 'integer', day: 'integer', ip_id: 'integer', pool: 'text', provider: 'text', stream: 'text' };
const COUNTED = ['sent', 'delivered', 'deferred', 'bounced', 'complained'];
const FIGURES = [...COUNTED, 'opened'];
const KEYS = Object.keys(KEY);
const ENGAGEMENT: readonly string[] = Object.values(engagementColumns);

const TYPES = [...Object.entries(KEY), ...FIGURES.map((name) => [name, 'integer'] as const)];
const PLAIN = TYPES.map(([name, type], index) => `cast(e.value ->> ${index} as ${type}) as ${name}`);
const MORE = ENGAGEMENT.map((name, index) => `cast(e.value -> ${TYPES.length} ->> ${index} as integer) as ${name}`);
const SAME_KEY = KEYS.map((key) => `s.${key} = n.${key}`).join(' and ');
const sameFigures = (names: readonly string[]) =>
  names.map((name) => `coalesce(s.${name}, -1) = coalesce(n.${name}, -1)`).join(' and ');
const NO_ENGAGEMENT = ENGAGEMENT.map((name) => `s.${name} is null`).join(' and ');

/** Counts as a JSON list of what `toJson` makes. `isWide`: some of them tell engagement, which most mail systems do not. */
export type Listed = { readonly json: string; readonly isWide: boolean };

// Each further column of an element costs time, which those who tell nothing of it need not spend.
const given = (db: Db, isWide: boolean): string =>
  `(select ${(isWide ? [...PLAIN, ...MORE] : PLAIN).join(', ')} from ${eachInJson(db)}) as n`;

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
    ...(count.engagement ? [engagementFigures.map((name) => count.engagement?.[name] ?? null)] : []),
  ]);

/** A JSON list of what `toJson` makes, with whose counts of which days are in it. */
export function listedIn(json: string): Listed & { counted: { domainId: number; day: number; ipId: number }[] } {
  const rows = JSON.parse(json) as [number, number, number][];
  const counted = rows.map(([domainId, day, ipId]) => ({ domainId, day, ipId }));
  return { json, isWide: rows.some((row) => row.length > TYPES.length), counted };
}

function listOf(counts: Iterable<Resolved>): Listed {
  const all = [...counts];
  return { json: `[${all.map(toJson).join(',')}]`, isWide: all.some(({ engagement }) => engagement !== undefined) };
}

type Total = Counts & { readonly opened: number | null; readonly engagement?: Engagement };

/**
 * Adds counts to the stored ones: each key at most once, and each count one that can be true by itself, as sums of such
 * counts are. Returns false where a total would be more than a count can hold; the caller then ends the transaction.
 */
export async function addListed(trx: Db, counts: readonly Resolved[], at: number): Promise<boolean> {
  const { json, isWide } = listOf(counts);
  const told = isWide ? ['opened', ...ENGAGEMENT] : ['opened'];
  const columns = [...KEYS, ...COUNTED, ...told];
  const sum = (name: string) => `${name} = s.${name} + excluded.${name}`;
  const sumTold = (name: string) =>
    `${name} = case when excluded.${name} is null then s.${name} else coalesce(s.${name}, 0) + excluded.${name} end`;
  const add = `insert into sending_counts as s (${columns.join(', ')}, recorded_at)
    select ${columns.map((name) => `n.${name}`).join(', ')}, cast(? as bigint) from ${given(trx, isWide)}
    where true order by ${KEYS.map((key) => `n.${key}`).join(', ')}
    on conflict (${KEYS.join(', ')}) do update set ${[...COUNTED.map(sum), ...told.map(sumTold)].join(', ')},
    recorded_at = excluded.recorded_at
    where s.sent <= ${MOST_COUNT} - excluded.sent`;
  return (await countChanged(trx, add, [at, json])) === counts.length;
}

/**
 * The stored counts of these keys, by key. The rows are made where there are none, and are the transaction's until it ends:
 * who adds to the same key waits.
 */
export async function lockTotals(trx: Db, counts: Iterable<Resolved>, at: number): Promise<Map<string, Total>> {
  const { json: list } = listOf(counts);
  await trx.raw(
    `insert into sending_counts (${KEYS.join(', ')}, sent, delivered, deferred, bounced, complained, recorded_at)
      select ${KEYS.map((key) => `n.${key}`).join(', ')}, 0, 0, 0, 0, 0, cast(? as bigint) from ${given(trx, false)}
      where true order by ${KEYS.map((key) => `n.${key}`).join(', ')} on conflict do nothing`,
    [at, list],
  );
  const query = trx
    .select('s.*')
    .from(trx.raw(`sending_counts as s join ${given(trx, false)} on ${SAME_KEY}`, [list]))
    .orderBy(KEYS.map((key) => `s.${key}`));
  const rows: (Resolved & Record<string, number | null> & { domain_id: number; ip_id: number })[] = await lockingRows(
    trx,
    query,
    's',
  );
  return new Map(rows.map((row) => [keyOf({ ...row, domainId: row.domain_id, ipId: row.ip_id }), totalOf(row)]));
}

function totalOf(row: Total & Record<string, number | null>): Total {
  const engagement = engagementOf((figure) => row[engagementColumns[figure]] ?? null);
  const { sent, delivered, deferred, bounced, complained, opened } = row;
  const counts = { sent, delivered, deferred, bounced, complained, opened };
  return engagement ? { ...counts, engagement } : counts;
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

/** The same, of counts that are a list already. */
export async function replaceListed(trx: Db, { json, isWide }: Listed, at: number): Promise<void> {
  const columns = [...KEYS, ...FIGURES, ...(isWide ? ENGAGEMENT : [])];
  const replaced = [...FIGURES, ...(isWide ? ENGAGEMENT : []), 'recorded_at'];
  const untold = isWide ? [] : ENGAGEMENT.map((name) => `${name} = null`);
  await trx.raw(
    `insert into sending_counts (${columns.join(', ')}, recorded_at)
      select ${columns.map((name) => `n.${name}`).join(', ')}, cast(? as bigint) from ${given(trx, isWide)}
      where true order by ${KEYS.map((key) => `n.${key}`).join(', ')}
      on conflict (${KEYS.join(', ')}) do update set
      ${[...replaced.map((name) => `${name} = excluded.${name}`), ...untold].join(', ')}`,
    [at, json],
  );
}

/** Of the counts in a list: how many have a row, and how many of those say the same. */
export async function countListed(trx: Db, { json, isWide }: Listed): Promise<{ known: number; same: number }> {
  const same = isWide ? sameFigures([...FIGURES, ...ENGAGEMENT]) : `${sameFigures(FIGURES)} and ${NO_ENGAGEMENT}`;
  const [row] = await trx
    .select(trx.raw('count(*) as known'), trx.raw(`sum(case when ${same} then 1 else 0 end) as same`))
    .from(trx.raw(`${given(trx, isWide)} join sending_counts as s on ${SAME_KEY}`, [json]));
  return { known: Number(row.known), same: Number(row.same ?? 0) };
}
