// The sending pattern: on which days a sender mails, and how much. A fact learned from daily counts, or stated. Pure.
import type { Day } from '../day.ts';
import {
  blocksOf,
  type DaySent,
  type MailRun,
  meanGap,
  median,
  runsOf,
  typicalDay,
  weekdayOf,
} from './pattern-days.ts';

/** Complete days that a pattern is learned from: the last 26 weeks. */
export const PATTERN_DAYS = 182;
/** A day under this part of a typical one is a trickle. */
const TRICKLE = 20;
/** Weeks with mail that weekday medians are of. */
const WEEKS = 8;
/** From this number of days since the first mail on, a week's pattern is a fact; from this number of mailings on, one of mailings. */
const LEAST_DAYS = 28;
const LEAST_MAILINGS = 3;
/** Mailings whose median is the usual mailing. */
const LAST_MAILINGS = 6;
/** Same weekdays whose median is what a day is expected to bring. */
const EXPECTED_WEEKS = 4;
/** Rarer than weekly: mailings more than this number of days apart. */
const WEEKLY_GAP = 8;
/** A mailing takes a week at most; what goes on for longer is a season. */
const LONGEST_MAILING = 7;

type Common = {
  /** Learned from counts, or stated by the sender. */
  readonly basis: 'measured' | 'stated';
  /** Messages on the busiest usual day: what a plan aims at. */
  readonly busiest: number;
  /** Messages a week, in the mean. */
  readonly weekly: number;
  /** Days from one mailing to the next; 7 where mail comes each week. Not always whole. */
  readonly period: number;
  /** Messages that a day is expected to bring, over all that the domains send over, by weekday, Monday first. */
  readonly expected: readonly number[];
};

/**
 * `weekdays`: mail comes on certain days of each week; `usual` messages by weekday, Monday first.
 * `mailings`: rarer than weekly, or on a day that wanders: about every `period` days one of `busiest` messages, the last
 * on `last` (null: not known).
 */
export type Pattern =
  | (Common & { readonly kind: 'weekdays'; readonly usual: readonly number[] })
  | (Common & { readonly kind: 'mailings'; readonly last: Day | null });

/**
 * Learns the pattern of some domains from what they sent together in the 26 weeks before `today`, the first day that is
 * not over. `days` in any order, each day once. null where there is too little history: under 28 days since the first
 * mail, or rarer than weekly and under three mailings.
 */
export function learnPattern(days: readonly DaySent[], today: Day): Pattern | null {
  const sent = new Float64Array(PATTERN_DAYS);
  for (const one of days)
    if (one.day < today && one.day >= today - PATTERN_DAYS) sent[one.day - today + PATTERN_DAYS] = one.sent;
  const mail: DaySent[] = [];
  for (let i = 0; i < PATTERN_DAYS; i += 1)
    if ((sent[i] ?? 0) > 0) mail.push({ day: today - PATTERN_DAYS + i, sent: sent[i] ?? 0 });
  const first = mail[0]?.day;
  if (first === undefined || today - first < LEAST_DAYS) return null;
  const least = typicalDay(mail) / TRICKLE;
  const runs = runsOf(mail, least);
  const isShort = 2 * inMailings(runs) >= runs.reduce((sum, run) => sum + run.sum, 0);
  // One mailing alone has been followed by nothing for weeks.
  const gap =
    runs.length === 1
      ? today - first
      : median(runs.slice(1).map(({ start }, index) => start - (runs[index]?.start ?? start)));
  if (isShort && gap > WEEKLY_GAP) return runs.length < LEAST_MAILINGS ? null : mailings(runs, today);
  const blocks = blocksOf(mail, today, least).slice(0, WEEKS);
  const usual = Array.from({ length: 7 }, (_, at) => Math.round(median(blocks.map((block) => block[at] ?? 0))));
  const peak = Math.round(median(blocks.map((block) => Math.max(...block))));
  const busiest = Math.max(...usual);
  if (busiest === 0 && peak === 0) return null;
  if (busiest * 2 < peak) {
    const weekly = Math.round(median(blocks.map((block) => block.reduce((sum, one) => sum + one, 0))));
    const period = Math.min(7, meanGap(runs) ?? 7);
    const last = runs.at(-1)?.start ?? null;
    return { kind: 'mailings', basis: 'measured', busiest: peak, weekly, period, last, expected: everyDay(peak) };
  }
  const weekly = usual.reduce((sum, one) => sum + one, 0);
  const expected = Array.from({ length: 7 }, (_, at) =>
    expectedOn(sent, first - today, nextWeekday(today, at) - today),
  );
  return { kind: 'weekdays', basis: 'measured', usual, busiest, weekly, period: 7, expected };
}

/** Messages that came in mailings. By mail, not by number: a holiday or two cut the mail of each day into runs, of which most are short. */
const inMailings = (runs: readonly MailRun[]): number =>
  runs.reduce((sum, run) => (run.end - run.start < LONGEST_MAILING ? sum + run.sum : sum), 0);

