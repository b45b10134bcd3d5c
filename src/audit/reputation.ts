// What is recorded about reputation, and how the history tells it: tiers of the shared pools, and daily limits. Pure.
import { startOfDay } from '../day.ts';
import { counted, grouped } from '../wording.ts';

/** `before`, `after`: tiers of the shared pools, 1 the best. `why`: a sentence with the numbers. */
type TierMove = { domain: string; before: number; after: number; why: string };

export type ReputationFacts = {
  /** C-02, S-01: what the nightly job did with a domain on the shared pools. */
  'domain.warned': { domain: string; why: string };
  'domain.unwarned': { domain: string };
  'domain.reported': { domain: string; why: string };
  'domain.lowered': TierMove;
  'domain.raised': TierMove;
  /** Staff put it in a tier, where it stays until the end of the UTC day `until`. */
  'domain.placed': { domain: string; before: number; after: number; until: number };
  /** S-02: its reputation fell to a lower step, which limits it to `perDay` messages a day over shared pools. */
  'account.limited': { score: number; perDay: number };
  'account.limitNear': { sent: number; perDay: number };
};

const isoDay = (day: number): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

export const reputationSentences: {
  readonly [Name in keyof ReputationFacts]: (facts: ReputationFacts[Name]) => string;
} = {
  'domain.warned': ({ domain, why }) => `warned that ${domain} harms its shared pool. ${why}`,
  'domain.unwarned': ({ domain }) => `ended the warning about ${domain}: its rates are within the limits`,
  'domain.reported': ({ domain, why }) =>
    `reported that ${domain} is still over the limits of the transactional pool. ${why}`,
  'domain.lowered': ({ domain, after, why }) => `moved ${domain} down to tier ${after} of the shared pools. ${why}`,
  'domain.raised': ({ domain, after, why }) => `moved ${domain} up to tier ${after} of the shared pools. ${why}`,
  'domain.placed': ({ domain, after, until }) =>
    `put ${domain} in tier ${after} of the shared pools until the end of ${isoDay(until)}`,
  'account.limited': ({ score, perDay }) =>
    `limited the account to ${counted(perDay, 'message')} a day over shared IPs: its reputation score is ${score} out of 100`,
  'account.limitNear': ({ sent, perDay }) =>
    `warned that ${grouped(sent)} of the day’s ${counted(perDay, 'message')} over shared IPs had been sent`,
};
