// A page sealed under a key that only its address holds: who reads the database alone learns nothing of it. Pure.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Person } from '../accounts/person.ts';

/** A new key, as an address writes it: 43 characters. */
export const newKey = (): string => randomBytes(32).toString('base64url');

/** Whether a text in an address could be a key. */
export const isKey = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{43}$/.test(text);

/** What a page is stored under: with another role somebody may not see any more what they saw, and does not find it. */
export const idOf = (key: string, { accountId, accountRole, staffRole }: Roles): string =>
  createHash('sha256').update(['page', key, accountId, accountRole, staffRole].join(' ')).digest('hex');

type Roles = Pick<Person, 'accountId' | 'accountRole' | 'staffRole'>;

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a page: its iv, its tag, its text. */
export function seal(key: string, html: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, Buffer.from(key, 'base64url'), iv);
  const text = Buffer.concat([cipher.update(gzipSync(html)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** Opens a sealed page. Throws where it was changed, or sealed under another key. */
export function open(key: string, sealed: Buffer): string {
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(CIPHER, Buffer.from(key, 'base64url'), iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  return gunzipSync(Buffer.concat([text, decipher.final()])).toString();
}
