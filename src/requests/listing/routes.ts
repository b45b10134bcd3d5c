// The list of an account's requests, as its people read and search it.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { type Paging, pageOf, pagingOf } from '../../web/paging.ts';
import type { Route } from '../../web/router.ts';
import { readSearch } from '../review/queue/filter.ts';
import { MOST_TEXTS } from '../search/store.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { gatherListed, type Listed, PAGE_SIZE } from './gather.ts';

declare module '../../web/page.ts' {
  interface Views {
    'requests/list': Words &
      Listed & { title: string; search: string; paging: Paging; isFirst: boolean; mostTexts: number };
  }
}

export const listingRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/requests', may: 'see own account', handle: (req, res) => list(deps, req, res) },
];

async function list(deps: Deps, req: Request, res: Response): Promise<void> {
  const search = readSearch(req.query);
  const page = pageOf(req);
  const listed = await gatherListed(deps.db, req.person?.accountId ?? 0, { search, page });
  const path = search === '' ? '/requests' : `/requests?${new URLSearchParams({ q: search })}`;
  const shown = listed.requests.length;
  res.page('requests/list', {
    words,
    title: 'Your requests',
    ...listed,
    search,
    paging: pagingOf(path, { page, size: PAGE_SIZE, shown, total: listed.total }),
    isFirst: page === 1,
    mostTexts: MOST_TEXTS,
  });
}
