// Days with mail, seen as weeks and as mailings. Pure.
import { type Day, weekStart } from '../day.ts';

/** What some domains sent on one UTC day, over everything, in messages. Days without mail may be left out. */
export type DaySent = { readonly day: Day; readonly sent: number };

/** The same of each domain, by its id. */
export type Days = ReadonlyMap<number, readonly DaySent[]>;

/** 0 Monday … 6 Sunday. */
export const weekdayOf = (day: Day): number => day - weekStart(day);

/** The middle of some numbers, between the two middle ones where they are even in number; 0 for none. */
export function median(numbers: readonly number[]): number {
  // Typed arrays sort numbers without a function called for each two.
  const sorted = Float64Array.from(numbers).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** The size of day such that half of all mail came on days at least as big: neither a trickle nor one blast moves it. */
export function typicalDay(mail: readonly DaySent[]): number {
  const sizes = new Float64Array(mail.length);
  let whole = 0;
  for (let i = 0; i < sizes.length; i += 1) {
    const sent = mail[i]?.sent ?? 0;
    sizes[i] = sent;
    whole += sent;
  }
  sizes.sort();
  let carried = 0;
  for (let i = sizes.length - 1; i >= 0; i -= 1) {
    const sent = sizes[i] ?? 0;
    carried += sent;
    if (carried * 2 >= whole) return sent;
  }
  return 0;
}

/** Days with mail that follow each other: a mailing. `most`: messages of its largest day. */
export type MailRun = { readonly start: Day; readonly end: Day; readonly most: number; readonly sum: number };

/** The mailings in `mail` (by day), without days below `least` messages; a day between two belongs to both. */
export function runsOf(mail: readonly DaySent[], least: number): MailRun[] {
  const runs: { -readonly [K in keyof MailRun]: MailRun[K] }[] = [];
  let run: (typeof runs)[number] | undefined;
  for (const { day, sent } of mail) {
    if (sent < least) continue;
    if (run === undefined || day - run.end > 2) {
      run = { start: day, end: day, most: sent, sum: sent };
      runs.push(run);
      continue;
    }
    run.end = day;
    run.most = Math.max(run.most, sent);
    run.sum += sent;
  }
  return runs;
}

/** The mean of the usual days from one mailing to the next: those not half as long again as the median. null: one alone. */
export function meanGap(runs: readonly MailRun[]): number | null {
  const gaps = runs.slice(1).map(({ start }, index) => start - (runs[index]?.start ?? start));
  if (gaps.length === 0) return null;
  const middle = median(gaps);
  const usual = gaps.filter((gap) => gap < middle * 1.5);
  return usual.reduce((sum, gap) => sum + gap, 0) / usual.length;
}

/**
 * The spans of seven days before `today` that have a day of `least` messages, latest first, each by weekday from Monday
 * on. A span that began before the first mail is left out; so are those that carry a trickle, as between seasons.
 */
export function blocksOf(mail: readonly DaySent[], today: Day, least: number): number[][] {
  const first = mail[0]?.day ?? today;
  const blocks = new Map<number, { sent: number[]; counts: boolean }>();
  for (const { day, sent } of mail) {
    const nth = Math.floor((today - 1 - day) / 7);
    if (today - 7 * (nth + 1) < first) continue;
    const block = blocks.get(nth) ?? { sent: [0, 0, 0, 0, 0, 0, 0], counts: false };
    block.sent[weekdayOf(day)] = sent;
    block.counts ||= sent >= least;
    blocks.set(nth, block);
  }
  return [...blocks]
    .filter(([, { counts }]) => counts)
    .toSorted(([one], [other]) => one - other)
    .map(([, { sent }]) => sent);
}

/** What several domains sent together, day by day. */
export function addDays(lists: Iterable<readonly DaySent[]>): DaySent[] {
  const sums = new Map<Day, number>();
  for (const list of lists) for (const { day, sent } of list) sums.set(day, (sums.get(day) ?? 0) + sent);
  return Array.from(sums, ([day, sent]) => ({ day, sent }));
}
