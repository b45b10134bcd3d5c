import type { Db } from '../../database.ts';
import type { ChatSetting } from './chat.ts';

/** Where the staff's chat is; undefined: none is set. */
export async function findChat(db: Db): Promise<ChatSetting | undefined> {
  const row = await db('settings').where({ name: 'chat' }).first('value');
  return row && (JSON.parse(row.value) ?? undefined);
}

/** `until`: when the claim on it ends (UTC milliseconds). */
export type ChatPost = {
  readonly id: number;
  readonly text: string;
  readonly path: string;
  readonly tries: number;
  readonly until: number;
};

export async function insertPost(
  trx: Db,
  { eventId, text, path, at }: { eventId: number; text: string; path: string; at: number },
): Promise<void> {
  await trx('chat_posts').insert({ event_id: eventId, text, path, next_at: at });
}

/** The post that is due first at the instant `at`, which nobody else gets before `until` (UTC milliseconds). */
export async function claimPost(db: Db, at: number, until: number): Promise<ChatPost | undefined> {
  const row = await db('chat_posts')
    .where({ status: 'waiting' })
    .where('next_at', '<=', at)
    .orderBy(['next_at', 'id'])
    .first();
  if (row === undefined) return undefined;
  // Of two processes one moves it on.
  const found = { id: row.id, status: 'waiting', next_at: row.next_at };
  const claimed = await db('chat_posts').where(found).update({ next_at: until });
  return claimed === 1 ? { id: row.id, text: row.text, path: row.path, tries: row.tries, until } : undefined;
}

/** Keeps what became of a try, unless its claim had ended. `nextAt` null and no complaint: it was sent. */
export async function endTry(
  db: Db,
  { id, tries, until }: ChatPost,
  { at, complaint, nextAt }: { readonly at: number; readonly complaint: string | null; readonly nextAt: number | null },
): Promise<void> {
  const status = complaint === null ? 'sent' : nextAt === null ? 'failed' : 'waiting';
  await db('chat_posts')
    .where({ id, status: 'waiting', next_at: until })
    .update({ status, tries: tries + 1, next_at: nextAt, complaint, ended_at: nextAt === null ? at : null });
}

export type LastPost = {
  readonly text: string;
  readonly status: 'waiting' | 'sent' | 'failed';
  readonly complaint: string | null;
  readonly tries: number;
};

/** Deletes posts that were over before an instant (UTC milliseconds). */
export async function deletePosts(db: Db, before: number): Promise<void> {
  await db('chat_posts').where('ended_at', '<', before).delete();
}

/** The newest posts, the last first. */
export const listPosts = (db: Db, limit: number): Promise<LastPost[]> =>
  db('chat_posts').orderBy('id', 'desc').limit(limit).select('text', 'status', 'complaint', 'tries');
