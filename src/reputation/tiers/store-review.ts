// What nights left for staff to decide.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';

/** A domain that a night stopped, or reported, and about which nobody has decided since. */
export type ToReview = {
  readonly id: number;
  readonly domain: string;
  readonly accountId: number;
  readonly account: string;
  readonly isStopped: boolean;
  /** The UTC day, and why, in numbers. */
  readonly on: Day;
  readonly why: string;
};

/** Those that wait for staff, the longest first. Of closed accounts nothing is left to decide. */
export async function listToReview(db: Db): Promise<ToReview[]> {
  const rows = await db('domain_tiers as t')
    .join('domains as d', 'd.id', 't.domain_id')
    .join('accounts as a', 'a.id', 'd.account_id')
    .whereNull('d.removed_at')
    .whereNot('a.status', 'closed')
    .where((either) =>
      either
        // One that was let in and stopped by staff since is theirs.
        .whereRaw("t.last_move = 'stop' and t.stopped_at = d.stopped_at")
        .orWhereRaw(
          "t.last_move = 'report' and t.warned_on is not null and d.route = 'transactional' and d.stopped_at is null",
        ),
    )
    .orderBy(['t.last_on', 'd.id'])
    .select('d.id', 'd.name', 't.last_move', 't.last_on', 't.last_why', 'a.id as account_id', 'a.name as account');
  return rows.map((row) => ({
    ...{ id: row.id, domain: row.name, accountId: row.account_id, account: row.account },
    ...{ isStopped: row.last_move === 'stop', on: row.last_on, why: row.last_why },
  }));
}
