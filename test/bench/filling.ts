// What the statements that fill the database share: sizes, times and the arithmetic that says who is what.

/** The password of everybody in the filled database. */
export const passwordOfAll = 'warmdesk-bench';

export type Filling = {
  readonly requests: number;
  readonly accounts: number;
  /** UTC milliseconds. */
  readonly now: number;
  readonly today: number;
  /** Records before this id are the policy's. */
  readonly firstEvent: number;
  readonly policyVersionId: number;
  readonly passwordHash: string;
  /** The stages of a warm-up, as JSON. */
  readonly caps: string;
  readonly targetPerDay: number;
};

/** Staff who review; their ids follow those of the customers' people. */
export const REVIEWERS = 5;
/** The id before the first reviewer's. */
export const staffAfter = ({ accounts }: Filling): number => accounts + Math.floor(accounts / 2);

/** `n(i)`: the numbers from 1 to `last`, to be selected from. */
export const numbers = (last: number): string =>
  `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${last})`;

/** Accounts of which nothing is open: they send requests while it is measured. */
export const SENDS_LATER = 'a % 5 > 0 and a % 4 in (1, 2) and a % 3 <> 0';

/** Ids of records: of the sending of request i, of the step after it, and of what happened to domains and IPs. */
export const eventIds = ({ requests, accounts, firstEvent }: Filling) => ({
  sent: firstEvent,
  decided: firstEvent + requests,
  domainAdded: firstEvent + 2 * requests,
  domainMoved: firstEvent + 2 * requests + 2 * accounts,
  allocated: firstEvent + 2 * requests + 3 * accounts,
  warming: firstEvent + 2 * requests + 4 * accounts,
  warm: firstEvent + 2 * requests + 5 * accounts,
});
