import { findAccountsBy } from '../../accounts/customers/store.ts';
import type { Db } from '../../database.ts';
import { listClaims } from '../claims/store.ts';
import { gatherJudgedFor } from '../evidence.ts';
import { idOfReference, isOpen, type Status } from '../request.ts';
import { PAGE_SIZE, type QueueFilter, type QueueRow, TABS, type Tab, tabs } from './queue.ts';
import { countQueueRows, countStatuses, listQueueRows } from './store-queue.ts';

/** One page of the queue, oldest due first, each row with its recommendation; how many rows there are in all, and behind each tab. */
export async function gatherQueue(
  db: Db,
  filter: QueueFilter,
  at: number,
): Promise<{ rows: QueueRow[]; total: number; counts: TabCounts }> {
  const id = idOfReference(/^\d+$/.test(filter.search) ? `WD-${filter.search}` : filter.search);
  const accountIds =
    filter.search === '' || id !== undefined ? [] : [...(await findAccountsBy(db, filter.search)).keys()];
  const narrowed = { ...filter, statuses: TABS[filter.tab].statuses, id, accountIds };
  const counts = await countTabs(db);
  const isWhole = filter.kind === null && filter.search === '';
  const total = (isWhole ? counts[filter.tab] : null) ?? (await countQueueRows(db, narrowed));
  const requests = await listQueueRows(db, narrowed, {
    offset: (filter.page - 1) * PAGE_SIZE,
    limit: PAGE_SIZE,
    total,
  });
  const open = requests.filter((request) => isOpen(request.status));
  const judged = await gatherJudgedFor(db, open, at);
  const found = new Map(open.map((request, index) => [request.id, judged[index]]));
  const due = open.filter((request) => request.dueAt !== null);
  const claims = await listClaims(
    db,
    due.map(({ id }) => id),
    at,
  );
  const rows = requests.map((request) => ({
    request,
    recommendation: found.get(request.id)?.recommendation ?? null,
    measured: found.get(request.id)?.facts.measured.weekly ?? null,
    claim: claims.get(request.id) ?? null,
  }));
  return { rows, total, counts };
}

/** How many requests are behind each tab; null where that is not counted. */
export type TabCounts = Readonly<Record<Tab, number | null>>;

async function countTabs(db: Db): Promise<TabCounts> {
  const counts = await countStatuses(db);
  const sum = (statuses: readonly Status[]) => statuses.reduce((total, status) => total + (counts.get(status) ?? 0), 0);
  const entries = tabs.map((tab) => {
    const { statuses } = TABS[tab];
    // What is closed only grows; counting it on every page would be slow and tell nobody anything.
    return [tab, statuses === null || tab === 'decided' ? null : sum(statuses)];
  });
  return Object.fromEntries(entries) as Record<Tab, number | null>;
}
