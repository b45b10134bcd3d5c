// What pages and programs read of a reputation: the last night's score with its parts, and the daily limit (S-02).
import type { Db } from '../database.ts';
import { type Day, dayOf } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import type { PostmasterSeen } from '../sending/outside/store.ts';
import { type Score, scoreOf } from './score.ts';
import { findAccountRated, listDomainsRated, type Rated } from './store.ts';
import { findDomainRated, type Sending } from './tiers/store.ts';
import { type PartRow, partRows, unjudged } from './wording.ts';

/** A score as pages show it. */
export type ScoreShown = {
  /** The first day after those that it is of, and how many those are. */
  readonly day: Day;
  readonly windowDays: number;
  readonly sent: number;
  readonly score: Score | null;
  readonly rows: readonly PartRow[];
  /** Why there is no score; null: there is one. */
  readonly unjudged: string | null;
};

/** `perDay`: messages a day over shared pools, and how many of them are sent today as far as mail servers told. */
export type LimitShown = { readonly perDay: number; readonly sent: number };

/** An account's; null: no night has scored it yet. */
export type AccountReputation = ScoreShown & {
  readonly limit: LimitShown | null;
  readonly domains: readonly { readonly id: number; readonly name: string; readonly score: number | null }[];
};

function shown({ day, counts }: Rated, policy: Policy): ScoreShown {
  const score = scoreOf(counts, policy);
  const windowDays = policy.reputation.windowDays.value;
  return {
    ...{ day, windowDays, sent: counts.sent, score },
    rows: score === null ? [] : partRows(score),
    unjudged: score === null ? unjudged(counts.sent, policy) : null,
  };
}

export async function gatherReputation(
  db: Db,
  accountId: number,
  policy: Policy,
  at: number,
): Promise<AccountReputation | null> {
  const rated = await findAccountRated(db, accountId, dayOf(at));
  if (rated === undefined) return null;
  const { perDay } = rated.limit;
  const domains = await listDomainsRated(db, accountId);
  return {
    ...shown(rated, policy),
    limit: perDay === null ? null : { perDay, sent: rated.sentToday },
    domains: domains.map(({ domainId: id, domain: name, score }) => ({ id, name, score })),
  };
}

/** A domain's. `reputation` null: no night has scored it yet; `sending`: its place among the shared pools, where it uses one; `seen`: what Google reported of it (S-25). */
export async function gatherOfDomain(
  db: Db,
  domain: { readonly accountId: number; readonly id: number },
  policy: Policy,
): Promise<{ reputation: ScoreShown | null; sending: Sending | undefined; seen: PostmasterSeen[] }> {
  const { rated, sending, seen } = await findDomainRated(db, domain.accountId, domain.id);
  return { reputation: rated === null ? null : shown(rated, policy), sending, seen };
}
