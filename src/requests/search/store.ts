// What was written about requests, found by its words.
import { INTERNAL_EVENTS } from '../../audit/internal.ts';
import { hasWords, type SearchedWord } from '../../audit/words.ts';
import type { Db } from '../../database.ts';
import { idsOfWords } from '../../dialect.ts';
import { INTERNAL_BODY } from '../history.ts';

/** A record about a request whose text has what was looked for. */
export type Said = { readonly eventId: number; readonly requestId: number; readonly name: string };

/**
 * What a reader may find. Staff: everything, but of the account that they belong to themselves (null: of no account) only what
 * its people read. A customer: what people of the account read of its own requests.
 */
export type Scope = { readonly staffOf: number | null } | { readonly customer: number };

/** `isCut`: there are older texts that were not read. */
type Found = { readonly said: Said[]; readonly isCut: boolean };

/** The texts that one search reads at most, the newest first: a word that nearly all have tells requests apart no more. */
export const MOST_TEXTS = 5_000;
const AT_ONCE = 1_000;

/** Notes and reasons that are for staff alone. */
const INTERNAL = [...new Set([...INTERNAL_EVENTS, ...INTERNAL_BODY])];

/**
 * The newest records about requests whose text has all of these words and is within `scope`, newest first, of at most
 * `MOST_TEXTS`. For a customer only the newest of each request.
 */
export async function listSaid(db: Db, words: readonly SearchedWord[], scope: Scope): Promise<Found> {
  if (words.length === 0) return { said: [], isCut: false };
  return 'customer' in scope ? listReadable(db, words, scope.customer) : listIndexed(db, words, scope.staffOf);
}

async function listIndexed(db: Db, words: readonly SearchedWord[], ownAccountId: number | null): Promise<Found> {
  const rows: { event_id: number; subject_id: number; name: string; account_id: number | null }[] = await db
    .with('found', idsOfWords(db, words, MOST_TEXTS))
    .from('found')
    .join('audit_events as e', 'e.id', 'found.event_id')
    .orderBy('e.id', 'desc')
    .select('found.event_id', 'e.subject_id', 'e.name', 'e.account_id');
  const isHidden = ({ account_id, name }: (typeof rows)[number]): boolean =>
    account_id !== null && account_id === ownAccountId && (INTERNAL as readonly string[]).includes(name);
  return {
    said: rows
      .filter((row) => !isHidden(row))
      .map((row) => ({ eventId: row.event_id, requestId: row.subject_id, name: row.name })),
    isCut: rows.length === MOST_TEXTS,
  };
}

/**
 * Reads the texts themselves: the index has everybody's, so that a word which is common elsewhere would hide the few of an
 * account, or take long for it.
 */
async function listReadable(db: Db, words: readonly SearchedWord[], accountId: number): Promise<Found> {
  const said = new Map<number, Said>();
  let before: number | undefined;
  for (let read = 0; read < MOST_TEXTS; read += AT_ONCE) {
    const texts = await listTexts(db, accountId, before);
    for (const { id: eventId, request_id: requestId, name, text } of texts)
      if (!said.has(requestId) && hasWords(text, words)) said.set(requestId, { eventId, requestId, name });
    before = texts.at(-1)?.id;
    if (texts.length < AT_ONCE) return { said: [...said.values()], isCut: false };
  }
  return { said: [...said.values()], isCut: true };
}

type Text = { readonly id: number; readonly request_id: number; readonly name: string; readonly text: string };

/** What people of an account read about its requests, the newest first: what was written with records, and answers as they are. */
const listTexts = (db: Db, accountId: number, before: number | undefined): Promise<Text[]> =>
  db('audit_events as e')
    .leftJoin('messages as m', 'm.event_id', 'e.id')
    .leftJoin('requests as r', (join) =>
      join.on('r.id', 'e.subject_id').andOn('e.name', db.raw('?', ['request.submitted'])),
    )
    .where({ 'e.account_id': accountId, 'e.subject_type': 'request' })
    .whereNotIn('e.name', INTERNAL)
    .modify((query) => before !== undefined && query.where('e.id', '<', before))
    .orderBy('e.id', 'desc')
    .limit(AT_ONCE)
    .select(
      'e.id',
      'e.subject_id as request_id',
      'e.name',
      db.raw(
        "coalesce(m.body, '') || ' ' || coalesce(r.sends, '') || ' ' || coalesce(r.signup, '') || ' ' || coalesce(r.samples, '') as text",
      ),
    );
