// Volume and rates over time and by mailbox provider, held against the policy's limits. Pure.
import { type Day, weekStart } from '../day.ts';
import type { Policy, Pool } from '../policy/document/policy.ts';
import { grouped, percent } from '../wording.ts';
import { type Counts, sumOf } from './counts.ts';

export type ProviderDay = Counts & { readonly day: Day; readonly provider: string };

/** What mail is held against: rates as shares, and the messages from which they are judged. */
export type Limits = { readonly bounce: number; readonly complaint: number; readonly minimumSample: number };

/** The limits of an account and of the default pools. */
export const limitsOf = (policy: Policy): Limits => ({
  bounce: policy.maxBounceRate.value,
  complaint: policy.maxComplaintRate.value,
  minimumSample: policy.minimumSample.value,
});

/** C-02, C-03: the transactional pool has limits of its own. */
export const poolLimits = (policy: Policy, kind: Pool['kind']): Limits =>
  kind === 'default'
    ? limitsOf(policy)
    : {
        ...limitsOf(policy),
        bounce: policy.transactionalPool.maxBounceRate.value,
        complaint: policy.transactionalPool.maxComplaintRate.value,
      };

export type Judgement = 'none' | 'too little' | 'within' | 'over';

/** The limit in millionths, so that no rounding error decides. */
export const millionths = (rate: number): number => Math.round(rate * 1e6);

const isOver = (part: number, sent: number, limit: number): boolean => part * 1e6 > millionths(limit) * sent;

export type Rated = Counts & {
  readonly judgement: Judgement;
  /** Shares of what was sent; null where nothing was. */
  readonly delivery: number | null;
  readonly deferral: number | null;
  readonly bounce: number | null;
  readonly complaint: number | null;
  readonly bounceOver: boolean;
  readonly complaintOver: boolean;
};

/** Rates of some mail, and whether they are within the limits; with too little mail nobody is judged. */
export function rated(counts: Counts, limits: Limits): Rated {
  const { sent, delivered, deferred, bounced, complained } = counts;
  const share = (part: number): number | null => (sent === 0 ? null : part / sent);
  const isEnough = sent >= limits.minimumSample;
  const bounceOver = isEnough && isOver(bounced, sent, limits.bounce);
  const complaintOver = isEnough && isOver(complained, sent, limits.complaint);
  const judgement = sent === 0 ? 'none' : !isEnough ? 'too little' : bounceOver || complaintOver ? 'over' : 'within';
  return {
    ...counts,
    judgement,
    delivery: share(delivered),
    deferral: share(deferred),
    bounce: share(bounced),
    complaint: share(complained),
    bounceOver,
    complaintOver,
  };
}

/** A rate as it is read; one above its limit never reads as the limit. */
export function rateWords(rate: number, limit: number): string {
  const plain = percent(rate);
  if (rate === limit || plain !== percent(limit)) return plain;
  return percent(rate, 4) === percent(limit, 4) ? percent(rate, 2) : percent(rate, 4);
}

/** What is said of some mail of the last 28 days: within the limits or not, and by how much. */
export function judgementWords(
  mail: Rated,
  limits: Limits,
): { tone: 'good' | 'look' | 'bad'; title: string; sentence: string } {
  const rates = `${rateWords(mail.bounce ?? 0, limits.bounce)} bounced (limit ${percent(limits.bounce, 4)}), ${rateWords(mail.complaint ?? 0, limits.complaint)} was reported as spam (limit ${percent(limits.complaint, 4)}).`;
  const sent = `${grouped(mail.sent)} messages in the last 28 days`;
  if (mail.judgement === 'none')
    return {
      tone: 'look',
      title: 'Too little mail to judge.',
      sentence: `Nothing was counted in the last 28 days; rates are judged from ${grouped(limits.minimumSample)} messages on.`,
    };
  if (mail.judgement === 'too little')
    return {
      tone: 'look',
      title: 'Too little mail to judge.',
      sentence: `There were ${sent}; rates are judged from ${grouped(limits.minimumSample)} on.`,
    };
  if (mail.judgement === 'within')
    return { tone: 'good', title: 'Within the limits.', sentence: `Of ${sent} ${rates}` };
  const what = mail.bounceOver ? (mail.complaintOver ? 'Bounces and complaints are' : 'Bounces are') : 'Complaints are';
  return { tone: 'bad', title: `${what} over the limit.`, sentence: `Of ${sent} ${rates}` };
}

export type Unit = 'week' | 'day';
const WEEKS = 12;
export const RECENT_DAYS = 28;

/** The first day that is drawn, of twelve weeks up to `today`. */
export const firstDay = (today: Day, unit: Unit): Day =>
  unit === 'week' ? weekStart(today) - 7 * (WEEKS - 1) : today - 7 * WEEKS + 1;

export type Bar = Rated & { readonly from: Day };

/** One bar for each week or day up to today, the running one last. */
export function barsOf(rows: readonly ProviderDay[], today: Day, unit: Unit, limits: Limits): Bar[] {
  const length = unit === 'week' ? 7 : 1;
  const first = firstDay(today, unit);
  const byBar = new Map<number, ProviderDay[]>();
  for (const row of rows) {
    const index = Math.floor((row.day - first) / length);
    byBar.set(index, [...(byBar.get(index) ?? []), row]);
  }
  const count = unit === 'week' ? WEEKS : 7 * WEEKS;
  return Array.from({ length: count }, (_, index) => ({
    from: first + index * length,
    ...rated(sumOf(byBar.get(index) ?? []), limits),
  }));
}

/** Mail of the last 28 complete days. */
export const recentOf = (rows: readonly ProviderDay[], today: Day): ProviderDay[] =>
  rows.filter(({ day }) => day >= today - RECENT_DAYS && day < today);

export type ProviderRow = Rated & { readonly key: string; readonly name: string };

/** Mail of the last 28 complete days by provider, the most first; those without any are left out. */
export function providersOf(rows: readonly ProviderDay[], today: Day, policy: Policy, limits: Limits): ProviderRow[] {
  const recent = recentOf(rows, today);
  const keys = [...new Set(recent.map(({ provider }) => provider))];
  return keys
    .map((key) => ({
      key,
      name: providerName(policy, key),
      ...rated(sumOf(recent.filter(({ provider }) => provider === key)), limits),
    }))
    .filter(({ sent }) => sent > 0)
    .toSorted((one, other) => other.sent - one.sent);
}

/** Keys of providers as the policy lists them; those it does not know last. */
export function inPolicyOrder(policy: Policy, keys: readonly string[]): string[] {
  const places = new Map(policy.providers.value.map(({ key }, place) => [key, place]));
  const placeOf = (key: string) => places.get(key) ?? places.size;
  return keys.toSorted((one, other) => placeOf(one) - placeOf(other) || one.localeCompare(other, 'en'));
}

/** What people call a provider. */
export const providerName = (policy: Policy, key: string): string =>
  policy.providers.value.find((one) => one.key === key)?.name ?? (key === 'other' ? 'Other providers' : key);
