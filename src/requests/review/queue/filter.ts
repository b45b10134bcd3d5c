// What narrows and sorts the queue, and its address: what a reviewer sees can be bookmarked and sent on. Pure.
import type { Recommendation } from '../../../policy/checks/recommend.ts';
import { type Kind, kinds } from '../../request.ts';
import { type Tab, tabs } from './queue.ts';

/** What can be chosen, and how it reads, by the name that it has in the address. */
export const CHOICES = {
  kind: { dedicated_ip: 'Dedicated IPs', transactional_pool: 'Transactional pool' },
  region: { us: 'In the US', eu: 'In the EU' },
  recommended: { approve: 'Approve', look: 'Look, then approve', decline: 'Decline or ask' },
  due: { overdue: 'Overdue', soon: 'Due soon', day: 'Due within 24 hours', week: 'Due within 7 days' },
  desk: { mine: 'Mine', free: 'Nobody’s' },
  approved: { automatically: 'Approved automatically' },
  sort: { newest: 'Newest first', oldest: 'Oldest first', volume: 'Most mail first', customer: 'By customer' },
} as const;

export type Sort = keyof typeof CHOICES.sort;

export type QueueFilter = {
  readonly tab: Tab;
  readonly kind: Kind | null;
  /** The plan's key in the policy. */
  readonly plan: string | null;
  readonly region: keyof typeof CHOICES.region | null;
  readonly recommended: Recommendation['verdict'] | null;
  readonly due: keyof typeof CHOICES.due | null;
  readonly desk: keyof typeof CHOICES.desk | null;
  /** S-12: approved without a person. */
  readonly approved: keyof typeof CHOICES.approved | null;
  /** null: as the tab has it. */
  readonly sort: Sort | null;
  readonly search: string;
  readonly page: number;
};

/** The queue as it opens. */
export const EVERYTHING: QueueFilter = {
  tab: 'review',
  kind: null,
  plan: null,
  region: null,
  recommended: null,
  due: null,
  desk: null,
  approved: null,
  sort: null,
  search: '',
  page: 1,
};

type Query = Readonly<Record<string, unknown>>;

/** Reads the filter from the address. What is not known counts as not given. */
export function readQueueFilter(query: Query): QueueFilter {
  const one = (name: string) => (typeof query[name] === 'string' ? (query[name] as string) : '');
  const among = <T extends string>(name: string, known: Readonly<Record<T, string>>): T | null =>
    Object.hasOwn(known, one(name)) ? (one(name) as T) : null;
  return {
    tab: tabs.find((tab) => tab === one('tab')) ?? 'review',
    kind: kinds.find((kind) => kind === one('kind')) ?? null,
    plan: /^[\w-]{1,60}$/.test(one('plan')) ? one('plan') : null,
    region: among('region', CHOICES.region),
    recommended: among('recommended', CHOICES.recommended),
    due: among('due', CHOICES.due),
    desk: among('desk', CHOICES.desk),
    approved: among('approved', CHOICES.approved),
    sort: among('sort', CHOICES.sort),
    search: readSearch(query),
    page: /^[1-9][0-9]{0,6}$/.test(one('page')) ? Number(one('page')) : 1,
  };
}

/** What is looked for, as the address has it. PostgreSQL refuses a text with a NUL in it. */
export function readSearch({ q }: Query): string {
  const typed = typeof q === 'string' ? q : '';
  return typed
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100);
}

/** Whether less than the whole tab is shown. */
export const isNarrowed = ({ tab: _, sort: __, page: ___, ...by }: QueueFilter): boolean =>
  Object.values(by).some((value) => value !== null && value !== '');

/** The address of the queue with something changed; another page only where the change names it. */
export function queueAddress(filter: QueueFilter, change: Partial<QueueFilter> = {}, path = '/review'): string {
  const { search, ...wanted } = { ...filter, page: 1, ...change };
  const given = Object.entries({ ...wanted, q: search }).flatMap(([name, value]) => {
    const isUsual = value === null || value === '' || value === EVERYTHING[name as keyof QueueFilter];
    return isUsual ? [] : [[name, String(value)] as [string, string]];
  });
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
