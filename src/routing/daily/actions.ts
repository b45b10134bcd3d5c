// S-02: routers tell each other what accounts with a daily limit have sent, and people are told before the limit bites.
import { findAccount } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import { nearOf } from '../../reputation/limit.ts';
import { tellNear } from '../../reputation/notify.ts';
import type { DailyLimits, Untold, Which } from './limits.ts';
import { addSent, deleteSentBefore, listSentOn, markTold } from './store.ts';

/** Accounts told of together: no message waits for much more than half a millisecond while their sums are read. */
const TOLD_TOGETHER = 200;

/**
 * Tells the database what this process let go, and hears what all others did: one statement for two hundred accounts together,
 * however many messages there were. Rejects where the database is away. `which`: mostly those that are not to wait; all every
 * ten seconds, and when the process ends.
 */
export async function shareSent(
  db: Db,
  limits: DailyLimits,
  at: number,
  which: Which = limits.isTimeForAll() ? 'all' : 'urgent',
): Promise<void> {
  if (limits.isNew) limits.learn(limits.day, await listSentOn(db, limits.day));
  // What is sent meanwhile is told the next time.
  for (let waiting = limits.waiting(which); waiting > 0; waiting -= TOLD_TOGETHER) {
    const { day } = limits;
    // In one order, so that two routers never wait for each other.
    const untold = limits.untold(TOLD_TOGETHER, which).toSorted((a, b) => a.accountId - b.accountId);
    if (untold.length > 0) await tell(db, limits, { day, untold }, at);
  }
}

type Told = { readonly day: Day; readonly untold: readonly Untold[] };

async function tell(db: Db, limits: DailyLimits, { day, untold }: Told, at: number): Promise<void> {
  const perDay = new Map(untold.map((one) => [one.accountId, one.perDay]));
  const done = await act<ReadonlyMap<number, number>, never>(db, { person: null, at }, async (act) => {
    const sums = await addSent(act.trx, day, untold);
    for (const { accountId, sent, isTold } of sums) {
      const most = perDay.get(accountId) ?? Number.POSITIVE_INFINITY;
      if (!isTold && sent >= nearOf(most)) await warn(act, day, { accountId, sent, perDay: most });
    }
    return new Map(sums.map(({ accountId, sent }) => [accountId, sent]));
  });
  if (done.ok) for (const one of untold) limits.noteTold(day, { ...one, sent: done.value.get(one.accountId) ?? 0 });
}

type Near = { readonly accountId: number; readonly sent: number; readonly perDay: number };

/** Tells people that the limit is near, unless another router did. */
async function warn(act: Act, day: Day, { accountId, sent, perDay }: Near): Promise<void> {
  const { trx, actor } = act;
  if (!(await markTold(trx, { accountId, day }, actor.at))) return;
  const subject = { type: 'account', id: accountId } as const;
  const eventId = await record(act, { name: 'account.limitNear', subject, accountId, facts: { sent, perDay } });
  const account = await findAccount(trx, accountId);
  if (account !== null) await tellNear(act, { accountId, account: account.name, perDay, sent }, eventId);
}

/** Forgets what was sent long before. Returns of how many accounts and days. */
export const forgetSent = (db: Db, before: Day): Promise<number> => deleteSentBefore(db, before);
