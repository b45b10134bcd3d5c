// One step of a warm-up's lifecycle inside a running transaction, and what follows from it.
import type { Act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { AuditEvent, AuditFacts } from '../audit/event.ts';
import { followWarmup } from '../ips/actions.ts';
import { ALLOCATION_OF, type WarmupTransitionName, warmupTransitions } from './lifecycle.ts';
import { type News, type NotificationFacts, notify } from './notify.ts';
import type { Warmup } from './store.ts';

/** A warm-up before and after a step, with what its record and its mails say. */
export type Moved = {
  readonly before: Warmup;
  readonly after: Warmup;
  readonly facts: AuditFacts[keyof AuditFacts];
  readonly notifications?: NotificationFacts;
  readonly message?: string;
  /** False where the mail of another step of the same night says it. */
  readonly isMailed?: boolean;
};

/**
 * What follows a step that moved a warm-up from `before` to `after`: its allocation follows, the step is recorded, with
 * what the actor wrote, and everybody concerned is notified.
 */
export const followUp = (
  act: Act,
  name: WarmupTransitionName,
  { before, after }: Pick<Moved, 'before' | 'after'>,
  details: Omit<Moved, 'before' | 'after'>,
): Promise<void> => followUpTogether(act, name, [{ before, after, ...details }]);

/** The same for warm-ups of one account that took the step together: each is recorded, and everybody gets one mail about all of them. */
export async function followUpTogether(act: Act, name: WarmupTransitionName, all: readonly Moved[]): Promise<void> {
  const news: News[] = [];
  for (const { before, after, facts, message, notifications = {}, isMailed = true } of all) {
    const from = ALLOCATION_OF[before.status];
    const to = ALLOCATION_OF[after.status];
    if (from !== to) await followWarmup(act, after.allocationId, from, to);
    // The facts belong to the event's name by the lifecycle table.
    const event = {
      name: warmupTransitions[name].event,
      subject: { type: 'allocation', id: after.allocationId },
      accountId: after.accountId,
      from,
      to,
      facts,
    } as AuditEvent;
    const eventId = await record(act, event, message);
    if (isMailed) news.push({ warmup: after, eventId, notifications });
  }
  await notify(act, name, news);
}