const everyDay = (sent: number): number[] => Array.from({ length: 7 }, () => sent);
const nextWeekday = (today: Day, weekday: number): Day => today + ((weekday - weekdayOf(today) + 7) % 7);

function mailings(runs: readonly MailRun[], today: Day): Pattern {
  const lately = runs.slice(-LAST_MAILINGS);
  const busiest = Math.round(median(lately.map((run) => run.most)));
  const period = Math.min(meanGap(runs) ?? PATTERN_DAYS, PATTERN_DAYS);
  const weekly = Math.round((median(lately.map((run) => run.sum)) * 7) / period);
  const last = runs.at(-1)?.start ?? today;
  return { kind: 'mailings', basis: 'measured', busiest, weekly, period, last, expected: everyDay(busiest) };
}

/** The median of the last four same weekdays before `day`, of those since the first mail; both counted from today. */
function expectedOn(sent: Float64Array, first: number, day: number): number {
  const before = Array.from({ length: EXPECTED_WEEKS }, (_, index) => day - 7 * (index + 1));
  return Math.round(median(before.filter((one) => one >= first).map((one) => sent[one + PATTERN_DAYS] ?? 0)));
}

/**
 * The pattern that a sender states: the busiest day's messages, on these weekdays (0 Monday … 6 Sunday) of each week;
 * or, where `everyDays` is given, in one mailing every that many days.
 */
export function statedPattern(stated: {
  readonly busiest: number;
  readonly weekdays: readonly number[];
  readonly everyDays?: number;
}): Pattern {
  const { busiest, weekdays, everyDays } = stated;
  if (everyDays !== undefined && everyDays > 7) {
    const weekly = Math.round((busiest * 7) / everyDays);
    const expected = everyDay(busiest);
    return { kind: 'mailings', basis: 'stated', busiest, weekly, period: everyDays, last: null, expected };
  }
  const usual = Array.from({ length: 7 }, (_, at) => (weekdays.includes(at) ? busiest : 0));
  return weeklyPattern(usual, 'stated');
}

/** The pattern of a week whose days, Monday first, bring these messages. */
export function weeklyPattern(usual: readonly number[], basis: Pattern['basis']): Pattern {
  const weekly = usual.reduce((sum, one) => sum + one, 0);
  return { kind: 'weekdays', basis, usual, busiest: Math.max(...usual), weekly, period: 7, expected: usual };
}

/** The pattern of `weekly` messages a week on all seven days alike. */
export const evenPattern = (weekly: number, basis: Pattern['basis']): Pattern =>
  weeklyPattern(everyDay(Math.max(1, Math.ceil(weekly / 7))), basis);

/** The pattern raised so that its busiest day has at least `least` messages. */
export function atLeast(pattern: Pattern, least: number): Pattern {
  if (pattern.busiest >= least) return pattern;
  return scaled(pattern, (sent) => Math.round((sent * least) / pattern.busiest));
}

/** The pattern with `weekly` messages a week in the mean, on its days. */
export const withWeekly = (pattern: Pattern, weekly: number): Pattern =>
  pattern.weekly === weekly ? pattern : scaled(pattern, (sent) => Math.ceil((sent * weekly) / pattern.weekly));

function scaled(pattern: Pattern, scale: (sent: number) => number): Pattern {
  const { busiest, weekly, expected } = pattern;
  const common = { busiest: scale(busiest), weekly: scale(weekly), expected: expected.map(scale) };
  return pattern.kind === 'weekdays'
    ? { ...pattern, ...common, usual: pattern.usual.map(scale) }
    : { ...pattern, ...common };
}

/** An even share of a pattern: of each of `parts` IPs that carry it together. */
export function partOfPattern(pattern: Pattern, parts: number): Pattern {
  return parts === 1 ? pattern : scaled(pattern, (sent) => Math.ceil(sent / parts));
}

/** Messages that `day` brings if mail comes as usual. Mailings whose day is not known begin half a period after `from`. */
export function usualMailOn(pattern: Pattern, day: Day, from: Day): number {
  if (pattern.kind === 'weekdays') return pattern.usual[weekdayOf(day)] ?? 0;
  const last = pattern.last ?? from - Math.ceil(pattern.period / 2);
  const nth = Math.round((day - last) / pattern.period);
  return nth >= 1 && Math.round(last + nth * pattern.period) === day ? pattern.busiest : 0;
}

/** Messages expected on `day` over all that the domains send over, for shares of today's mail. 0 where none is usual. */
export const expectedMailOn = ({ expected }: Pick<Pattern, 'expected'>, day: Day): number =>
  expected[weekdayOf(day)] ?? 0;

/** The busiest day that was measured in the last 28 days, whatever the pattern: no plan aims below it without one. */
export const busiestLately = (days: readonly DaySent[], today: Day): number =>
  days.reduce((most, { day, sent }) => (day < today && day >= today - 28 ? Math.max(most, sent) : most), 0);
