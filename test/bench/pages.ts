// The pages that are measured, each as the person whose daily work it is.
import type { Db } from '../../src/database.ts';
import { reference } from '../../src/requests/request.ts';
import { PAGE_SIZE } from '../../src/requests/review/queue/queue.ts';
import type { Filling } from './filling.ts';
import { signedIn } from './people.ts';

export type Page = { readonly name: string; readonly path: string; readonly cookie: string };

// An account that holds an IP that warms up, and has an open request; and one with a request that every check passes.
const CUSTOMER = 400;
const ASKING = 410;

/** The pages as they are in a filled database. */
export async function pagesOf(db: Db, { accounts, requests }: Filling): Promise<Page[]> {
  const customer = await signedIn(db, `owner@c${CUSTOMER}.example`);
  const reviewer = await signedIn(db, 'reviewer1@warmdesk.example');
  const open = await db('requests').whereIn('status', ['submitted', 'second_review']).count({ n: '*' }).first();
  const last = Math.ceil(Number(open?.n) / PAGE_SIZE);
  const lastRound = 7 * accounts;
  return [
    { name: 'customer home', path: '/', cookie: customer },
    { name: 'request page', path: `/requests/${reference(lastRound + CUSTOMER)}`, cookie: customer },
    { name: 'queue, first page', path: '/review', cookie: reviewer },
    { name: 'queue, filtered', path: '/review?kind=dedicated_ip&q=customer+4', cookie: reviewer },
    { name: 'queue, rare word', path: '/review?tab=all&q=quokka', cookie: reviewer },
    { name: 'queue, common word', path: '/review?tab=all&q=newsletter', cookie: reviewer },
    { name: 'queue, last page', path: `/review?page=${last}`, cookie: reviewer },
    { name: 'queue, last of all', path: `/review?tab=all&page=${Math.ceil(requests / PAGE_SIZE)}`, cookie: reviewer },
    { name: 'review page', path: `/review/${reference(lastRound + ASKING)}`, cookie: reviewer },
  ];
}
