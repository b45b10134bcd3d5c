// The reviewers' clock: pure, over any calendar and any pauses.
import test from 'ava';
import fc from 'fast-check';
import { type Calendar, ROUND_THE_CLOCK, WEEKDAYS } from '../../src/calendar/calendar.ts';
import { afterWork, workBetween } from '../../src/calendar/working-time.ts';
import {
  type Clock,
  clockAfter,
  NOT_STARTED,
  noticeAfter,
  noticeTime,
  noticeToSend,
  underCalendar,
} from '../../src/requests/clock/clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 9, 21, 9);

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'];
const calendars = fc
  .tuple(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 720 }), fc.integer({ min: 60, max: 720 }), fc.boolean())
  .map(
    ([zone, from, length, weekends]): Calendar => ({
      ...ROUND_THE_CLOCK,
      zone,
      week: WEEKDAYS.map((_, day) => (day < 5 || weekends ? [{ from, to: from + length }] : [])),
      holidays: [{ on: '10-26', name: '' }],
    }),
  );
/** How long reviewers have it, and how long the customer has it then, again and again. */
const turns = fc.array(fc.tuple(fc.nat(30 * HOUR), fc.nat(80 * HOUR)), { maxLength: 4 });

/** The clock and the due time after reviewers and customer had the request in turn, the reviewers again at the end. */
function played(calendar: Calendar, promised: number, stretches: readonly (readonly [number, number])[]) {
  let at = START;
  let dueAt = afterWork(at, promised, calendar);
  let clock = clockAfter({ dueAt: null, clock: NOT_STARTED }, { dueAt, at }, calendar);
  let worked = 0;
  for (const [reviewed, waited] of stretches) {
    worked += workBetween(at, at + reviewed, calendar);
    at += reviewed;
    const left = workBetween(at, dueAt, calendar);
    clock = clockAfter({ dueAt, clock }, { dueAt: null, at }, calendar);
    at += waited;
    dueAt = afterWork(at, left, calendar);
    clock = clockAfter({ dueAt: null, clock }, { dueAt, at }, calendar);
  }
  return { at, dueAt, clock, worked };
}

test('with any pauses the reviewers have the working time that was promised, no more and no less', (t) => {
  fc.assert(
    fc.property(calendars, fc.integer({ min: HOUR, max: 40 * HOUR }), turns, (calendar, promised, stretches) => {
      const { at, dueAt, clock, worked } = played(calendar, promised, stretches);
      const used = Math.min(worked, promised);
      return workBetween(at, dueAt, calendar) === promised - used && clock.spent === worked && clock.since === at;
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('a pause never brings the due time forward', (t) => {
  fc.assert(
    fc.property(calendars, fc.integer({ min: HOUR, max: 40 * HOUR }), turns, (calendar, promised, stretches) => {
      const first = afterWork(START, promised, calendar);
      const { dueAt, worked } = played(calendar, promised, stretches);
      return worked > promised || dueAt >= first;
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('by other working hours what was left stays, and what is overdue stays overdue', (t) => {
  fc.assert(
    fc.property(
      calendars,
      calendars,
      fc.integer({ min: HOUR, max: 40 * HOUR }),
      fc.nat(60 * HOUR),
      (before, after, promised, passed) => {
        const dueAt = afterWork(START, promised, before);
        const clock = clockAfter({ dueAt: null, clock: NOT_STARTED }, { dueAt, at: START }, before);
        const at = START + passed;
        const moved = underCalendar({ dueAt, clock }, at, { before, after });
        const left = workBetween(at, dueAt, before);
        const isKept = dueAt <= at ? moved.dueAt === dueAt : workBetween(at, moved.dueAt, after) === left;
        const { soonAt, noticeAt } = moved.clock;
        const isSoon =
          soonAt === noticeTime('soon', moved.dueAt, after) &&
          noticeAt === noticeTime(clock.notice, moved.dueAt, after);
        return (
          isKept &&
          isSoon &&
          moved.clock.spent === workBetween(START, at, before) &&
          moved.clock.notice === clock.notice
        );
      },
    ),
    { numRuns: 200 },
  );
  t.pass();
});

const dueIn = (hours: number): Clock =>
  clockAfter({ dueAt: null, clock: NOT_STARTED }, { dueAt: START + hours * HOUR, at: START }, ROUND_THE_CLOCK);

test('staff are told two hours before, when it is due, and four hours after', (t) => {
  const dueAt = START + 24 * HOUR;
  t.like(dueIn(24), { notice: 'soon', noticeAt: dueAt - 2 * HOUR, soonAt: dueAt - 2 * HOUR });
  t.is(noticeAfter('soon'), 'overdue');
  t.is(noticeTime('overdue', dueAt, ROUND_THE_CLOCK), dueAt);
  t.is(noticeAfter('overdue'), 'escalated');
  t.is(noticeTime('escalated', dueAt, ROUND_THE_CLOCK), dueAt + 4 * HOUR);
  t.is(noticeAfter('escalated'), null);
  t.is(noticeTime(null, dueAt, ROUND_THE_CLOCK), null);
});

test('what has two hours to begin with is not said to be due soon in the same minute', (t) => {
  t.like(dueIn(2), { notice: 'overdue', noticeAt: START + 2 * HOUR, soonAt: START });
});

test('what became overdue while nobody looked is said to be overdue, not due soon', (t) => {
  t.is(noticeToSend('soon', START, START - 1), 'soon');
  t.is(noticeToSend('soon', START, START), 'overdue');
  t.is(noticeToSend('escalated', START, START + HOUR), 'escalated');
});

test('a step that leaves the due time leaves what was told', (t) => {
  const dueAt = START + 24 * HOUR;
  const told = { ...dueIn(24), notice: 'escalated', noticeAt: dueAt + 4 * HOUR } as const;
  const next = clockAfter({ dueAt, clock: told }, { dueAt, at: START + HOUR }, ROUND_THE_CLOCK);
  t.deepEqual(next, { ...told, since: START + HOUR, spent: HOUR });
});
