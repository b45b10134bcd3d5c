// What becomes of a claim, inside the transaction in which it changes hands.
import type { Person } from '../../accounts/person.ts';
import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { findCalendar } from '../../calendar/store.ts';
import { afterWork } from '../../calendar/working-time.ts';
import { notifyColleague } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import type { Reviewer } from '../review/decide.ts';
import { listMentioned, notifyMentioned } from '../review/mentions/notify.ts';
import { transitionEvent } from '../transition.ts';
import { CLAIM_MS } from './claim.ts';
import { updateClaim } from './store.ts';

/** When a claim that begins now lapses (UTC milliseconds). */
export const claimEnd = async ({ trx, actor }: Act): Promise<number> =>
  afterWork(actor.at, CLAIM_MS, await findCalendar(trx));

/**
 * Hands a request that the caller has locked to a colleague who may decide it: recorded with a note for staff, and mailed;
 * so are others whom the note names.
 * Returns the id of the record.
 */
export async function passClaim(
  act: Act<never, Reviewer>,
  request: IpRequest,
  { to, note }: { readonly to: Person; readonly note: string },
): Promise<number> {
  const { trx, actor } = act;
  const until = await claimEnd(act);
  await updateClaim(trx, request.id, { personId: to.id, since: actor.at, until });
  const mentions = (await listMentioned(act, request, note)).filter(({ id }) => id !== to.id);
  const named = mentions.length === 0 ? {} : { mentioned: mentions.map(({ name }) => name) };
  const eventId = await record(
    act,
    transitionEvent('request.passedOn', request, null, { to: to.name, ...named }),
    note,
  );
  const facts = { by: actor.person.name, note, until };
  await notifyColleague(act, to, { request, eventId, notifications: { 'request-passed-on': facts } });
  await notifyMentioned(act, mentions, { request, eventId, where: 'hand-over', said: note }, [to.id]);
  return eventId;
}

/** Returns to the queue a request that the caller has locked. */
export async function freeClaim(act: Act<never, Reviewer>, request: IpRequest): Promise<void> {
  await updateClaim(act.trx, request.id, null);
  await record(act, transitionEvent('request.released', request, null, {}));
}
