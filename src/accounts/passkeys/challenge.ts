// What an authenticator signs: random, ours by a keyed hash, and over after a while. Nothing is stored until one is answered,
// so that asking for the sign-in page writes nothing. Pure.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const MARK_BYTES = 32;
/** A page with a challenge can be used for this long. */
export const CHALLENGE_LASTS_MS = 30 * 60_000;

const markOf = (secret: string, about: string, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`challenge\n${about}\n`).update(body).digest();

/** A challenge (base64url) for one purpose: `sign-in`, or a person who adds a passkey. */
export function newChallenge(secret: string, about: string, at: number): string {
  const until = Buffer.alloc(TIME_BYTES);
  until.writeUIntBE(at + CHALLENGE_LASTS_MS, 0, TIME_BYTES);
  const body = Buffer.concat([randomBytes(NONCE_BYTES), until]);
  return Buffer.concat([body, markOf(secret, about, body)]).toString('base64url');
}

/** Whether this challenge is ours, for this purpose, and not over at the instant `at`. Whether it was answered is not known here. */
export function isOpenChallenge(secret: string, about: string, challenge: string, at: number): boolean {
  const bytes = Buffer.from(challenge, 'base64url');
  if (bytes.length !== NONCE_BYTES + TIME_BYTES + MARK_BYTES) return false;
  const body = bytes.subarray(0, -MARK_BYTES);
  if (!timingSafeEqual(markOf(secret, about, body), bytes.subarray(-MARK_BYTES))) return false;
  return body.readUIntBE(NONCE_BYTES, TIME_BYTES) > at;
}

/** What is kept of a challenge that was answered. */
export const challengeHash = (challenge: string): string => createHash('sha256').update(challenge).digest('hex');
