// A sending domain and what its mail may go over.
import type { Route, Stream } from '../policy/facts.ts';

export type Domain = {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly usage: Stream;
  /** What is selected on its Mail Servers page (C-18). */
  readonly route: Route;
  readonly spf: boolean;
  readonly dkim: boolean;
  readonly dmarc: boolean;
  /** When DNS was last asked (UTC milliseconds). */
  readonly checkedAt: number | null;
};

/** One kind of message: campaigns and broadcasts are marketing. */
export type MessageKind = 'campaign' | 'broadcast' | 'transactional';

/**
 * Whether the domain may send this kind of message. A domain in the transactional pool sends transactional messages
 * only: its campaigns and broadcasts are refused, with the sentence to tell (C-06).
 */
export function mayCarry(
  domain: Pick<Domain, 'name' | 'route'>,
  kind: MessageKind,
): { ok: true } | { ok: false; sentence: string } {
  if (domain.route !== 'transactional' || kind === 'transactional') return { ok: true };
  const sentence = `${domain.name} is in the transactional pool, so it cannot send ${kind}s. Send them from another domain.`;
  return { ok: false, sentence };
}

export const ROUTE_WORDS: Readonly<Record<Route, { readonly title: string; readonly sentence: string }>> = {
  default: {
    title: 'Default shared pool',
    sentence:
      'Its mail goes over IPs that many customers share. Every new domain starts here; nothing needs to be asked for.',
  },
  transactional: {
    title: 'Transactional shared pool',
    sentence:
      'Its mail goes over the stricter shared pool for transactional messages. Campaigns and broadcasts from it are refused.',
  },
  dedicated: {
    title: 'Dedicated IPs',
    sentence:
      'Its mail goes over IPs that nobody but you uses. While an IP warms up, the rest still goes over the shared pool.',
  },
};

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`);

/** Whether `name` is a plain lower-case domain name, in its ASCII form. */
export const isDomainName = (name: string): boolean => name.length <= 253 && DOMAIN.test(name);
