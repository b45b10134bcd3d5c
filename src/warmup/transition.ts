// One step of a warm-up's lifecycle inside a running transaction, and what follows from it.
import type { Act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { AuditEvent, AuditFacts } from '../audit/event.ts';
import { followWarmup } from '../ips/actions.ts';
import { ALLOCATION_OF, type WarmupTransitionName, warmupTransitions } from './lifecycle.ts';
import { type NotificationFacts, notify } from './notify.ts';
import type { Warmup } from './store.ts';

/**
 * What follows a step that moved a warm-up from `before` to `after`: its allocation follows, the step is recorded, with
 * what the actor wrote, and everybody concerned is notified.
 */
export async function followUp(
  act: Act,
  name: WarmupTransitionName,
  { before, after }: { readonly before: Warmup; readonly after: Warmup },
  details: {
    readonly facts: AuditFacts[keyof AuditFacts];
    readonly notifications?: NotificationFacts;
    readonly message?: string;
  },
): Promise<void> {
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
    facts: details.facts,
  } as AuditEvent;
  const eventId = await record(act, event, details.message);
  await notify(act, name, { warmup: after, eventId, notifications: details.notifications ?? {} });
}
