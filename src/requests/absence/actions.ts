// A reviewer goes away and comes back. One act, one transaction each: what they have on the desk goes to the stand-in or back to the queue.
import { keepAbsence } from '../../accounts/absence/actions.ts';
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { listStaff } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, lockSubject } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Result } from '../../result.ts';
import { barToClaim } from '../claims/claim.ts';
import { listClaimedBy, listClaims } from '../claims/store.ts';
import { freeClaim, passClaim } from '../claims/transition.ts';
import type { Reviewer } from '../review/decide.ts';
import { lockRequest } from '../store.ts';
import type { AbsenceForm } from './form.ts';

/** What became of the requests that the reviewer had on the desk. */
export type Left = { readonly handedOver: number; readonly givenBack: number };

/** Colleagues who can be somebody's stand-in at the instant `at`: they review requests and are not away themselves. */
export const listStandIns = async (db: Db, { person, at }: Reviewer): Promise<Person[]> =>
  (await listStaff(db, at)).filter(
    (one) => one.id !== person.id && one.away === undefined && can(one, 'review requests'),
  );

/**
 * The actor is away from now until an instant. Each request that they have on the desk goes to the stand-in, who is mailed,
 * or back to the queue where there is none, or one who may not decide it. Refused where the stand-in cannot be one.
 */
export function goAway(db: Db, actor: Reviewer, { until, standInId }: AbsenceForm): Promise<Result<Left, 'stand-in'>> {
  return act<Left, 'stand-in', Reviewer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const { person } = actor;
    // Two who name each other at once: the later one finds the other away.
    await lockSubject(trx, 'absences', 0);
    const standIn = standInId === null ? null : (await listStandIns(trx, actor)).find(({ id }) => id === standInId);
    if (standIn === undefined) return refuse('stand-in');
    await keepAbsence(act, person.id, { until, standInId });
    const left = await clearDesk(act, standIn);
    const facts = { until, standIn: standIn?.name ?? null, ...left };
    const subject = { type: 'person', id: person.id } as const;
    const eventId = await record(act, { name: 'person.wentAway', subject, accountId: null, facts });
    if (standIn !== null) {
      const { id, email, name, timeZone } = standIn;
      const mail = { by: person.name, until, handedOver: left.handedOver };
      const to = { id, email, name, timeZone };
      await queueMail(act, [{ eventId, to, template: 'stand-in', facts: mail, thread: null }]);
    }
    return left;
  });
}

async function clearDesk(act: Act<never, Reviewer>, standIn: Person | null): Promise<Left> {
  const { trx, actor } = act;
  let [handedOver, givenBack] = [0, 0];
  for (const id of await listClaimedBy(trx, actor.person.id, actor.at)) {
    const request = await lockRequest(trx, id);
    // Somebody may have taken it over, or decided it, while we waited for it.
    const claim = (await listClaims(trx, [id], actor.at)).get(id);
    if (!request || claim?.personId !== actor.person.id) continue;
    if (standIn !== null && barToClaim(request, standIn) === null) {
      await passClaim(act, request, { to: standIn, note: '' });
      handedOver += 1;
    } else {
      await freeClaim(act, request);
      givenBack += 1;
    }
  }
  return { handedOver, givenBack };
}

/** The actor is back before the time, or as it comes: mails come to them again. */
export async function comeBack(db: Db, actor: Reviewer): Promise<void> {
  await act<void, never, Reviewer>(db, actor, async (act) => {
    await keepAbsence(act, actor.person.id, null);
    const subject = { type: 'person', id: actor.person.id } as const;
    await record(act, { name: 'person.cameBack', subject, accountId: null, facts: {} });
  });
}
