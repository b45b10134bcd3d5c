// A page sealed under a key that only its address holds: who reads the database alone learns nothing of it. Pure.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/** A new key, as an address writes it: 43 characters. */
export const newKey = (): string => randomBytes(32).toString('base64url');

/** Whether a text in an address could be a key. */
export const isKey = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{43}$/.test(text);

/** What a page is stored under. */
export const idOf = (key: string): string => createHash('sha256').update(`page ${key}`).digest('hex');

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
