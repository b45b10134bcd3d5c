// The reviewers' clock: it runs while they have a request and is stopped while its customer has to act. Pure.
import type { Calendar } from '../../calendar/calendar.ts';
import { afterWork, beforeWork, workBetween } from '../../calendar/working-time.ts';

const HOUR = 3_600_000;

/** An answer that comes in the last minute still has to be read: the reviewer has at least this long (working time, milliseconds). */
export const LEAST_LEFT_MS = 2 * HOUR;

/** What staff are told of a request that nobody decides, each once: before it is due, when it is, and long after. */
export const notices = ['soon', 'overdue', 'escalated'] as const;
export type Notice = (typeof notices)[number];

/** Times are UTC milliseconds. */
export type Clock = {
  /** Since when it runs; null while it is stopped. */
  readonly since: number | null;
  /** How long it ran before that: working time, milliseconds. */
  readonly spent: number;
  /** From when on a decision is due soon. */
  readonly soonAt: number | null;
  /** What staff are told next, and when; null: nothing more. */
  readonly notice: Notice | null;
  readonly noticeAt: number | null;
};

type Running = { readonly dueAt: number | null; readonly clock: Clock };

export const NOT_STARTED: Clock = { since: null, spent: 0, soonAt: null, notice: null, noticeAt: null };

/** When a notice falls due for a decision that is due at `dueAt`. */
export function noticeTime(notice: Notice | null, dueAt: number, calendar: Calendar): number | null {
  if (notice === null) return null;
  if (notice === 'soon') return beforeWork(dueAt, calendar.soonHours * HOUR, calendar);
  return notice === 'overdue' ? dueAt : afterWork(dueAt, calendar.escalateHours * HOUR, calendar);
}

/** The notice after this one. */
export const noticeAfter = (notice: Notice): Notice | null => notices[notices.indexOf(notice) + 1] ?? null;

/** The notice to send at the instant `at`: what is overdue is not said to be due soon. */
export const noticeToSend = (notice: Notice, dueAt: number, at: number): Notice =>
  notice === 'soon' && at >= dueAt ? 'overdue' : notice;

/** The clock after a step at the instant `at` by which a decision is due at `dueAt`; null: it is stopped. */
export function clockAfter(
  before: Running,
  { dueAt, at }: { dueAt: number | null; at: number },
  calendar: Calendar,
): Clock {
  const { since, spent: earlier } = before.clock;
  const spent = earlier + (since === null ? 0 : workBetween(since, at, calendar));
  if (dueAt === null) return { ...NOT_STARTED, spent };
  // The same due time goes on: what was told is not told again.
  if (dueAt === before.dueAt) return { ...before.clock, since: at, spent };
  const soonAt = noticeTime('soon', dueAt, calendar) ?? dueAt;
  // With little time to begin with, "due soon" would come together with the request itself.
  const notice = soonAt > at ? 'soon' : 'overdue';
  return { since: at, spent, soonAt, notice, noticeAt: notice === 'soon' ? soonAt : dueAt };
}

/** The clock of a request, and when it is due, by another calendar from the instant `at` on: what was left of its time stays. */
export function underCalendar(
  { dueAt, clock }: Running & { readonly dueAt: number },
  at: number,
  { before, after }: { readonly before: Calendar; readonly after: Calendar },
): { readonly dueAt: number; readonly clock: Clock } {
  const left = workBetween(at, dueAt, before);
  // What is overdue stays so.
  const due = dueAt <= at ? dueAt : afterWork(at, left, after);
  const spent = clock.spent + (clock.since === null ? 0 : workBetween(clock.since, at, before));
  const { notice } = clock;
  const soonAt = noticeTime('soon', due, after);
  return { dueAt: due, clock: { since: at, spent, soonAt, notice, noticeAt: noticeTime(notice, due, after) } };
}
