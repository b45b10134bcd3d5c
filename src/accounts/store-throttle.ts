// Tries are counted in the database, so that all processes share the counts. A count starts with the first try and is
// forgotten when its time is over, whatever was tried meanwhile: somebody who was slowed down gets in again.
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Db } from '../database.ts';

export type Limit = { readonly name: string; readonly most: number; readonly windowMs: number };

const MINUTE = 60_000;

export const limits = {
  signInOfAccount: { name: 'sign-in:account', most: 10, windowMs: 15 * MINUTE },
  signInFromAddress: { name: 'sign-in:address', most: 50, windowMs: 15 * MINUTE },
  codeOfPerson: { name: 'code:person', most: 10, windowMs: 15 * MINUTE },
  // A code of six digits is guessed in the end by somebody who may go on for weeks. A new password does not clear it: the
  // second step is there for those, too, who read somebody's mail.
  codeOfPersonADay: { name: 'code:day', most: 50, windowMs: 24 * 60 * MINUTE },
  codeWarning: { name: 'code:warning', most: 1, windowMs: 24 * 60 * MINUTE },
  recoveryOfPerson: { name: 'recovery:person', most: 10, windowMs: 15 * MINUTE },
  resetOfPerson: { name: 'reset:person', most: 3, windowMs: 60 * MINUTE },
  resetFromAddress: { name: 'reset:address', most: 10, windowMs: 60 * MINUTE },
  emailChangeOfPerson: { name: 'email-change:person', most: 5, windowMs: 24 * 60 * MINUTE },
  // Of those that do not come back as somebody: a whole office may set out from one address at nine.
  openIdFromAddress: { name: 'openid:address', most: 300, windowMs: 15 * MINUTE },
  invitationsOfTeam: { name: 'invitations:team', most: 100, windowMs: 24 * 60 * MINUTE },
} as const satisfies Record<string, Limit>;

/** `waitMs`: how long until tries are open again, where this one is over the limit. */
export type Count = { readonly allowed: true } | { readonly allowed: false; readonly waitMs: number };

/** Whose tries are counted, as stored in the key: hashed, so that the table names nobody. */
const keyOf = (limit: Limit, who: string): string =>
  `${limit.name}:${createHash('sha256').update(who.toLowerCase()).digest('hex').slice(0, 40)}`;

/**
 * Counts one try of `who` and says whether it is within the limit. One statement: of tries made at the same moment no
 * more than the limit pass. Never inside a transaction: a count must outlive what fails.
 */
async function takeTry(db: Db, limit: Limit, who: string, now: number): Promise<Count> {
  const isOver = 'rate_limits.expire <= ?';
  const [row] = await db('rate_limits')
    .insert({ key: keyOf(limit, who), points: 1, expire: now + limit.windowMs })
    .onConflict('key')
    .merge({
      points: db.raw(`case when ${isOver} then 1 else rate_limits.points + 1 end`, [now]),
      expire: db.raw(`case when ${isOver} then ? else rate_limits.expire end`, [now, now + limit.windowMs]),
    })
    .returning(['points', 'expire']);
  return row.points <= limit.most ? { allowed: true } : { allowed: false, waitMs: row.expire - now };
}

/**
 * Counts a try of several parties in turn. Returns how long to wait (milliseconds) where one is over its limit, else 0.
 * It stops there: an address that is stopped already does not use up the tries of others' accounts.
 */
export async function takeTries(
  db: Db,
  tries: readonly (readonly [Limit, who: string])[],
  now: number,
): Promise<number> {
  for (const [limit, who] of tries) {
    const count = await takeTry(db, limit, who, now);
    if (!count.allowed) return count.waitMs;
  }
  return 0;
}

/** Takes back one try: it turned out well. */
export async function forgiveTry(db: Db, limit: Limit, who: string): Promise<void> {
  await db('rate_limits').where('key', keyOf(limit, who)).where('points', '>', 0).decrement('points', 1);
}

/** Forgets all tries of `who`: they have shown by other means who they are. */
export async function forgetTries(db: Db, limit: Limit, who: string): Promise<void> {
  await db('rate_limits').where('key', keyOf(limit, who)).delete();
}

/** Deletes counts whose time is over. Returns how many there were. */
export async function deleteExpiredCounts(db: Db, now: number): Promise<number> {
  return await db('rate_limits').where('expire', '<=', now).delete();
}

/** What counts as one address: an IPv6 customer has a whole /64. */
export function addressOf(ip: string | undefined): string {
  const plain = (ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
