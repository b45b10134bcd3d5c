import type { Act } from '../act.ts';
import type { AuditEvent } from './event.ts';
import { insertEvent, insertFirstEvents, insertMessage, insertWordsOf } from './store.ts';

/**
 * Records what happened, in the transaction in which it happens, with what the actor wrote, if anything.
 * Returns the record's id, to which mails are tied.
 */
export async function record({ trx, actor }: Act, event: AuditEvent, message = ''): Promise<number> {
  const id = await insertEvent(trx, actor.person?.id ?? null, actor.at, event);
  if (message !== '') await insertMessage(trx, id, message);
  if (message !== '' && event.subject.type === 'request') await insertWordsOf(trx, id, message);
  return id;
}

/** Has a record found by the words of a text that is kept elsewhere: what a customer answered in a form. */
export const indexText = ({ trx }: Act, eventId: number, text: string): Promise<void> => insertWordsOf(trx, eventId, text);

/** Records the first thing that happened to each of many subjects that this act made: by the thousand, in one statement. */
export const recordFirsts = ({ trx, actor }: Act, events: readonly AuditEvent[]): Promise<void> =>
  insertFirstEvents(trx, actor.person?.id ?? null, actor.at, events);
