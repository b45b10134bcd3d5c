// What staff do with a mail of which it is not certain who wrote it.
import type { Actor, Person } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { addMail } from '../../requests/comments/transition.ts';
import type { IpRequest } from '../../requests/request.ts';
import { findRequest } from '../../requests/store.ts';
import { type TransitionProblem, transitionEvent } from '../../requests/transition.ts';
import type { Result } from '../../result.ts';
import { showsNothing } from '../../visible.ts';
import { dropAttached, dropUnlessAway, type Keeping, type KeptFiles, keepAttached } from '../attached/actions.ts';
import { readMessage } from '../message.ts';
import { findRaw, type Inbound, lockInbound, moveInbound } from '../store.ts';

/** `decided`: a colleague was faster. `empty`: there is no text to add. */
export type QuarantineProblem = TransitionProblem | { readonly name: 'decided' | 'empty' };

type Colleague = Actor & { readonly person: Person };
type Deciding = Act<QuarantineProblem, Colleague>;

/** Adds a mail to its request, with its files, as a mail from the address that it names. It stays open who wrote it. */
export async function acceptMail(
  keeping: Keeping,
  actor: Colleague,
  id: number,
): Promise<Result<Inbound, QuarantineProblem>> {
  const kept = await keepFilesOf(keeping, actor, id);
  const added = await act<Inbound, QuarantineProblem, Colleague>(keeping.db, actor, async (act) => {
    const mail = await lockQuarantined(act, id);
    if (showsNothing(mail.body)) return act.refuse({ name: 'empty' });
    const said = { from: mail.from || 'nobody', text: mail.body, files: kept.files };
    const eventId = await addMail(act, mail.requestId, said);
    await moveInbound(act.trx, id, 'accept', { eventId, leftOut: kept.leftOut, decided: decidedBy(act) });
    return mail;
  }).catch((error: unknown) => dropUnlessAway(keeping, kept, error));
  if (!added.ok) await dropAttached(keeping, kept);
  return added;
}

/** The files of a mail that this person may add. */
async function keepFilesOf(keeping: Keeping, actor: Colleague, id: number): Promise<KeptFiles> {
  const found = await act<IpRequest, QuarantineProblem, Colleague>(keeping.db, actor, async (act) => {
    const { requestId } = await lockQuarantined(act, id);
    return (await findRequest(act.trx, requestId)) ?? act.refuse({ name: 'not-found' });
  });
  const raw = found.ok ? await findRaw(keeping.db, id) : undefined;
  const message = raw && (await readMessage(raw).catch(() => undefined));
  if (!found.ok || !message) return { files: [], leftOut: [] };
  return keepAttached(keeping, found.value, message.files, actor.at);
}

/** Deletes a mail with all that it said; that there was one stays in the record. */
export const deleteMail = (
  { db }: Keeping,
  actor: Colleague,
  id: number,
): Promise<Result<Inbound, QuarantineProblem>> =>
  act<Inbound, QuarantineProblem, Colleague>(db, actor, async (act) => {
    const mail = await lockQuarantined(act, id);
    const request = (await findRequest(act.trx, mail.requestId)) ?? act.refuse({ name: 'not-found' });
    const facts = { from: mail.from || 'nobody', why: mail.why ?? '' };
    await record(act, transitionEvent('request.mailDeleted', request, null, facts));
    const gone = { subject: '', body: '', quoted: '', forgets: true } as const;
    await moveInbound(act.trx, id, 'delete', { ...gone, decided: decidedBy(act) });
    return mail;
  });

const decidedBy = ({ actor }: Deciding) => ({ by: actor.person.id, at: actor.at });

async function lockQuarantined({ trx, actor, refuse }: Deciding, id: number): Promise<Inbound & { requestId: number }> {
  const mail = await lockInbound(trx, id);
  if (!mail || mail.requestId === null || mail.status === 'received') return refuse({ name: 'not-found' });
  // a request of one's own account is for colleagues.
  const request = await findRequest(trx, mail.requestId);
  if (request?.account.id === actor.person.accountId) return refuse({ name: 'not-found' });
  if (mail.status !== 'quarantined') return refuse({ name: 'decided' });
  return { ...mail, requestId: mail.requestId };
}
