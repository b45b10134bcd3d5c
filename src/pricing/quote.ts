import { dayLength } from '../day.ts';
import { formatMoney } from '../money.ts';
import { type Policy, planOf } from '../policy/document/policy.ts';
import { counted, inWords, ordinal } from '../wording.ts';

export type QuoteLine = {
  /** 3: the account's third IP. */
  ordinal: number;
  /** 'third of three included', 'fourth IP, beyond the three included'. */
  label: string;
  cents: number;
};

/** What a request would add to the account's bill each month, dated. */
export type Quote = {
  ipCount: number;
  allocatedCount: number;
  /** How many of `ipCount` the plan includes. */
  includedCount: number;
  unitCents: number;
  monthlyCents: number;
  currency: string;
  madeAt: number;
  validUntil: number;
  lines: QuoteLine[];
  sentence: string;
};

/** `ipCount` further IPs for an account on the plan `planKey` that has `allocatedCount`. */
export type Wanted = { readonly planKey: string; readonly allocatedCount: number; readonly ipCount: number };

/**
 * Prices further IPs at the instant `at`.
 * C-09, S-08: the plan's included IPs cost nothing. C-10, S-10: every other one has a monthly price.
 * A plan that the policy does not know includes none.
 */
export const quote = (policy: Policy, { planKey, allocatedCount, ipCount }: Wanted, at: number): Quote => {
  const plan = planOf(policy, planKey);
  const included = plan?.includedIps.value ?? 0;
  const unitCents = policy.extraIpMonthlyCents.value;
  const lines = Array.from({ length: ipCount }, (_, i) => line(allocatedCount + i + 1, included, unitCents));
  const includedCount = lines.filter((each) => each.ordinal <= included).length;
  return {
    ipCount,
    allocatedCount,
    includedCount,
    unitCents,
    monthlyCents: lines.reduce((sum, each) => sum + each.cents, 0),
    currency: policy.currency,
    madeAt: at,
    validUntil: at + policy.quoteValidDays.value * dayLength,
    lines,
    sentence: sentence(plan?.name ?? planKey, included, lines, formatMoney(unitCents, policy.currency)),
  };
};

const line = (nth: number, included: number, unitCents: number): QuoteLine =>
  nth <= included
    ? {
        ordinal: nth,
        label: included === 1 ? 'the one included' : `${ordinal(nth)} of ${inWords(included)} included`,
        cents: 0,
      }
    : { ordinal: nth, label: `${ordinal(nth)} IP, ${beyond(included)}`, cents: unitCents };

const beyond = (included: number): string =>
  included === 0 ? 'none included' : `beyond the ${inWords(included)} included`;

const sentence = (plan: string, included: number, lines: QuoteLine[], price: string): string => {
  const free = lines.filter((each) => each.ordinal <= included).length;
  const paid = lines.length - free;
  const cost = paid > 1 ? `each costs ${price} a month` : `this one costs ${price} a month`;
  if (included === 0) return `Your ${plan} plan includes no dedicated IPs; ${cost}.`;
  const includes = `Your ${plan} plan includes ${counted(included, 'IP')}; ${which(lines)}`;
  if (free === 0) return `${includes}, at ${price} a month${paid > 1 ? ' each' : ''}.`;
  if (paid > 0)
    return `${includes}: ${inWords(free)} included, ${inWords(paid)} at ${price} a month${paid > 1 ? ' each' : ''}.`;
  const next = lines.at(-1)?.ordinal === included ? 'Another' : `${article(included + 1)} ${ordinal(included + 1)}`;
  return `${includes}. ${next} would be ${price} a month.`;
};

const article = (n: number): string => (n === 8 || n === 11 || n === 18 ? 'An' : 'A');

const which = (lines: QuoteLine[]): string => {
  const [first, last] = [lines[0]?.ordinal ?? 0, lines.at(-1)?.ordinal ?? 0];
  if (lines.length === 1) return `this is the ${ordinal(first)}`;
  return `these are the ${ordinal(first)} ${lines.length === 2 ? 'and' : 'to'} ${ordinal(last)}`;
};
