import type { Person } from '../../src/accounts/person.ts';
import type { NewFile } from '../../src/attachments/attachment.ts';
import type { Db } from '../../src/database.ts';
import type { Day } from '../../src/day.ts';
import type { Domain } from '../../src/domains/domain.ts';
import type { AccountIp } from '../../src/ips/store.ts';
import type { PolicyVersion } from '../../src/policy/document/version.ts';
import type { Reviewer } from '../../src/requests/review/decide.ts';
import type { Result } from '../../src/result.ts';
import type { Counts, DayCount } from '../../src/sending/counts.ts';

/** What the steps of the demo share: the transaction, and those that earlier steps brought in, by the names the steps use. */
export type Desk = {
  readonly trx: Db;
  /** The policy in force at the time of the step. */
  policy: PolicyVersion;
  readonly passwordHash: string;
  readonly people: Map<string, Person>;
  readonly domains: Map<string, Domain>;
  /** Ids of requests, by the key that their story gives them. */
  readonly requests: Map<string, number>;
  /** Files that customers attach, by name. */
  readonly files: ReadonlyMap<string, NewFile>;
  /** What each domain sends in a day, by the domain's id: whatever it goes over. */
  readonly sent: Map<number, ReadonlyMap<Day, DayCount>>;
  /** What of it went over dedicated IPs; all of it once one of them is warm. */
  readonly warmed: Map<number, Map<Day, Counts>>;
  /** Fractions of bounces and complaints that are not told yet, by what, IP and stream. */
  readonly begun: Map<string, number>;
  /** The domains that use each allocation's IP. */
  readonly uses: Map<number, AccountIp['domains']>;
};

/** One thing that happened. The steps of all accounts are taken in the order of their times. */
export type Step = { readonly at: number; readonly take: (desk: Desk) => Promise<unknown> };

/** Somebody at work at an instant. */
export const acting = (desk: Desk, email: string, at: number): Reviewer => ({ person: known(desk.people, email), at });

/** What an earlier step brought in. Throws where none did: the story is told in the wrong order. */
export function known<T>(found: ReadonlyMap<string, T>, name: string): T {
  const one = found.get(name);
  if (one === undefined) throw new Error(`the demo does not know ${name} yet`);
  return one;
}

/** The value of an action that has to succeed. Throws with what refused it. */
export function done<T, P>(result: Result<T, P> | undefined, what: string): T {
  if (result?.ok) return result.value;
  throw new Error(`the demo could not ${what}: ${JSON.stringify(result?.problem ?? 'not found')}`);
}
