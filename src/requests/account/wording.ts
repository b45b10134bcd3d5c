// What the pages of an account's changes say before they are made. Pure.
import { EXPORTS_FOLLOW } from '../../domains/standing/wording.ts';
import { chargedLater } from '../../ips/allocation.ts';
import { formatMoney } from '../../money.ts';
import type { ViewHelpers } from '../../web/view-helpers.ts';
import { capitalised, counted, listed } from '../../wording.ts';
import { reference } from '../request.ts';
import type { AccountProblem } from './actions.ts';
import type { ClosingEffects, PlanEffects } from './effects.ts';

export const PROBLEMS: Readonly<Record<AccountProblem, string>> = {
  'not-found': 'This customer is no longer here.',
  changed:
    'Somebody changed this customer since you opened the page. This is the current state; look again before you go on.',
  own: 'Nobody decides about their own account. Ask a colleague.',
  'not-open': 'That is no longer possible for this customer.',
  same: 'Nothing has changed.',
  fixed: 'A subuser keeps the region that it was created with, and is on the plan of its parent.',
  'has-subusers': 'It has subusers that are not closed. Close them first.',
  'parent-closed': 'It is a subuser of a closed account. Reopen that one first.',
};

type Terms = { readonly plan: string; readonly region: string | null };

/** What another plan, region or name would bring about, as its reader has times. */
export function planWords(
  { prices, requotes }: PlanEffects,
  before: Terms,
  after: Terms,
  h: Pick<ViewHelpers, 'day'>,
): string[] {
  const ips = prices.map(({ allocation, monthlyCents, fromDay }) => {
    const price = `${formatMoney(monthlyCents, allocation.currency)} a month`;
    return fromDay === null
      ? `${allocation.address} costs ${price} from now on, instead of ${formatMoney(allocation.monthlyCents, allocation.currency)}.`
      : `${allocation.address} is charged at ${price} from ${h.day(fromDay)} (UTC); the customer gets a mail now.`;
  });
  const requests = requotes.map(
    ({ request, beforeCents, monthlyCents, currency, isBack }) =>
      `${reference(request.id)} costs ${formatMoney(monthlyCents, currency)} a month instead of ${formatMoney(beforeCents, currency)}${isBack ? ', so it goes back to the reviewers' : ''}.`,
  );
  const region =
    before.region === after.region
      ? []
      : [
          'The region holds for mail that is sent and IPs that are approved from now on. IPs in another region stay, but carry its mail only where the region allows it.',
        ];
  const none = before.plan !== after.plan && ips.length + requests.length === 0;
  return [
    ...ips,
    ...requests,
    ...(none ? ['No price of an IP or of an open request changes.'] : []),
    ...region,
    'No IP is taken away.',
    'The customer’s admins and billing contacts get a mail.',
  ];
}

const isAre = (count: number): string => (count === 1 ? 'is' : 'are');

/** What suspending would bring about. */
export const suspensionWords = ({ requests, domains, ips, subusers }: ClosingEffects): string[] => [
  `Mail from ${domains.length === 0 ? 'its domains' : listed(domains.slice(0, 5))} is refused at once.`,
  ...(subusers.length === 0 ? [] : [`So is the mail of its subusers: ${listed([...subusers])}.`]),
  EXPORTS_FOLLOW,
  `${capitalised(counted(ips.length, 'dedicated IP'))} ${isAre(ips.length)} kept, and charged as before.`,
  requests.length === 0
    ? 'Nothing new can be requested.'
    : `${capitalised(counted(requests.length, 'open request'))} ${isAre(requests.length)} kept but cannot be approved, and nothing new can be requested.`,
  'Its people can still sign in and read. Its admins and billing contacts are mailed your reason.',
];

/** What ends of an account's charges, and which of its IPs were never charged. */
function chargesWords({ ips, release }: ClosingEffects, h: Pick<ViewHelpers, 'day'>): string {
  const later = ips.filter((ip) => chargedLater(ip, release.lastDay) !== null);
  const monthly = ips.reduce((sum, ip) => sum + (later.includes(ip) ? 0 : ip.monthlyCents), 0);
  const never =
    later.length === 0 ? '' : ` ${listed(later.map(({ address }) => address))} ${isAre(later.length)} never charged.`;
  if (monthly === 0) return `Charges: there are none.${never}`;
  const price = formatMoney(monthly, ips[0]?.currency ?? 'USD');
  return `Charges: ${price} a month ends today; ${h.day(release.lastDay)} (UTC) is the last day charged.${never}`;
}

/** What closing would bring about, as its reader has times. */
export function closingWords(effects: ClosingEffects, h: Pick<ViewHelpers, 'day' | 'date'>): string[] {
  const { requests, domains, ips, release, people, subusers } = effects;
  return [
    ...(subusers.length === 0
      ? []
      : [`Subusers: ${listed([...subusers])} ${isAre(subusers.length)} to be closed first.`]),
    ips.length === 0
      ? 'It has no dedicated IP to give back.'
      : `IPs: ${listed(ips.map(({ address }) => address))} ${isAre(ips.length)} given back. No new mail goes over ${ips.length === 1 ? 'it' : 'them'}; what is queued may leave until ${h.date(release.drainsUntil)}, and from ${h.date(release.restsUntil)} somebody else may get ${ips.length === 1 ? 'it' : 'them'}.`,
    domains.length === 0
      ? 'It has no domain.'
      : `Domains: mail from ${listed(domains.slice(0, 5))}${domains.length > 5 ? ` and ${domains.length - 5} more` : ''} is refused at once.`,
    requests.length === 0
      ? 'It has no open request.'
      : `Requests: ${listed(requests.map(({ id }) => reference(id)))} ${isAre(requests.length)} withdrawn.`,
    `Mails: its admins and billing contacts are mailed your reason; it is the last mail that goes to its ${counted(people, 'person').replace('persons', 'people')}.`,
    chargesWords(effects, h),
    `Its people can no longer sign in. Its history stays, and you can reopen it${ips.length === 0 ? '' : ', but not get its IPs back'}.`,
  ];
}
