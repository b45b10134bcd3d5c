// Mailing staff whom an appeal names with an @, in the transaction in which it is sent.
import type { Act } from '../../act.ts';
import { listChosen } from '../../notifications/preferences/store.ts';
import type { Customer } from '../customer/actions.ts';
import type { IpRequest } from '../request.ts';
import { listMentioned, notifyMentioned } from '../review/mentions/notify.ts';

/** An appeal that was recorded; `reason`: its text. */
type Appealed = { readonly request: IpRequest; readonly eventId: number; readonly reason: string };

/**
 * Mails those whom an appeal names as a note would, also who declined the request. All who may decide read the appeal in a mail
 * of its own, so of them only those are mailed again who do not get that one at once.
 */
export async function notifyNamed(act: Act<never, Customer>, { request, eventId, reason }: Appealed): Promise<void> {
  const mentions = await listMentioned(act, request, reason);
  if (mentions.length === 0) return;
  // Who is away without a stand-in does not get the other mail.
  const ids = mentions.filter(({ isAway }) => !isAway).map(({ reader }) => reader.id);
  const chosen = await listChosen(act.trx, ids, ['to-review']);
  const mailed = ids.filter((id) => id !== request.declinedBy && chosen.get(id)?.['to-review'] === undefined);
  await notifyMentioned(act, mentions, { request, eventId, where: 'appeal', said: reason }, mailed);
}
