// S-10, S-12: which requests are approved without a person, and which IPs are added without a request being written.
import { z } from 'zod';
import { counted } from '../../wording.ts';
import { count, ruled } from './sourced-value.ts';

const DAY_IN_MINUTES = 1_440;

const automatic = z.strictObject({
  /** Minutes from when a request is sent or changed until Warmdesk looks at it: in them its customer can withdraw, and a reviewer take it. */
  afterMinutes: count.max(DAY_IN_MINUTES, 'must be at most 1440: a day'),
  /** IPs that such a request may ask for. */
  maxIps: count,
  /** Automatic approvals that an account can have in 30 days. */
  in30Days: count,
});

/** What a policy says of requests for dedicated IPs of which every check passes on measured facts; null: a person decides each of them. */
export const automaticSchema = ruled(automatic.nullable()).default({ value: null, rule: 'own choice' });

/**
 * S-10, S-12: how many IPs an account can add by itself in a calendar month (UTC), one at a time and at once, where every check passes
 * on measured facts; null: it asks for each.
 */
export const selfServiceSchema = ruled(z.strictObject({ ipsPerMonth: count }).nullable()).default({
  value: null,
  rule: 'own choice',
});

/** Days in which an account's automatic approvals are counted. */
export const AUTOMATIC_DAYS = 30;

/** Who gets an approval without a person, as customers read it; nothing where nobody does. */
export function automaticInWords({ value }: z.infer<typeof automaticSchema>): { about: string; sentence: string }[] {
  if (value === null) return [];
  const { afterMinutes, maxIps, in30Days } = value;
  const ips = maxIps === 1 ? 'one IP' : `up to ${counted(maxIps, 'IP')}`;
  const often = in30Days === 1 ? 'one such approval' : counted(in30Days, 'such approval');
  const sentence = `A request from an admin or a billing contact for ${ips} is approved automatically ${counted(afterMinutes, 'minute')} after it was sent if enough IPs are free and every check passes on what our mail servers counted and what DNS says; what you expect cannot make up for that. A reviewer decides instead if a request of the account was declined in the ${counted(AUTOMATIC_DAYS, 'day')} before, a shared pool warned about a domain, a warm-up is paused, or somebody wrote about the request. An account gets at most ${often} in ${counted(AUTOMATIC_DAYS, 'day')}. A person decides on everything else: nothing is declined automatically.`;
  return [{ about: 'Automatic approval', sentence }];
}

/** S-12, S-11: who adds an IP at once, as customers read it; nothing where nobody does. */
export function selfServiceInWords({
  value,
}: z.infer<typeof selfServiceSchema>): { about: string; sentence: string }[] {
  if (value === null) return [];
  const { ipsPerMonth } = value;
  const sentence = `An admin or a billing contact can add one IP at once, up to ${counted(ipsPerMonth, 'new IP')} in a calendar month, if an IP is free and every check passes on what our mail servers counted and what DNS says. It counts as a request that was approved automatically. For more in the same month, and where a check does not pass, you send a request, and a person decides.`;
  return [{ about: 'Adding an IP yourself', sentence }];
}
