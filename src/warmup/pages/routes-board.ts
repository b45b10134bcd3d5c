// The staff's board of all warm-ups that are not complete.
import type { Request, Response } from 'express';
import { dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { listIpSums } from '../../sending/store-reports.ts';
import { type Paging, pageOf, pagingOf } from '../../web/paging.ts';
import type { Route } from '../../web/router.ts';
import { listWarmups, type Warmup } from '../store.ts';
import { type BoardFilter, boardOf, type Entry, entryOf, readBoardFilter, TABS, type Tab } from './board.ts';
import { type Rates, ratesOf } from './rates.ts';
import { listDeliveredOn, listOpenWarmups } from './store-days.ts';

export type BoardRow = Entry & {
  readonly warmup: Warmup;
  /** What was delivered on the last complete day; null: it is not judged yet. */
  readonly delivered: number | null;
  readonly rates: Rates | null;
};

declare module '../../web/page.ts' {
  interface Views {
    'warm-ups/list': {
      title: string;
      filter: BoardFilter;
      tabs: readonly {
        readonly label: string;
        readonly href: string;
        readonly current: boolean;
        readonly count?: number;
      }[];
      empty: (typeof TABS)[Tab];
      rows: readonly BoardRow[];
      total: number;
      windowDays: number;
      paging: Paging;
    };
  }
}

const PAGE_SIZE = 50;

export function boardRoutes(deps: Deps): Route[] {
  return [{ method: 'get', path: '/warm-ups', may: 'run warm-ups', handle: (req, res) => board(deps, req, res) }];
}

async function board({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const { warmup: rules } = policy.document;
  const windowDays = rules.brakes.windowDays.value;
  const filter = readBoardFilter(req.query);
  const today = dayOf(now());
  const [since, until] = [today - windowDays, today - 1];
  // Rates of all are added up only where the order asks for them.
  const weighs = filter.tab === 'worst' || filter.order === 'worst';
  const open = await listOpenWarmups(db);
  const openIps = open.map(({ ipId }) => ipId);
  const sums = weighs ? await listIpSums(db, openIps, since, until) : null;
  const entries = open.map((warmup) => entryOf(warmup, today, policy.document, sums));
  const { shown, counts } = boardOf(entries, filter, today, rules);
  const page = pageOf(req);
  const entriesHere = shown.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const ids = entriesHere.map(({ id }) => id);
  const ipIds = entriesHere.map(({ ipId }) => ipId);
  const warmups = new Map((await listWarmups(db, { ids }, PAGE_SIZE)).map((warmup) => [warmup.id, warmup]));
  const delivered = await listDeliveredOn(db, ids, until);
  const rates = sums ?? (await listIpSums(db, ipIds, since, until));
  const rows = entriesHere.flatMap((entry): BoardRow[] => {
    const warmup = warmups.get(entry.id);
    const sum = rates.get(entry.ipId);
    if (!warmup) return [];
    return [
      { ...entry, warmup, delivered: delivered.get(entry.id) ?? null, rates: sum ? ratesOf(sum, rules.brakes) : null },
    ];
  });
  res.page('warm-ups/list', {
    title: 'Warm-ups',
    filter,
    tabs: Object.entries(TABS).map(([tab, { label }]) => ({
      label,
      href: addressOf({ ...filter, tab: tab as Tab, order: tab === 'worst' ? 'worst' : 'finish' }),
      current: tab === filter.tab,
      ...(tab === 'worst' ? {} : { count: counts[tab as keyof typeof counts] }),
    })),
    empty: TABS[filter.tab],
    rows,
    total: counts.all,
    windowDays,
    paging: pagingOf(addressOf(filter), { page, size: PAGE_SIZE, shown: rows.length, total: shown.length }),
  });
}

/** The board's address with what differs from how it opens. */
function addressOf({ tab, order }: BoardFilter): string {
  const query = new URLSearchParams();
  if (tab !== 'all') query.set('tab', tab);
  if (order !== (tab === 'worst' ? 'worst' : 'finish')) query.set('sort', order);
  return query.size === 0 ? '/warm-ups' : `/warm-ups?${query}`;
}
