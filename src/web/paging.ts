import type { Request } from 'express';

/** What the part `pager` shows below a long list. */
export type Paging = {
  readonly from: number;
  readonly to: number;
  /** null: not counted. */
  readonly total: number | null;
  readonly prev: string | null;
  readonly next: string | null;
};

/** The page that the address asks for (`?page=2`); 1 for anything else. */
export function pageOf(req: Request): number {
  const text = req.query['page'];
  return typeof text === 'string' && /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : 1;
}

/** A page of a list that has `total` rows: at most `size` on each page, `shown` of them on this one. */
type ListPage = { readonly page: number; readonly size: number; readonly shown: number; readonly total: number };

/** The links from a page of a list to those before and after it. `path` may have a query. */
export function pagingOf(path: string, { page, size, shown, total }: ListPage): Paging {
  const before = (page - 1) * size;
  const to = (other: number): string => `${path}${path.includes('?') ? '&' : '?'}page=${other}`;
  return {
    from: shown === 0 ? 0 : before + 1,
    to: before + shown,
    total,
    prev: page > 1 ? to(page - 1) : null,
    next: before + shown < total && shown > 0 ? to(page + 1) : null,
  };
}
