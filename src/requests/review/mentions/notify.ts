// Mailing those whom a note names, in the transaction in which it is kept.
import { listStaff } from '../../../accounts/store.ts';
import type { Act } from '../../../act.ts';
import { barTo } from '../../lifecycle.ts';
import { notifyColleague, orStandIn, type Reader } from '../../notify.ts';
import type { IpRequest } from '../../request.ts';
import type { Reviewer } from '../decide.ts';
import { mentionedIn } from './mentions.ts';

/** Who can be named in a note on the request: staff who may decide it, so that no customer reads of it by mail. */
export async function listMentioned(act: Act<never, Reviewer>, request: IpRequest, note: string): Promise<Mention[]> {
  const staff = await listStaff(act.trx, act.actor.at);
  const able = staff.filter((one) => !['own-account', 'not-yours'].includes(barTo('approve', request, one) ?? ''));
  const others = able.filter(({ id }) => id !== act.actor.person.id);
  return mentionedIn(note, others).map((person) => ({ name: person.name, reader: orStandIn(person, able) }));
}

/** Somebody whom a note names, and who gets the mail: they, or their stand-in. */
export type Mention = { readonly name: string; readonly reader: Reader };

/** Mails each reader once, also one who is named both by their own name and through a colleague who is away. */
export async function notifyMentioned(
  act: Act<never, Reviewer>,
  mentions: readonly Mention[],
  { request, eventId, note }: { readonly request: IpRequest; readonly eventId: number; readonly note: string },
): Promise<void> {
  const { id: authorId, name: by } = act.actor.person;
  const readers = new Map(mentions.map(({ reader }) => [reader.id, reader]));
  readers.delete(authorId);
  for (const reader of readers.values())
    await notifyColleague(act, reader, { request, eventId, notifications: { 'request-mentioned': { by, note } } });
}
