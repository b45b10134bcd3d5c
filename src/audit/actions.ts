import type { Act } from '../act.ts';
import type { AuditEvent } from './event.ts';
import { insertEvent, insertFirstEvents, insertMessage, insertWordsOf } from './store.ts';

/**
 * Records what happened, in the transaction in which it happens, with what the actor wrote, if anything.
 * Returns the record's id, to which mails are tied.
 */
export async function record({ trx, actor }: Act, event: AuditEvent, said: string | Said = ''): Promise<number> {
  const { message = '', written = '' } = typeof said === 'string' ? { message: said } : said;
  const id = await insertEvent(trx, actor.person?.id ?? null, actor.at, event);
  if (message !== '') await insertMessage(trx, id, message);
  const text = `${message} ${written}`;
  if (text !== ' ' && event.subject.type === 'request') await insertWordsOf(trx, id, text);
  return id;
}

/** What an actor wrote: a message that is kept with the record, and a text kept elsewhere by which it is found as well. */
type Said = { readonly message?: string; readonly written?: string };

/** Records the first thing that happened to each of many subjects that this act made: by the thousand, in one statement. */
export const recordFirsts = ({ trx, actor }: Act, events: readonly AuditEvent[]): Promise<void> =>
  insertFirstEvents(trx, actor.person?.id ?? null, actor.at, events);
