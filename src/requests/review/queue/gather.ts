import { listAccountsMatching } from '../../../accounts/customers/store.ts';
import type { Person } from '../../../accounts/person.ts';
import { type SearchedWord, searchedWords } from '../../../audit/words.ts';
import type { Db } from '../../../database.ts';
import { listGivenBack } from '../../../ips/store-release.ts';
import { listClaims } from '../../claims/store.ts';
import { gatherJudgedFor } from '../../evidence/gather.ts';
import { fulfilledIds } from '../../given-back.ts';
import { type IpRequest, idOfTyped, isOpen, type Status } from '../../request.ts';
import { gatherExcerpts } from '../../search/gather.ts';
import { listSaid, type Said } from '../../search/store.ts';
import { listQuotedCents } from '../../store-decisions.ts';
import { whyNotClear } from '../bulk/clear.ts';
import { isRequired } from '../checklist/checklist.ts';
import { isNarrowed, type QueueFilter } from './filter.ts';
import { PAGE_SIZE, type QueueRow, TABS, type Tab, tabs } from './queue.ts';
import {
  countQueueRows,
  countStatuses,
  type Found,
  listQueueIds,
  listQueueRows,
  listRequests,
  type Narrowed,
} from './store.ts';

const HOUR = 3_600_000;
const DUE_WITHIN = { overdue: 0, soon: 0, day: 24 * HOUR, week: 7 * 24 * HOUR };

/** Requests that are judged at most to find those with one recommendation, which no database knows. */
export const MOST_JUDGED = 500;

/** Who looks at the queue, and when (UTC milliseconds). */
export type QueueReader = { readonly person: Person; readonly at: number };

export type QueuePage = {
  readonly rows: readonly QueueRow[];
  readonly total: number;
  readonly counts: TabCounts;
  /** Whether more than `MOST_JUDGED` requests would have to be judged: what is shown is of the first of them. */
  readonly isCut: boolean;
  /** Whether more texts than a search reads have what was looked for: the newest were read. */
  readonly isSearchCut: boolean;
};

/** One page of the queue, each row with its recommendation; how many rows there are in all, and behind each tab. */
export async function gatherQueue(db: Db, filter: QueueFilter, reader: QueueReader): Promise<QueuePage> {
  const counts = await countTabs(db);
  const known = isNarrowed(filter) ? null : counts[filter.tab];
  const offset = (filter.page - 1) * PAGE_SIZE;
  return { counts, ...(await gatherRows(db, filter, reader, { offset, limit: PAGE_SIZE, known })) };
}

/** Rows of the queue from `offset` on, at most `limit`. `known`: how many there are in all, where that was counted. */
async function gatherRows(
  db: Db,
  filter: QueueFilter,
  reader: QueueReader,
  { offset, limit, known }: { readonly offset: number; readonly limit: number; readonly known: number | null },
): Promise<Pick<QueuePage, 'rows' | 'total' | 'isCut' | 'isSearchCut'>> {
  const search = await searched(db, filter.search, reader);
  const by = narrowedBy(filter, reader, search.found);
  const isSearchCut = search.isCut;
  const total = known ?? (await countQueueRows(db, by));
  if (filter.recommended === null) {
    const requests = await listQueueRows(db, by, { offset, limit, total });
    const rows = await judged(db, requests, reader);
    return { rows: await withSaid(db, rows, search), total, isCut: false, isSearchCut };
  }
  const requests = await listQueueRows(db, by, { offset: 0, limit: MOST_JUDGED, total });
  const rows = await judged(db, requests, reader);
  const found = rows.filter((row) => row.recommendation?.verdict === filter.recommended);
  const shown = await withSaid(db, found.slice(offset, offset + limit), search);
  return { rows: shown, total: found.length, isCut: total > MOST_JUDGED, isSearchCut };
}

/**
 * The ids of all that the queue shows, in its order; null where they are more than `most`, or more than can be judged, or where
 * older texts than a search reads have what was looked for.
 */
export async function gatherIds(
  db: Db,
  filter: QueueFilter,
  reader: QueueReader,
  most: number,
): Promise<readonly number[] | null> {
  const { found, isCut } = await searched(db, filter.search, reader);
  if (isCut) return null;
  const limit = filter.recommended === null ? most : MOST_JUDGED;
  const ids = await listQueueIds(db, narrowedBy(filter, reader, found), limit + 1);
  if (ids.length > limit) return null;
  if (filter.recommended === null) return ids;
  const kept: number[] = [];
  for await (const rows of rowsOf(db, ids, reader)) {
    const fitting = rows.filter((row) => row.recommendation?.verdict === filter.recommended);
    kept.push(...fitting.map(({ request }) => request.id));
  }
  return kept;
}

