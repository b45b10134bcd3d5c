// When decisions are due, by the working calendar in force.
import type { Calendar } from '../../calendar/calendar.ts';
import { findCalendar } from '../../calendar/store.ts';
import { afterWork, workBetween } from '../../calendar/working-time.ts';
import type { Db } from '../../database.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { IpRequest } from '../request.ts';
import { type Clock, clockAfter, LEAST_LEFT_MS, NOT_STARTED } from './clock.ts';

const HOUR = 3_600_000;

/** When a decision is due (UTC milliseconds) on what reviewers get at the instant `at`. */
export const gatherDueAt = async (db: Db, at: number, document: Pick<Policy, 'decideWithinHours'>): Promise<number> =>
  dueBy(await findCalendar(db), at, document);

const dueBy = (calendar: Calendar, at: number, { decideWithinHours }: Pick<Policy, 'decideWithinHours'>): number =>
  afterWork(at, decideWithinHours.value * HOUR, calendar);

/** When a decision is due on what is sent at the instant `at`, and the clock that begins to run. */
export async function gatherStart(
  db: Db,
  at: number,
  document: Pick<Policy, 'decideWithinHours'>,
): Promise<{ readonly dueAt: number; readonly clock: Clock }> {
  const calendar = await findCalendar(db);
  const dueAt = dueBy(calendar, at, document);
  return { dueAt, clock: clockAfter({ dueAt: null, clock: NOT_STARTED }, { dueAt, at }, calendar) };
}

/** What is left of a request's time at the instant `at`: working time, milliseconds. */
export const gatherLeft = async (db: Db, { dueAt }: IpRequest, at: number): Promise<number> =>
  dueAt === null ? 0 : workBetween(at, dueAt, await findCalendar(db));

/** When a decision is due after the customer acted at the instant `at`: the clock goes on, from where it was stopped if it was. */
export async function gatherResumedAt(db: Db, { dueAt, dueLeft }: IpRequest, at: number): Promise<number> {
  const least = afterWork(at, Math.max(dueLeft ?? 0, LEAST_LEFT_MS), await findCalendar(db));
  return Math.max(dueAt ?? least, least);
}
