import type { Actor } from '../accounts/person.ts';
import type { Db } from '../database.ts';
import type { AuditEvent } from './event.ts';
import { insertEvent } from './store.ts';

/** Records what happened, in the transaction in which it happens. Gives the record's id, to which mails are tied. */
export function record(trx: Db, actor: Actor, event: AuditEvent): Promise<number> {
  return insertEvent(trx, actor.person?.id ?? null, actor.at, event);
}
