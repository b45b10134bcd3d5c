// What the page of a shared pool shows: its trend, its members, and what the nights do.
import type { Db } from '../../database.ts';
import { type Day, dayOf } from '../../day.ts';
import type { Policy, Pool } from '../../policy/document/policy.ts';
import { type Bar, barsOf, firstDay, type Limits, poolLimits, type Rated, rated } from '../../sending/rates.ts';
import { listPoolDays } from '../../sending/store-reports.ts';
import { listNights } from '../store.ts';
import type { Outcome } from './judge.ts';
import { judgeSending } from './judge-sending.ts';
import { countMembers, listMembers, listMoved, type Member, type Moved } from './store.ts';

/** Own choice: members that a page shows, and of how many it says what the next night will do. */
const MOST = 500;

export type PoolShown = {
  readonly pool: Pool;
  readonly today: Day;
  readonly limits: Limits;
  readonly bars: readonly Bar[];
  readonly memberCount: number;
  readonly members: readonly (Member & { readonly rates: Rated; readonly tomorrow: Outcome })[];
  /** What the last night did with domains that are here or were; null: there was none yet. */
  readonly night: { readonly day: Day; readonly moved: readonly Moved[] } | null;
};

/** What the next night will do goes by what the last one counted: only days pass. */
export async function gatherPool(db: Db, pool: Pool, policy: Policy, at: number): Promise<PoolShown> {
  const today = dayOf(at);
  const limits = poolLimits(policy, pool.kind);
  const days = await listPoolDays(db, pool.key, firstDay(today, 'week'));
  const [night] = await listNights(db, 1);
  const members = await listMembers(db, pool.key, MOST);
  return {
    ...{ pool, limits, today },
    bars: barsOf(days, today, 'week', limits),
    memberCount: (await countMembers(db)).get(pool.key) ?? 0,
    members: members.map((member) => ({
      ...member,
      rates: rated(member.counts, limits),
      tomorrow: judgeSending(member, member, policy, (night?.day ?? today) + 1),
    })),
    night: night === undefined ? null : { day: night.day, moved: await listMoved(db, pool.key, night.day, MOST) },
  };
}
