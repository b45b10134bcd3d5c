import { type SearchedWord, searchedWords } from '../../audit/words.ts';
import type { Db } from '../../database.ts';
import type { GivenBack } from '../../ips/allocation.ts';
import { listGivenBack } from '../../ips/store-release.ts';
import { type IpRequest, idOfTyped } from '../request.ts';
import { countQueueRows, type Found, listQueueRows, type Narrowed } from '../review/queue/store.ts';
import { type Excerpted, gatherExcerpts } from '../search/gather.ts';
import { listSaid, type Said } from '../search/store.ts';
import { listIdsAbout } from './store.ts';

/** How many requests a page lists. */
export const PAGE_SIZE = 50;

export type Listed = {
  readonly requests: readonly IpRequest[];
  readonly total: number;
  /** What was given back of the IPs that requests brought, by their ids. */
  readonly given: ReadonlyMap<number, GivenBack>;
  /** What the search found in them that was written, by their ids. */
  readonly said: ReadonlyMap<number, Excerpted>;
  /** Whether only the newest of what was written was searched. */
  readonly isSearchCut: boolean;
};

/** One page of an account's requests, newest first: all of them, or those that `search` finds. Pages count from 1. */
export async function gatherListed(
  db: Db,
  accountId: number,
  { search, page }: { readonly search: string; readonly page: number },
): Promise<Listed> {
  const searched = await searchedOf(db, accountId, search);
  const by: Narrowed = { ...EVERYTHING, accountId, found: searched.found };
  const total = await countQueueRows(db, by);
  const requests = await listQueueRows(db, by, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE, total });
  return {
    requests,
    total,
    given: await listGivenBack(
      db,
      requests.map(({ id }) => id),
    ),
    said: await gatherExcerpts(db, requests, searched),
    isSearchCut: searched.isCut,
  };
}

const EVERYTHING: Omit<Narrowed, 'accountId' | 'found'> = {
  ...{ statuses: null, kind: null, plan: null, region: null },
  ...{ dueBefore: null, isAutomatic: false, soonAt: null, desk: null, sort: null },
};

type Searched = {
  readonly found: Found | null;
  readonly said: readonly Said[];
  readonly words: readonly SearchedWord[];
  readonly isCut: boolean;
};

/** Finds by number, domain, IP, and by the words of what people of the account read. */
async function searchedOf(db: Db, accountId: number, search: string): Promise<Searched> {
  if (search === '') return { found: null, said: [], words: [], isCut: false };
  const words = searchedWords(search);
  const { said, isCut } = await listSaid(db, words, { customer: accountId });
  const numbered = idOfTyped(search);
  const ids = [
    ...(numbered === undefined ? [] : [numbered]),
    ...(await listIdsAbout(db, accountId, search)),
    ...said.map(({ requestId }) => requestId),
  ];
  return { found: { requestIds: [...new Set(ids)], accountIds: [], named: null }, said, words, isCut };
}
