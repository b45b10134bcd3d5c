// A sending domain and what its mail may go over.
import type { SendingRoute, Stream, SubuserFacts } from '../policy/checks/facts.ts';

/** What a domain proves by records in DNS. */
export const PROOF_KINDS = ['spf', 'dkim', 'dmarc'] as const;
export type ProofKind = (typeof PROOF_KINDS)[number];

export type Domain = {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly usage: Stream;
  /** What is selected on its Mail Servers page (C-18). */
  readonly route: SendingRoute;
  /** The shared pool that it is on, or that it came from when it got dedicated IPs. */
  readonly sharedPool: 'default' | 'transactional';
  readonly spf: boolean;
  readonly dkim: boolean;
  readonly dmarc: boolean;
  /** Those of the proofs it lacks whose record is there but not right; the others that it lacks are missing. */
  readonly wrong: readonly ProofKind[];
  /** The DKIM selectors that its owner gave; null: those of the provider. */
  readonly selectors: readonly string[] | null;
  /** C-02: when staff stopped it, so that its mail is refused; null: they did not (UTC milliseconds). */
  readonly stoppedAt: number | null;
  /** When its customer asked to leave the transactional pool, while that is not decided. */
  readonly leaveAskedAt: number | null;
  /** When DNS last said all there is to say (UTC milliseconds). */
  readonly checkedAt: number | null;
  /** The subuser that has it, where it was read for that one's parent. */
  readonly subuser?: SubuserFacts;
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

export const ROUTE_WORDS: Readonly<Record<SendingRoute, { readonly title: string; readonly sentence: string }>> = {
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
      'Its mail goes over IPs that only you use. While an IP warms up, the rest goes over what carried it before.',
  },
};

export const USAGE_WORDS: Readonly<Record<Stream, string>> = {
  marketing: 'Marketing',
  transactional: 'Transactional',
  both: 'Marketing and transactional',
};

/** Why a route cannot be asked for, or that it can. */
export type RouteOption = { readonly inForce: boolean; readonly mayRequest: boolean; readonly whyNot: string | null };
export type MailServers = Readonly<Record<SendingRoute, RouteOption>>;

/** What the Mail Servers page offers for each route: C-18 which is in force, C-04 who may ask for the pool. */
export function mailServers({ name, route, usage }: Pick<Domain, 'name' | 'route' | 'usage'>): MailServers {
  const isSeparate = usage === 'transactional';
  return {
    default: { inForce: route === 'default', mayRequest: false, whyNot: null },
    transactional: {
      inForce: route === 'transactional',
      mayRequest: isSeparate && route !== 'transactional',
      whyNot: isSeparate
        ? null
        : `${name} is used for ${usage === 'both' ? 'marketing mail too' : 'marketing mail'}. This pool takes only a separate domain that is used for transactional messages alone, such as receipts.${name}.`,
    },
    dedicated: { inForce: route === 'dedicated', mayRequest: true, whyNot: null },
  };
}
