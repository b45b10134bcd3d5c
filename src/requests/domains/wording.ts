// What removing a domain means, before it is done. Pure.
import { type Domain, ROUTE_WORDS } from '../../domains/domain.ts';
import { listed } from '../../wording.ts';
import { reference } from '../request.ts';
import type { Ties } from './actions.ts';

export const removalWords = ({ name, route }: Pick<Domain, 'name' | 'route'>): string[] => [
  `Mail from ${name} is refused from now on.`,
  ...(route === 'transactional' ? [`It leaves the ${ROUTE_WORDS.transactional.title.toLowerCase()}.`] : []),
  'What it sent so far stays in your reports and in the history.',
  'Its name is free: anyone who proves it by a record in DNS can add it, you too.',
];

/** Why the domain cannot be removed yet, and what to do about it; null where nothing keeps it. */
export function tiesWords({ ips, requests }: Ties): string | null {
  const open = listed([...requests.map(reference)]);
  if (requests.length > 0) return `${open} is open and about this domain. Withdraw it, or wait for its decision.`;
  if (ips.length > 0)
    return `Its mail goes over ${listed([...ips])}. Let other domains use ${ips.length === 1 ? 'it' : 'them'} instead, or give ${ips.length === 1 ? 'it' : 'them'} back first.`;
  return null;
}
