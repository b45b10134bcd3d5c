// A page sealed under a key that only its address holds: who reads the database alone learns nothing of it. Pure.
import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Person } from '../accounts/person.ts';
import { sealBytes, unsealBytes } from '../sealed.ts';

/** A new key, as an address writes it: 43 characters. */
export const newKey = (): string => randomBytes(32).toString('base64url');

/** Whether a text in an address could be a key. */
export const isKey = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{43}$/.test(text);

/** What a page is stored under: with another role somebody may not see any more what they saw, and does not find it. */
export const idOf = (key: string, { accountId, accountRole, staffRole }: Roles): string =>
  createHash('sha256').update(['page', key, accountId, accountRole, staffRole].join(' ')).digest('hex');

type Roles = Pick<Person, 'accountId' | 'accountRole' | 'staffRole'>;

const ABOUT = 'rejected page';

/** Seals a page under its key. */
export const seal = (key: string, html: string): Buffer => sealBytes(key, ABOUT, gzipSync(html));

/** The page again; null where it was changed, or sealed under another key. */
export function open(key: string, sealed: Buffer): string | null {
  const bytes = unsealBytes(key, ABOUT, sealed);
  return bytes && gunzipSync(bytes).toString();
}
