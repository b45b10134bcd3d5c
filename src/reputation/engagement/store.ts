// What the mail of accounts came to, with what mail systems told of engagement: one sum a day, or one an account.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import type { Days } from '../store.ts';
import type { EngagementSums } from './score.ts';

const RECENCY = ['recency_30', 'recency_90', 'recency_180', 'recency_older', 'recency_never'] as const;
const CLASSES = 's.bounced_invalid, s.bounced_reputation, s.bounced_content, s.bounced_other';
type Row = Record<string, unknown>;

const sum = (what: string, as: string) => `sum(${what}) as ${as}`;
const where = (condition: string, what: string) => `case when ${condition} then ${what} else 0 end`;

const SUMS = [
  ...['sent', 'bounced', 'complained'].map((name) => sum(`s.${name}`, name)),
  sum(where('s.opened is not null', 's.sent'), 'open_known'),
  sum('coalesce(s.opened, 0)', 'opened'),
  sum(where('s.opened is not null', 'coalesce(s.opened_by_proxy, 0)'), 'opened_by_proxy'),
  'count(s.opened_by_proxy) as proxies_told',
  sum(where('s.clicked is not null', 's.sent'), 'click_known'),
  sum('coalesce(s.clicked, 0)', 'clicked'),
  ...RECENCY.map((name) => sum(`coalesce(s.${name}, 0)`, name)),
  sum(where(`coalesce(${CLASSES}) is not null`, 's.sent'), 'class_known'),
  sum('coalesce(s.bounced_reputation, 0) + coalesce(s.bounced_content, 0)', 'blocked'),
].join(', ');

function sumsOf(row: Row): EngagementSums {
  const figure = (name: string) => Number(row[name] ?? 0);
  const [a, b, c, d, e] = RECENCY;
  return {
    ...{ sent: figure('sent'), bounced: figure('bounced'), complained: figure('complained') },
    ...{ openKnown: figure('open_known'), opened: figure('opened'), openedByProxy: figure('opened_by_proxy') },
    ...{ knowsProxies: figure('proxies_told') > 0, clickKnown: figure('click_known'), clicked: figure('clicked') },
    recency: [figure(a), figure(b), figure(c), figure(d), figure(e)],
    ...{ classKnown: figure('class_known'), blocked: figure('blocked') },
  };
}

export type DaySums = { readonly day: Day; readonly sums: EngagementSums };

/** What an account's mail came to, day by day; days on which nothing was counted are left out. */
export async function listEngagementDays(db: Db, accountId: number, { since, before }: Days): Promise<DaySums[]> {
  const rows: Row[] = await db('sending_counts as s')
    .whereIn('s.domain_id', db('domains').where({ account_id: accountId }).select('id'))
    .where('s.day', '>=', since)
    .where('s.day', '<', before)
    .groupBy('s.day')
    .select('s.day', db.raw(SUMS));
  return rows.map((row) => ({ day: Number(row['day']), sums: sumsOf(row) }));
}

export type AccountSums = { readonly id: number; readonly name: string; readonly sums: EngagementSums };

/** What the mail of accounts that are not closed came to, by id above `after`: at most `limit` of them. */
export async function listEngagementByAccount(
  db: Db,
  { since, before }: Days,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<AccountSums[]> {
  const some = db('accounts').whereNot({ status: 'closed' }).where('id', '>', after).orderBy('id').limit(limit);
  const rows: Row[] = await db(some.select('id', 'name').as('a'))
    .leftJoin('domains as d', 'd.account_id', 'a.id')
    .leftJoin('sending_counts as s', (join) =>
      join
        .on('s.domain_id', 'd.id')
        .andOn('s.day', '>=', db.raw('?', [since]))
        .andOn('s.day', '<', db.raw('?', [before])),
    )
    .groupBy('a.id', 'a.name')
    .orderBy('a.id')
    .select('a.id', 'a.name', db.raw(SUMS));
  return rows.map((row) => ({ id: Number(row['id']), name: String(row['name']), sums: sumsOf(row) }));
}

/** The account of this name; undefined where no open one has it, or several have. */
export async function findAccountIdNamed(db: Db, name: string): Promise<number | undefined> {
  const ids: number[] = await db('accounts').where({ name }).whereNot({ status: 'closed' }).limit(2).pluck('id');
  return ids.length === 1 ? ids[0] : undefined;
}
