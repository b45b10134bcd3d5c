// Queues what the staff's chat is told, in the transaction in which it happens.
import type { Act } from '../../act.ts';
import { findCalendar } from '../../calendar/store.ts';
import { viewHelpers } from '../../web/view-helpers.ts';
import { askedFor, type IpRequest, reference } from '../request.ts';
import { CHAT_WORDS, type ChatEvent, harmless } from './chat.ts';
import { findChat, insertPost } from './store.ts';

/** Tells the chat of a request whose decision is due at `dueAt`, if it is set up and wants to hear of such. */
export async function tellChat(
  act: Act,
  event: ChatEvent,
  { request, eventId, dueAt }: { readonly request: IpRequest; readonly eventId: number; readonly dueAt: number },
): Promise<void> {
  const { trx, actor } = act;
  const chat = await findChat(trx);
  if (!chat?.events.includes(event)) return;
  const { zone } = await findCalendar(trx);
  const ref = reference(request.id);
  const what = `${askedFor(request.answers)} for ${harmless(request.account.name)}`;
  const due = `${event === 'overdue' ? 'It was' : 'It is'} due by ${viewHelpers(zone, actor.at).time(dueAt)}.`;
  const text = `${CHAT_WORDS[event]}: ${what} (${ref}). ${due}`;
  await insertPost(trx, { eventId, text, path: `/review/${ref}`, at: actor.at });
}
