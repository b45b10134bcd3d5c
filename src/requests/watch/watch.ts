// Waiting until a request could be sent with all checks passed. Pure.
import { type FormResult, readForm } from '../../form.ts';
import type { Prospect } from '../qualifying/prospect.ts';
import { type Kind, kinds } from '../request.ts';

/** What is waited for. `domainId`: the one that would join the transactional pool; null for dedicated IPs. */
export type Watched = { readonly kind: Kind; readonly domainId: number | null };

/** How often it is looked whether the checks pass (milliseconds): what is measured changes by the day, DNS by the hour. */
export const LOOK_EVERY_MS = 60 * 60_000;

/** The address of the form that asks for it, which fills in what is measured. */
export const formOf = ({ kind, domainId }: Watched): string =>
  kind === 'dedicated_ip' ? '/requests/new/dedicated-ips' : `/requests/new/transactional-pool?domain=${domainId}`;

/**
 * Whether all checks pass. S-11: that the person themselves may not commit to a cost is left out, as a colleague can
 * send it; `needsColleague` says so.
 */
export function reached({ findings }: Prospect): { readonly isReached: boolean; readonly needsColleague: boolean } {
  const others = findings.filter(({ check }) => check !== 'may-commit');
  const isReached = others.every(({ verdict }) => verdict === 'passes');
  return {
    isReached,
    needsColleague: findings.some(({ check, verdict }) => check === 'may-commit' && verdict !== 'passes'),
  };
}

/** Reads what a button names. */
export function readWatched(body: unknown): FormResult<Watched> {
  const form = readForm(body);
  const kind = form.choice('kind', { label: 'what you wait for', among: kinds });
  const [domainId = null] = kind === 'transactional_pool' ? form.ids('domain', { label: 'Domain' }) : [];
  return form.result(() => ({ kind: kind ?? 'dedicated_ip', domainId }));
}
