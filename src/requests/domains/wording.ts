// What removing a domain, or using it for other mail, means, before it is done. Pure.
import { type Domain, ROUTE_WORDS } from '../../domains/domain.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { listed } from '../../wording.ts';
import { reference } from '../request.ts';
import type { Ties, UseProblem } from './actions.ts';
import type { OpenRequest } from './store.ts';

export const removalWords = ({ name, route, stoppedAt }: Pick<Domain, 'name' | 'route' | 'stoppedAt'>): string[] => [
  `Mail from ${name} is refused from now on.`,
  ...(route === 'transactional' ? [`It leaves the ${ROUTE_WORDS.transactional.title.toLowerCase()}.`] : []),
  'What it sent so far stays in your reports and in the history.',
  ...(stoppedAt === null ? [] : ['Once somebody adds it again, it is no longer stopped.']),
  'Its name is free: anyone who proves it by a record in DNS can add it, you too.',
];

/** Why people of its own account cannot remove a domain that is stopped (C-02). */
export const stoppedWords = ({ name }: Pick<Domain, 'name'>): string =>
  `${name} is stopped. Only our staff can remove it, or let it send again.`;

/** Why the domain cannot be removed yet, and what to do about it; null where nothing keeps it. */
export function tiesWords({ ips, requests }: Ties): string | null {
  const own = requests.filter(({ isParents }) => !isParents).map(({ id }) => reference(id));
  if (own.length > 0) return `${listed(own)} is open and about this domain. Withdraw it, or wait for its decision.`;
  if (requests.length > 0)
    return 'The parent account asked for IPs for this domain. Have it leave the domain out or withdraw the request, or wait for the decision.';
  if (ips.length > 0)
    return `Its mail goes over ${listed([...ips])}. Let other domains use ${ips.length === 1 ? 'it' : 'them'} instead, or give ${ips.length === 1 ? 'it' : 'them'} back first.`;
  return null;
}

/** What follows where the domain is used for `to`, for its routes and for what is asked for it. */
export function useWords(
  { usage, route, sharedPool }: Pick<Domain, 'usage' | 'route' | 'sharedPool'>,
  to: Stream,
  open: readonly OpenRequest[],
): string {
  if (to === usage) return 'As it is now.';
  const isSeparate = to === 'transactional';
  const stream = (of: Stream) => (of === 'transactional' ? 'transactional' : 'marketing');
  const pool = open.filter(({ kind }) => kind === 'transactional_pool').map(({ id }) => reference(id));
  const ips = open
    .filter(({ kind }) => kind === 'dedicated_ip')
    .map(({ id, isParents }) => (isParents ? 'The request of the parent account' : reference(id)));
  const falls =
    sharedPool === 'transactional' && 'Transactional messages that they do not carry go over the default shared pool.';
  const blocked = `${listed(pool)} ${pool.length === 1 ? 'asks' : 'ask'} for the transactional pool and cannot be approved then.`;
  return [
    isSeparate && 'It can ask for the transactional pool.',
    !isSeparate && usage === 'transactional' && 'It can no longer ask for the transactional pool.',
    !isSeparate && pool.length > 0 && blocked,
    ips.length > 0 && `${listed(ips)} ${ips.length === 1 ? 'is' : 'are'} checked again with this use.`,
    stream(to) !== stream(usage) && `Mail that does not say what it is counts as ${stream(to)}.`,
    `Its mail goes over the ${ROUTE_WORDS[route].title.toLowerCase().replace('ips', 'IPs')} as before.`,
    !isSeparate && route === 'dedicated' && falls,
  ]
    .filter((sentence) => sentence !== false)
    .join(' ');
}

/** Why the use cannot be changed yet; null where it can. */
export const useBar = ({ name, route }: Pick<Domain, 'name' | 'route'>): string | null =>
  route === 'transactional'
    ? `${name} is in the transactional pool, which takes transactional mail alone. It has to leave the pool first.`
    : null;

export const USE_PROBLEMS: Readonly<Record<Exclude<UseProblem, 'not-found'>, string>> = {
  changed: 'Somebody changed what this domain is used for since you opened the page. Look at it again.',
  same: 'It is used for this already. Choose another use, or leave it.',
  'in-pool': 'It is in the transactional pool, which takes transactional mail alone. It has to leave the pool first.',
};
