// Assigns a new request to the reviewer who has least on the desk, inside the transaction in which it is sent.
import type { Person } from '../../accounts/person.ts';
import { listStaff } from '../../accounts/store.ts';
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { lockSubject } from '../../database.ts';
import { barToClaim } from '../claims/claim.ts';
import { updateClaim } from '../claims/store.ts';
import { claimEnd } from '../claims/transition.ts';
import { notifyColleague } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import { transitionEvent } from '../transition.ts';
import { leastLoaded } from './by-load.ts';
import { isTaken } from './scope.ts';
import { listLoads, listScopes, putAssigned } from './store.ts';

/**
 * Puts a request on the desk of the person with least on it, and mails them: somebody who may decide it, takes such requests
 * and is not away. False where there is nobody: then it is the whole team's.
 */
export async function assign(
  act: Act,
  request: IpRequest,
  facts: { readonly verdict: string; readonly decideBy: number },
): Promise<boolean> {
  const { trx, actor } = act;
  // Of two that come at once the second counts the first.
  await lockSubject(trx, 'assignment', 0);
  const person = await chosenFor(act, request);
  if (person === undefined) return false;
  const until = await claimEnd(act);
  await updateClaim(trx, request.id, { personId: person.id, since: actor.at, until });
  await putAssigned(trx, person.id, actor.at);
  const byItself = { ...act, actor: { ...actor, person: null } };
  const event = transitionEvent('request.assigned', request, null, { to: person.name });
  const eventId = await record(byItself, event);
  await notifyColleague(act, person, { request, eventId, notifications: { 'request-assigned': { ...facts, until } } });
  return true;
}

async function chosenFor({ trx, actor }: Act, request: IpRequest): Promise<Person | undefined> {
  const present = (await listStaff(trx, actor.at)).filter(({ away }) => away === undefined);
  const able = present.filter((one) => barToClaim(request, one) === null);
  const ids = able.map(({ id }) => id);
  const scopes = await listScopes(trx, ids);
  const takers = able.filter(({ id }) => isTaken(scopes.get(id), request.answers));
  const loads = await listLoads(trx, ids, actor.at);
  const least = leastLoaded(takers.map(({ id }) => ({ id, ...(loads.get(id) ?? { load: 0, lastAt: null }) })));
  return takers.find(({ id }) => id === least?.id);
}
