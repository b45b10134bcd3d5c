// The reviewers' queue: one page of it at a time, whatever its length.
import type { GivenBack } from '../../../ips/allocation.ts';
import type { Recommendation } from '../../../policy/checks/recommend.ts';
import type { Claim } from '../../claims/claim.ts';
import type { IpRequest, Status } from '../../request.ts';
import type { Excerpted } from '../../search/gather.ts';

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

export const PAGE_SIZE = 25;

export type QueueRow = {
  readonly request: IpRequest;
  /** The recommended verdict on the facts as they are now; null once it is closed. */
  readonly recommendation: Recommendation | null;
  readonly measured: number | null;
  readonly claim: Claim | null;
  /** Whether the reader can approve it together with others. */
  readonly isClear: boolean;
  /** What was given back of its IPs; undefined: nothing. */
  readonly given: GivenBack | undefined;
  /** What was written that the search found; null: it was found by something else, or nothing was looked for. */
  readonly said: Excerpted | null;
};
