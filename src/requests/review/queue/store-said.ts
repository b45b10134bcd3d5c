// What was written about requests, found by its words.
import { INTERNAL_EVENTS } from '../../../audit/internal.ts';
import type { SearchedWord } from '../../../audit/words.ts';
import type { Db } from '../../../database.ts';
import { idsOfWords } from '../../../dialect.ts';
import { INTERNAL_BODY } from '../../history.ts';

/** A record about a request whose text has what was looked for. */
export type Said = { readonly eventId: number; readonly requestId: number; readonly name: string };

/** The texts that one search reads at most, the newest first: a word that nearly all have tells requests apart no more. */
export const MOST_TEXTS = 5_000;

/**
 * The newest records about requests whose text has all of these words, newest first, at most `MOST_TEXTS`. Notes and reasons
 * that are for staff alone are left out for the account `ownAccountId` (null: the reader belongs to none).
 */
export async function listSaid(
  db: Db,
  words: readonly SearchedWord[],
  ownAccountId: number | null,
): Promise<{ readonly said: Said[]; readonly isCut: boolean }> {
  if (words.length === 0) return { said: [], isCut: false };
  const internal = [...new Set([...INTERNAL_EVENTS, ...INTERNAL_BODY])];
  const rows: { event_id: number; subject_id: number; name: string; account_id: number | null }[] = await db
    .with('found', idsOfWords(db, words, MOST_TEXTS))
    .from('found')
    .join('audit_events as e', 'e.id', 'found.event_id')
    .orderBy('e.id', 'desc')
    .select('found.event_id', 'e.subject_id', 'e.name', 'e.account_id');
  const isHidden = ({ account_id, name }: (typeof rows)[number]): boolean =>
    account_id !== null && account_id === ownAccountId && (internal as readonly string[]).includes(name);
  return {
    said: rows
      .filter((row) => !isHidden(row))
      .map((row) => ({ eventId: row.event_id, requestId: row.subject_id, name: row.name })),
    isCut: rows.length === MOST_TEXTS,
  };
}
