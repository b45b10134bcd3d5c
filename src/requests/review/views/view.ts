// Views of the queue that reviewers keep under a name: each is an address, which stays the one place that says what is shown. Pure.
import { can } from '../../../accounts/permissions.ts';
import type { Person } from '../../../accounts/person.ts';
import { queueAddress, readQueueFilter } from '../queue/filter.ts';

export type QueueView = {
  readonly id: number;
  readonly name: string;
  /** As the queue's address has it. */
  readonly query: string;
  readonly isShared: boolean;
  readonly owner: { readonly id: number; readonly name: string };
};

/** What one person keeps at most: more would be a list to search in. */
export const MOST_VIEWS = 30;

/** The part of an address that a view keeps: what the queue knows of `query`, always in the same order, from the first page on. */
export const queryOf = (query: string): string =>
  queueAddress(readQueueFilter(Object.fromEntries(new URLSearchParams(query)))).split('?')[1] ?? '';

/** The address that a view leads to. A filter that the queue no longer knows counts as not given. */
export const addressOf = ({ query }: Pick<QueueView, 'query'>): string =>
  query === '' ? '/review' : `/review?${query}`;

/** Whether somebody may rename, share or delete a view: its owner, and of shared ones those who manage the staff. */
export const mayChange = (view: QueueView, person: Person): boolean =>
  view.owner.id === person.id || (view.isShared && can(person, 'manage staff'));

/** Whether two addresses show the same, whatever the page. */
export const isSameView = (view: QueueView, query: string): boolean => queryOf(view.query) === query;
