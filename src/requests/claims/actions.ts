// Claiming a request, giving it back, handing it over. One act, one transaction each; the status does not change.
import { findAbsence } from '../../accounts/absence/store.ts';
import { findActivePerson } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Result } from '../../result.ts';
import { tellOfTaken } from '../automatic/transition.ts';
import type { IpRequest } from '../request.ts';
import type { Reviewer } from '../review/decide.ts';
import { lockRequest } from '../store.ts';
import { type TransitionProblem, transitionEvent } from '../transition.ts';
import { barToClaim, type Claim } from './claim.ts';
import { listClaims, updateClaim } from './store.ts';
import { claimEnd, freeClaim, passClaim } from './transition.ts';

type Outcome = Promise<Result<IpRequest, TransitionProblem>>;
type Claiming = Act<TransitionProblem, Reviewer>;

/** The request and who has it, with nobody else changing either until the transaction ends. */
async function hold(
  { trx, actor, refuse }: Claiming,
  id: number,
): Promise<{ request: IpRequest; claim: Claim | null }> {
  const request = await lockRequest(trx, id);
  if (!request) return refuse({ name: 'not-found' });
  const bar = barToClaim(request, actor.person);
  if (bar !== null) return refuse({ name: bar });
  return { request, claim: (await listClaims(trx, [id], actor.at)).get(id) ?? null };
}

/**
 * Puts a request on the actor's desk for `CLAIM_MS`, also one that they have already. `from`: the colleague from whom it
 * is taken over, as the page showed it; null where nobody had it. Refused where it is somebody else's by now.
 */
export function claimRequest(db: Db, actor: Reviewer, id: number, from: number | null): Outcome {
  return act(db, actor, async (act) => {
    const { request, claim } = await hold(act, id);
    const isOthers = claim !== null && claim.personId !== actor.person.id;
    if (isOthers && claim.personId !== from) {
      return act.refuse({
        name: 'not-possible',
        sentence: `${claim.name} has claimed this since you opened the page.`,
      });
    }
    const facts = { from: isOthers ? claim.name : null };
    const until = await claimEnd(act);
    await updateClaim(act.trx, id, { personId: actor.person.id, since: actor.at, until });
    const eventId = await record(act, transitionEvent('request.claimed', request, null, facts));
    await tellOfTaken(act, request, eventId);
    return request;
  });
}

/** Returns to the queue what the actor has claimed. */
export function releaseClaim(db: Db, actor: Reviewer, id: number): Outcome {
  return act(db, actor, async (act) => {
    const { request, claim } = await hold(act, id);
    if (claim?.personId !== actor.person.id) return notYours(act, claim);
    await freeClaim(act, request);
    return request;
  });
}

/**
 * Hands a request that the actor or nobody has to a colleague, who is mailed and has it for `CLAIM_MS`. `note`: for staff,
 * may be empty. Refused for somebody who may not decide the request.
 */
export function handOver(db: Db, actor: Reviewer, id: number, form: { to: number; note: string }): Outcome {
  return act(db, actor, async (act) => {
    const { trx, refuse } = act;
    const { request, claim } = await hold(act, id);
    if (claim !== null && claim.personId !== actor.person.id) return notYours(act, claim);
    const to = await findActivePerson(trx, form.to);
    const isAway = to !== null && (await findAbsence(trx, to.id, actor.at)) !== null;
    if (!to || isAway || to.id === actor.person.id || barToClaim(request, to) !== null) {
      return refuse({ name: 'not-possible', sentence: 'Choose a colleague who may decide this request.' });
    }
    await tellOfTaken(act, request, await passClaim(act, request, { to, note: form.note }));
    return request;
  });
}

const notYours = ({ refuse }: Claiming, claim: Claim | null): never =>
  refuse({
    name: 'not-possible',
    sentence: claim ? `${claim.name} has this now.` : 'You no longer have this: your claim has lapsed.',
  });
