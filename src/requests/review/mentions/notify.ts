// Mailing those whom a note or an appeal names, in the transaction in which it is kept.
import type { Actor, Person } from '../../../accounts/person.ts';
import { listStaff } from '../../../accounts/store.ts';
import type { Act } from '../../../act.ts';
import { barTo } from '../../lifecycle.ts';
import type { MentionedIn } from '../../mails/mentions.ts';
import { notifyColleague, orStandIn, type Reader } from '../../notify.ts';
import type { IpRequest } from '../../request.ts';
import { mentionedIn } from './mentions.ts';

/** Who can be named in a text about the request: staff who may decide it, so that no customer reads of it by mail. */
export async function listMentioned(act: Act<never, Writer>, request: IpRequest, note: string): Promise<Mention[]> {
  if (!note.includes('@')) return [];
  const staff = await listStaff(act.trx, act.actor.at);
  const able = staff.filter((one) => !['own-account', 'not-yours'].includes(barTo('approve', request, one) ?? ''));
  const others = able.filter(({ id }) => id !== act.actor.person.id);
  return mentionedIn(note, others).map((person) => {
    const reader = orStandIn(person, able);
    const isAway = person.away !== undefined && reader.id === person.id;
    return { id: person.id, name: person.name, reader, isAway };
  });
}

/** Who wrote the text. */
type Writer = Actor & { readonly person: Person };

/** Somebody whom a text names, and who gets the mail: they, or their stand-in. `isAway`: without a stand-in. */
export type Mention = {
  readonly id: number;
  readonly name: string;
  readonly reader: Reader;
  readonly isAway: boolean;
};

/** Where somebody is named; `said`: the whole text. */
type Naming = {
  readonly request: IpRequest;
  readonly eventId: number;
  readonly where: MentionedIn;
  readonly said: string;
};

/**
 * Mails each reader once, also one who is named both by their own name and through a colleague who is away. `mailed`: who
 * reads of it in another mail about the same.
 */
export async function notifyMentioned(
  act: Act<never, Writer>,
  mentions: readonly Mention[],
  { request, eventId, where, said }: Naming,
  mailed: readonly number[] = [],
): Promise<void> {
  const { id: authorId, name: by } = act.actor.person;
  const readers = new Map(mentions.map(({ reader }) => [reader.id, reader]));
  for (const id of [authorId, ...mailed]) readers.delete(id);
  const notifications = { 'request-mentioned': { by, note: said, where } };
  for (const reader of readers.values()) await notifyColleague(act, reader, { request, eventId, notifications });
}
