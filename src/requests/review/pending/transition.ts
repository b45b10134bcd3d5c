// A decision that does not take effect, inside the transaction in which that shows.
import { can } from '../../../accounts/permissions.ts';
import { findActivePerson, findPersonById } from '../../../accounts/store.ts';
import type { Act } from '../../../act.ts';
import { record } from '../../../audit/actions.ts';
import { notifyOrStandIn } from '../../notify.ts';
import { type IpRequest, STATUS_WORDS, type Status } from '../../request.ts';
import { reasonIn } from './pending.ts';
import { deletePending, type StoredPending } from './store.ts';

/**
 * Puts on record that a decision did not take effect and `why` (sentences), with what its reviewer wrote, and mails that to
 * them if they still review requests.
 */
export async function lapse(
  act: Act,
  request: IpRequest,
  { decision, form, personId }: StoredPending,
  why: readonly string[],
): Promise<void> {
  const { trx, actor } = act;
  const facts = { decision, why: [...why] };
  const reason = reasonIn(form);
  const decider = { ...act, actor: { person: await findPersonById(trx, personId), at: actor.at } };
  const eventId = await record(
    decider,
    {
      name: 'request.lapsed',
      subject: { type: 'request', id: request.id },
      accountId: request.account.id,
      from: null,
      to: null,
      facts,
    },
    reason,
  );
  const told = await findActivePerson(trx, personId);
  if (!told || !can(told, 'review requests')) return;
  const notifications = { 'request-lapsed': { ...facts, reason } };
  await notifyOrStandIn(act, told, { request, eventId, notifications });
}

/** Drops the pending decision, if any, on a request that somebody else moved `to` another status. */
export async function dropPending(act: Act, request: IpRequest, to: Status): Promise<void> {
  // Looked for in the database: `request` may have been read before the decision was made.
  const pending = request.dueAt === null ? undefined : await deletePending(act.trx, request.id);
  if (!pending) return;
  const what =
    to === request.status ? 'its customer changed the request' : `the request became “${STATUS_WORDS[to].label}”`;
  await lapse(act, request, pending, [`Before it took effect, ${what}.`]);
}
