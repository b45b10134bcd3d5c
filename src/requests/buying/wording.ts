// What is said to somebody who adds an IP at once: what happens and when, and what it costs this month. Pure.
import { centsOf, lastDayOf, monthOf } from '../../charges/ledger.ts';
import { type Day, startOfDay } from '../../day.ts';
import { formatMoney } from '../../money.ts';
import { regionNames } from '../../policy/checks/dedicated.ts';
import type { Quote } from '../../pricing/quote.ts';
import type { PlannedWarmup } from '../../warmup/plan.ts';
import { counted, grouped, listed } from '../../wording.ts';
import type { Evidence } from '../evidence/gather.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' });
const dateOf = (day: Day): string => DATE.format(startOfDay(day));

/** What an IP costs until the end of the month of its first day `from`: cents, and the days that are charged. */
export type Prorated = { readonly from: Day; readonly to: Day; readonly cents: number };

/** S-10: the first month's part of a monthly price, by the day as the ledger counts it. */
export function prorated({ monthlyCents }: Pick<Quote, 'monthlyCents'>, from: Day): Prorated {
  const to = lastDayOf(monthOf(from));
  return { from, to, cents: centsOf(monthlyCents, from, to) };
}

/** The price in one sentence: included, or this month's part and each month from then on. */
export function priceInWords({ monthlyCents, currency }: Quote, { from, to, cents }: Prorated): string {
  if (monthlyCents === 0) return 'It is included in your plan and costs nothing.';
  const days = to - from + 1;
  const whole = formatMoney(monthlyCents, currency);
  return `From ${dateOf(from)} on: ${formatMoney(cents, currency)} for the ${days === 1 ? 'last day' : `last ${counted(days, 'day')}`} of ${MONTH.format(startOfDay(from))}, then ${whole} a month. Each day is charged by itself, so the day on which you give it back is the last.`;
}

/** From when on an IP costs something: its warm-up's first day, or `today` (UTC) without one. */
export const chargedFrom = (forecast: PlannedWarmup | null, today: Day): Day => forecast?.startsOn ?? today;

/** What happens, and when, in sentences. */
export function stepsOf({ facts, forecast, domains }: Evidence): string[] {
  if (facts.kind !== 'dedicated_ip') return [];
  const names = listed(domains.map(({ name }) => name));
  return [
    `At once: a free IP in ${regionNames[facts.asked.region]} is yours, and ${names} ${domains.length === 1 ? 'sends' : 'send'} over it.`,
    ...(forecast === null ? WITHOUT_WARMUP : warming(forecast)),
    'The admins and billing contacts of your account get a mail with its address.',
    'Nobody has to decide. You can give the IP back on any day.',
  ];
}

const WITHOUT_WARMUP = [
  'All of this mail may go over it at once, and nothing limits it: you raise your volume step by step yourself.',
];

function warming({ startsOn, finishesOn, caps, targetPerDay }: PlannedWarmup): string[] {
  return [
    `${dateOf(startsOn)}: warm-up begins, with up to ${grouped(caps[0] ?? targetPerDay)} messages a day. What is above the day’s limit goes over your other warm IPs or the shared pool.`,
    `About ${dateOf(finishesOn)}: warm-up is complete, and the IP carries up to ${grouped(targetPerDay)} a day.`,
  ];
}
