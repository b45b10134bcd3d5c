// What all mails about one warm-up say alike. Pure.
import type { WarmupFacts } from './facts.ts';

/** A subject that ends with the IP, and with its request where there is one. */
export const ofIp = (begun: string, { address, reference }: Pick<WarmupFacts, 'address' | 'reference'>): string =>
  `${begun} ${address}${reference === null ? '' : ` (${reference})`}`;

/** Why a customer's people are notified. */
export const whyYou = ({ account, reference }: Pick<WarmupFacts, 'account' | 'reference'>): string =>
  reference === null
    ? `You get this mail because you look after the dedicated IPs of ${account} or decide about their costs.`
    : `You get this mail because you asked for this IP for ${account} (${reference}) or decide about its costs.`;
