// The reviewers' queue: one page of it at a time, whatever its length.
import type { Recommendation } from '../../policy/checks/recommend.ts';
import type { Claim } from '../claims/claim.ts';
import type { IpRequest, Kind, Status } from '../request.ts';

export const tabs = ['review', 'second', 'customer', 'waitlist', 'decided', 'all'] as const;
export type Tab = (typeof tabs)[number];

export const TABS: Readonly<
  Record<Tab, { readonly label: string; readonly statuses: readonly Status[] | null; readonly empty: string }>
> = {
  review: {
    label: 'To review',
    statuses: ['submitted', 'second_review'],
    empty: 'Nothing waits for a reviewer. New requests appear here, the one due first on top.',
  },
  second: { label: 'Second reviewer', statuses: ['second_review'], empty: 'No decision waits for a second reviewer.' },
  customer: {
    label: 'With the customer',
    statuses: ['needs_info', 'offered'],
    empty: 'No customer owes us an answer.',
  },
  waitlist: { label: 'Waitlist', statuses: ['waitlisted'], empty: 'Nobody waits for a free IP.' },
  decided: {
    label: 'Closed',
    statuses: ['fulfilled', 'declined', 'withdrawn', 'expired'],
    empty: 'No request is closed yet.',
  },
  all: { label: 'All', statuses: null, empty: 'There are no requests yet.' },
};

export type QueueFilter = {
  readonly tab: Tab;
  readonly kind: Kind | null;
  readonly search: string;
  readonly page: number;
};

export const PAGE_SIZE = 25;

/** Reads the filter from the address. What is not known counts as not given. */
export function readQueueFilter(query: Readonly<Record<string, unknown>>): QueueFilter {
  const one = (name: string) => (typeof query[name] === 'string' ? (query[name] as string) : '');
  const page = /^[1-9][0-9]{0,6}$/.test(one('page')) ? Number(one('page')) : 1;
  return {
    tab: tabs.find((tab) => tab === one('tab')) ?? 'review',
    kind: (['dedicated_ip', 'transactional_pool'] as const).find((kind) => kind === one('kind')) ?? null,
    // PostgreSQL refuses a text with a NUL in it.
    search: one('q')
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 100),
    page,
  };
}

export type QueueRow = {
  readonly request: IpRequest;
  /** The recommended verdict on the facts as they are now; null once it is closed. */
  readonly recommendation: Recommendation | null;
  readonly measured: number | null;
  readonly claim: Claim | null;
};
