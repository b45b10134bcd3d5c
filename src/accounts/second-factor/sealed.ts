// Short texts that only a process with the server's secret can read.
import { sealBytes, unsealBytes } from '../../sealed.ts';

const VERSION = 'v1.';

/** Seals a text. `about` says whose it is and what for: with another it cannot be opened. */
export const seal = (secret: string, about: string, text: string): string =>
  VERSION + sealBytes(secret, about, Buffer.from(text)).toString('base64url');

/** The text again; null where it was sealed for something else, with another secret, or was changed. */
export function unseal(secret: string, about: string, sealed: string): string | null {
  if (!sealed.startsWith(VERSION)) return null;
  return unsealBytes(secret, about, Buffer.from(sealed.slice(VERSION.length), 'base64url'))?.toString() ?? null;
}
