// What the pages of subusers say. Pure.
import type { AccountStatus } from '../accounts/person.ts';
import type { CreationProblem } from './actions.ts';

export const CREATION_PROBLEMS: Readonly<Record<Exclude<CreationProblem, 'not-found'>, string>> = {
  'not-yours': 'Your role no longer lets you do this. Ask an admin of the account.',
  'not-active': 'The account is suspended or closed, so no subuser can be created until it is reopened.',
  nested: 'This account is a subuser itself. Only its parent can have further subusers.',
  taken: 'This address already belongs to somebody here. Each address can be used once: invite another one.',
};

export const STATE_WORDS: Readonly<
  Record<AccountStatus, { readonly text: string; readonly tone: 'good' | 'bad' | 'quiet' }>
> = {
  active: { text: 'Active', tone: 'good' },
  suspended: { text: 'Suspended', tone: 'bad' },
  closed: { text: 'Closed', tone: 'quiet' },
};
