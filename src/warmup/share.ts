// Which part of a sender's mail of today is for a warming IP. Pure.

/**
 * The share of today's mail, from 0 to 1, that is for an IP that may carry `cap` messages, where `expected` messages
 * are expected from its domains: enough that a day with 0.6 of what is expected still fills the cap, and three standard
 * deviations of drawing messages by their hash. What comes once the cap is spent goes the other way.
 */
export const shareOf = (cap: number, expected: number): number =>
  expected <= 0 ? 1 : Math.min(1, (cap + 3 * Math.sqrt(cap)) / (0.6 * expected));

/** How a day's mail comes: recipients of a message, hours with mail, and whether the cap is one of each hour (S-20). */
export type Coming = { readonly recipients: number; readonly hours: number; readonly isHourly: boolean };
const EVENLY: Coming = { recipients: 1, hours: 24, isHourly: false };

/**
 * Messages that go over an IP of `mail` messages on a day by that share: never more than its cap, nor a part of a
 * message to several recipients; by the hour where the schedule limits hours.
 */
export function carriedOf(cap: number, expected: number, mail: number, coming: Coming = EVENLY): number {
  const { recipients, hours, isHourly } = coming;
  const most = isHourly ? Math.min(cap, Math.ceil(cap / 24) * hours) : cap;
  const asked = Math.round((shareOf(most, expected) * mail) / recipients) * recipients;
  return Math.min(mail, asked <= most ? asked : Math.floor(most / recipients) * recipients);
}
