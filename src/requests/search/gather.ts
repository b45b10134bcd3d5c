import { listMessages } from '../../audit/store.ts';
import { type Excerpt, excerptOf, type SearchedWord } from '../../audit/words.ts';
import type { Db } from '../../database.ts';
import { type IpRequest, writtenIn } from '../request.ts';
import type { Said } from './store.ts';

/** A piece of what was written about a request, around what was looked for, and `where` that is: `in a message`. */
export type Excerpted = Excerpt & { readonly where: string };

/** Returns what was written about each of these requests that a search found, the newest of it, by the request's id. */
export async function gatherExcerpts(
  db: Db,
  requests: readonly Pick<IpRequest, 'id' | 'answers'>[],
  { said, words }: { readonly said: readonly Said[]; readonly words: readonly SearchedWord[] },
): Promise<ReadonlyMap<number, Excerpted>> {
  if (said.length === 0) return new Map();
  const newest = new Map(said.toReversed().map((one) => [one.requestId, one]));
  const bodies = await listMessages(
    db,
    requests.flatMap(({ id }) => newest.get(id)?.eventId ?? []),
  );
  const excerpts = requests.flatMap(({ id, answers }): [number, Excerpted][] => {
    const one = newest.get(id);
    if (one === undefined) return [];
    const body = bodies.get(one.eventId);
    const inMessage = body === undefined ? null : excerptOf(body, words);
    const excerpt = inMessage ?? excerptOf(writtenIn(answers), words);
    const where = inMessage === null ? 'in the request' : one.name === 'request.noted' ? 'in a note' : 'in a message';
    return excerpt === null ? [] : [[id, { ...excerpt, where }]];
  });
  return new Map(excerpts);
}
