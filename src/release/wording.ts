// What pages and mails say of giving IPs back. Pure.
import { ROUTE_WORDS } from '../domains/domain.ts';
import { chargedLater } from '../ips/allocation.ts';
import type { Requote } from '../requests/account/effects.ts';
import { reference } from '../requests/request.ts';
import type { ViewHelpers } from '../web/view-helpers.ts';
import { listed } from '../wording.ts';
import type { Move, ReleaseEffects, ReleaseProblem } from './effects.ts';

/** A domain, and what carries its mail from now on, in words. */
export type MoveWords = { readonly domain: string; readonly over: string };

export const movesIn = (moves: readonly Move[]): MoveWords[] =>
  moves.map(({ domain, to, others }) => ({ domain: domain.name, over: overWords(to, others) }));

const overWords = (to: Move['to'], others: readonly string[]): string =>
  to === 'dedicated'
    ? `the other ${others.length === 1 ? 'dedicated IP' : 'dedicated IPs'} ${listed([...others])}`
    : `the ${ROUTE_WORDS[to].title.toLowerCase()}`;

/** A sentence of what follows, or one with a part that is stressed. */
export type Effect = string | { readonly strong: string; readonly after: string };

/** What follows from giving IPs back, a sentence each, as their reader has times. */
export function releaseWords(effects: ReleaseEffects, requotes: readonly Requote[], h: ViewHelpers): Effect[] {
  const { given, moves, cheaper, drainsUntil, restsUntil } = effects;
  const addresses = listed(given.map(({ allocation }) => allocation.address));
  const one = given.length === 1;
  return [
    ...(moves.length === 0 ? [`No domain uses ${one ? 'it' : 'them'}, so no mail moves.`] : movesIn(moves).map(moved)),
    `What our mail servers have queued for ${addresses} already may still leave over ${one ? 'it' : 'them'} until ${h.date(drainsUntil)}. Nothing new does.`,
    ...warmupWords(effects),
    ...chargeWords(effects, h),
    ...cheaper.map(
      ({ allocation }) =>
        `${allocation.address} is included in the plan from now on, instead of ${h.money(allocation.monthlyCents, allocation.currency)} a month.`,
    ),
    ...requotes.filter((one) => one.monthlyCents < one.beforeCents).map((one) => requoted(one, h)),
    {
      strong: 'It cannot be undone:',
      after: ` ${one ? 'the IP rests' : 'the IPs rest'} until ${h.date(restsUntil)}, then somebody else may get ${one ? 'it' : 'them'}.`,
    },
    'What was sent over it stays in the reports, and what happened in the history.',
    'Admins, billing contacts and the person who asked for the IP get a mail.',
  ];
}

const moved = ({ domain, over }: MoveWords): string => `Mail of ${domain} goes over ${over} at once.`;

function warmupWords({ given }: ReleaseEffects): string[] {
  return given.flatMap(({ warmup }) => {
    if (warmup === null || warmup.status === 'ended') return [];
    const { status, stage, plan, address } = warmup;
    if (status === 'planned') return [`The warm-up of ${address} does not begin.`];
    if (status === 'complete') return [`Receivers know ${address}: a new IP would have to be warmed up again.`];
    return [`The warm-up of ${address} ends at stage ${stage} of ${plan.caps.length}.`];
  });
}

/** C-09: an open request gets the place that the plan includes. */
const requoted = ({ request, beforeCents, monthlyCents, currency }: Requote, h: ViewHelpers): string =>
  `${reference(request.id)} is still open and becomes cheaper: ${h.money(monthlyCents, currency)} a month instead of ${h.money(beforeCents, currency)}.`;

/** What is charged last, IP by IP. */
export function chargeWords({ given, lastDay }: ReleaseEffects, h: ViewHelpers): string[] {
  const day = `${h.day(lastDay)} (UTC)`;
  return given.map(({ allocation }) => {
    const { address, monthlyCents, currency } = allocation;
    if (monthlyCents === 0) return `${address} is included in the plan, so no charge ends.`;
    const first = chargedLater(allocation, lastDay);
    if (first !== null)
      return `${address} is never charged: its first charge would have been for ${h.day(first)} (UTC).`;
    return `The last day for which ${address} is charged is today, ${day}; it costs ${h.money(monthlyCents, currency)} a month.`;
  });
}

export const RELEASE_PROBLEMS: Readonly<Record<Exclude<ReleaseProblem, 'not-found' | 'reason-missing'>, string>> = {
  changed: 'What would follow has changed since you opened this page. Look at it again before you go on.',
  'not-open': 'It was given back already.',
  'not-yours': 'Only admins and billing contacts of the account may give it back.',
  'own-account': 'The IP belongs to your own account; another member of staff has to decide.',
};
