// Which part of a sender's mail of today is for a warming IP. Pure.

/** Of the mail that is expected, the part that even a thin day brings: a cap is filled on such a day too. */
const THIN_DAY = 0.6;
/** Standard deviations that are allowed for where messages are drawn by their hash: one day in some hundreds draws fewer. */
const SAFE_DEVIATIONS = 3;
/** From this part of the day on, what some providers do not use is freed for the others, all of it after `FREEING` more. */
const FREED_FROM = 0.5;
const FREEING = 0.25;

/** Messages to draw for `cap` of them to come, nearly always. */
const withChance = (cap: number): number => cap + SAFE_DEVIATIONS * Math.sqrt(cap);

/**
 * The share of today's mail, from 0 to 1, that is for an IP that may carry `cap` messages, where `expected` messages
 * are expected from its domains: enough that a day with 0.6 of what is expected still fills the cap, and three standard
 * deviations of drawing messages by their hash. What comes once the cap is spent goes over the fallback.
 */
export const shareOf = (cap: number, expected: number): number =>
  expected <= 0 ? 1 : Math.min(1, withChance(cap) / (THIN_DAY * expected));

/** How a day's mail comes: recipients of a message, hours with mail, and what each hour may carry; null: what the day may (S-20). */
export type Coming = { readonly recipients: number; readonly hours: number; readonly hourCap: number | null };
const EVENLY: Coming = { recipients: 1, hours: 24, hourCap: null };

/** How a day is going: messages that came of those expected, what is left of the cap, and the part of the day that is over. */
export type SoFar = {
  readonly expected: number;
  readonly seen: number;
  readonly left: number;
  readonly elapsed: number;
};

/**
 * The share in the midst of a day, never below that of its beginning: what is left of the cap, as a part of what the day
 * still brings if it stays at 0.6 of what is expected and, from noon on, comes evenly until midnight. So it rises where the
 * day falls short, and once that much has come, all that comes is for the IP until its cap is spent.
 */
export function shareNow(cap: number, { expected, seen, left, elapsed }: SoFar): number {
  const least = THIN_DAY * expected;
  const further = Math.min(least - seen, 2 * least * (1 - elapsed));
  if (further <= 0) return 1;
  return Math.min(1, Math.max(shareOf(cap, expected), withChance(left) / further));
}

/** The hour (UTC) from which on a day's mail comes, where it takes `hours` of them: the morning, as far as they fit. */
const beginsAt = (hours: number): number => Math.min(8, 24 - hours);

/**
 * Messages that go over an IP of `mail` messages on a day, evenly through its hours, by the share that those who route
 * go by: never more than its cap, nor than an hour's, nor a part of a message to several recipients.
 */
export function carriedOf(cap: number, expected: number, mail: number, coming: Coming = EVENLY): number {
  const { recipients, hours, hourCap } = coming;
  const whole = (count: number): number => Math.floor(Math.min(mail, count) / recipients) * recipients;
  if (hourCap === null && shareOf(cap, expected) * mail >= cap) return whole(cap);
  let carried = 0;
  for (let nth = 0; nth < hours && carried < cap; nth += 1) {
    const elapsed = (beginsAt(hours) + nth) / 24;
    const share = shareNow(cap, { expected, seen: (mail * nth) / hours, left: cap - carried, elapsed });
    carried += Math.min(cap - carried, hourCap ?? cap, (share * mail) / hours);
  }
  return whole(Math.round(carried));
}

/**
 * Messages of a cap that are for a mailbox provider which usually gets `part` of the mail, from 0 to 1, so that an IP
 * shows each of them its mail also where a mailing is sorted by them: a standard deviation is allowed for. From noon
 * (UTC) on what others do not use is freed, all of it at six.
 */
export function quotaOf(cap: number, part: number, elapsed: number): number {
  const own = cap * part + Math.sqrt(cap * part) + 1;
  const freed = Math.min(1, Math.max(0, (elapsed - FREED_FROM) / FREEING));
  return Math.min(cap, Math.ceil(own + freed * Math.max(0, cap - own)));
}
