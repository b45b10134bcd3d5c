// Short texts that only a process with the server's secret can read: a database that is stolen alone does not tell them.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

const keyOf = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'warmdesk sealed', KEY_BYTES));

/** Encrypts a text (AES-256-GCM). `about` says whose it is and what for: with another it cannot be opened. */
export function seal(secret: string, about: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}${sealed.toString('base64url')}`;
}

/** The text again; null where it was sealed for something else, with another secret, or was changed. */
export function unseal(secret: string, about: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed.startsWith(VERSION) ? sealed.slice(VERSION.length) : '', 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const open = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, NONCE_BYTES));
  open.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([open.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), open.final()]);
    return text.toString('utf8');
  } catch {
    return null;
  }
}
