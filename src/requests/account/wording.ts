// What the pages of an account's changes say before they are made. Pure.
import { type Day, dayOf, startOfDay } from '../../day.ts';
import { EXPORTS_FOLLOW } from '../../domains/standing/wording.ts';
import { formatMoney } from '../../money.ts';
import { capitalised, counted, listed } from '../../wording.ts';
import { type IpRequest, reference } from '../request.ts';
import type { AccountProblem } from './actions.ts';
import type { ClosingEffects, PlanEffects } from './effects.ts';

export const PROBLEMS: Readonly<Record<AccountProblem, string>> = {
  'not-found': 'This customer is no longer here.',
  changed:
    'Somebody changed this customer since you opened the page. This is the current state; look again before you go on.',
  own: 'Nobody decides about their own account. Ask a colleague.',
  'not-open': 'That is no longer possible for this customer.',
  same: 'Nothing has changed.',
};

const isoDay = (day: Day): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

/** What another plan, region or name would bring about. */
export function planWords(
  { prices, requotes }: PlanEffects,
  before: { readonly plan: string; readonly region: string | null },
  after: { readonly plan: string; readonly region: string | null },
): string[] {
  const ips = prices.map(({ allocation, monthlyCents, fromDay }) => {
    const price = `${formatMoney(monthlyCents, allocation.currency)} a month`;
    return fromDay === null
      ? `${allocation.address} costs ${price} from now on, instead of ${formatMoney(allocation.monthlyCents, allocation.currency)}.`
      : `${allocation.address} is charged at ${price} from ${isoDay(fromDay)}; the customer gets a mail now.`;
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
export const suspensionWords = ({ requests, domains, ips }: ClosingEffects): string[] => [
  `Mail from ${domains.length === 0 ? 'its domains' : listed(domains.slice(0, 5))} is refused at once.`,
  EXPORTS_FOLLOW,
  `${capitalised(counted(ips.length, 'dedicated IP'))} ${isAre(ips.length)} kept, and charged as before.`,
  requests.length === 0
    ? 'Nothing new can be requested.'
    : `${capitalised(counted(requests.length, 'open request'))} ${isAre(requests.length)} kept but cannot be approved, and nothing new can be requested.`,
  'Its people can still sign in and read. Its admins and billing contacts are mailed your reason.',
];

/** What closing would bring about. */
export function closingWords(
  { requests, domains, ips, release, people }: ClosingEffects,
  named: (id: IpRequest['id']) => string,
): string[] {
  const monthly = ips.reduce((sum, ip) => sum + ip.monthlyCents, 0);
  return [
    ips.length === 0
      ? 'It has no dedicated IP to give back.'
      : `IPs: ${listed(ips.map(({ address }) => address))} ${isAre(ips.length)} given back. No new mail goes over ${ips.length === 1 ? 'it' : 'them'}; what is queued may leave until ${isoDay(dayOf(release.drainsUntil))}, and from ${isoDay(dayOf(release.restsUntil))} somebody else may get ${ips.length === 1 ? 'it' : 'them'}.`,
    domains.length === 0
      ? 'It has no domain.'
      : `Domains: mail from ${listed(domains.slice(0, 5))}${domains.length > 5 ? ` and ${domains.length - 5} more` : ''} is refused at once.`,
    requests.length === 0
      ? 'It has no open request.'
      : `Requests: ${listed(requests.map(({ id }) => named(id)))} ${isAre(requests.length)} withdrawn.`,
    `Mails: its admins and billing contacts are mailed your reason; it is the last mail that goes to its ${counted(people, 'person').replace('persons', 'people')}.`,
    monthly === 0
      ? 'Charges: none run.'
      : `Charges: ${formatMoney(monthly, ips[0]?.currency ?? 'USD')} a month end today; ${isoDay(release.lastDay)} (UTC) is the last day charged.`,
    `Its people can no longer sign in. Its history stays, and you can reopen it${ips.length === 0 ? '' : ', but not get its IPs back'}.`,
  ];
}
