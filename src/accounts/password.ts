// Passwords are kept as argon2id hashes in PHC form: each carries the parameters that it was made with.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

const PASSES = 2;
const LANES = 1;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/;

type Cost = { readonly memory: number; readonly passes: number; readonly lanes: number };

const hashOf = (password: string, salt: Buffer, cost: Cost): Promise<Buffer> =>
  derive('argon2id', {
    // The same characters can be typed as different code points, depending on the keyboard.
    message: password.normalize('NFKC'),
    nonce: salt,
    parallelism: cost.lanes,
    memory: cost.memory,
    passes: cost.passes,
    tagLength: HASH_BYTES,
  });

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** Hashes a new password; `memory` in KiB is what one hash takes (19,456 in earnest, 8 is the least). */
export async function hashPassword(password: string, memory: number): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await hashOf(password, salt, { memory, passes: PASSES, lanes: LANES });
  return `$argon2id$v=19$m=${memory},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Whether `password` is the one that `stored` was made from. Without `stored` (nobody has that address) it
 * takes as long and returns false, so that the time does not tell who is known.
 */
export async function verifyPassword(password: string, stored: string | null, memory: number): Promise<boolean> {
  const [, m, t, p, salt = '', hash = ''] = PHC.exec(stored ?? '') ?? [];
  if (m === undefined) {
    await hashOf(password, Buffer.alloc(SALT_BYTES), { memory, passes: PASSES, lanes: LANES });
    return false;
  }
  const cost = { memory: Number(m), passes: Number(t), lanes: Number(p) };
  return timingSafeEqual(await hashOf(password, Buffer.from(salt, 'base64'), cost), Buffer.from(hash, 'base64'));
}