/** Requests that are read and judged at a time, where all of them are wanted. */
export const PIECE = 200;

/** The rows of these requests in this order, as they are when their turn comes: never more of them in memory than one piece. */
export async function* rowsOf(db: Db, ids: readonly number[], reader: QueueReader): AsyncGenerator<QueueRow[]> {
  for (let from = 0; from < ids.length; from += PIECE) {
    const piece = ids.slice(from, from + PIECE);
    const found = new Map((await listRequests(db, piece)).map((request) => [request.id, request]));
    yield await judged(
      db,
      piece.flatMap((id) => found.get(id) ?? []),
      reader,
    );
  }
}

function narrowedBy(filter: QueueFilter, { person, at }: QueueReader, found: Found | null): Narrowed {
  const { due, desk, kind, plan, region, sort } = filter;
  return {
    isAutomatic: filter.approved === 'automatically',
    ...{ kind, plan, region, sort, found, accountId: null },
    statuses: TABS[filter.tab].statuses,
    dueBefore: due === null || due === 'soon' ? null : at + DUE_WITHIN[due],
    soonAt: due === 'soon' ? at : null,
    desk: desk === null ? null : { personId: desk === 'mine' ? person.id : null, ownAccountId: person.accountId, at },
  };
}

/** What a search found: `said` by what was written, the newest first. */
type Searched = {
  readonly found: Found | null;
  readonly said: readonly Said[];
  readonly words: readonly SearchedWord[];
  readonly isCut: boolean;
};

/** With more customers of such a name it is quicker to look at the name of each request's customer. */
const MOST_NAMED = 1_000;

/** Finds by number, customer, person, mail address, domain, IP, and by the words of what was written. */
async function searched(db: Db, search: string, { person }: QueueReader): Promise<Searched> {
  const nothing = { said: [], words: [], isCut: false };
  if (search === '') return { ...nothing, found: null };
  const id = idOfTyped(search);
  if (id !== undefined) return { ...nothing, found: { requestIds: [id], accountIds: [], named: null } };
  const words = searchedWords(search);
  const { said, isCut } = await listSaid(db, words, { staffOf: person.accountId });
  const { ids: accountIds, isMany } = await listAccountsMatching(db, search, MOST_NAMED);
  const requestIds = [...new Set(said.map(({ requestId }) => requestId))];
  return { found: { requestIds, accountIds, named: isMany ? search : null }, said, words, isCut };
}

/** Adds to each row what was written in it that the search found, the newest of it. */
async function withSaid(db: Db, rows: readonly QueueRow[], search: Searched): Promise<QueueRow[]> {
  const excerpts = await gatherExcerpts(
    db,
    rows.map(({ request }) => request),
    search,
  );
  return rows.map((row) => ({ ...row, said: excerpts.get(row.request.id) ?? null }));
}

async function judged(db: Db, requests: readonly IpRequest[], { person, at }: QueueReader): Promise<QueueRow[]> {
  const open = requests.filter((request) => isOpen(request.status));
  const evidence = await gatherJudgedFor(db, open, at);
  const found = new Map(open.map((request, index) => [request.id, evidence[index]]));
  // Who of the staff has it is not for the customer's own people, be they staff or not.
  const due = open.filter(({ dueAt, account }) => dueAt !== null && account.id !== person.accountId);
  const ids = due.map(({ id }) => id);
  const claims = await listClaims(db, ids, at);
  const quoted = await listQuotedCents(db, ids);
  const given = await listGivenBack(db, fulfilledIds(requests));
  const isClear = (request: IpRequest): boolean => {
    const judged = found.get(request.id);
    if (judged === undefined) return false;
    const { findings: checks, quote, policy } = judged;
    const hasChecklist = isRequired(policy.document, request.answers.kind);
    const prices = { quotedCents: quoted.get(request.id) ?? null, nowCents: quote?.monthlyCents ?? null };
    return (
      whyNotClear(request, person, {
        ...{ checks, claim: claims.get(request.id) ?? null, hasChecklist },
        ...prices,
      }) === null
    );
  };
  return requests.map((request) => ({
    request,
    recommendation: found.get(request.id)?.recommendation ?? null,
    measured: found.get(request.id)?.facts.measured.weekly ?? null,
    claim: claims.get(request.id) ?? null,
    isClear: isClear(request),
    given: given.get(request.id),
    said: null,
  }));
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
