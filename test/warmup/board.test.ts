import test from 'ava';
import { statedPattern } from '../../src/sending/pattern.ts';
import {
  boardOf,
  type Entry,
  entryOf,
  isBad,
  isBehind,
  isFinishing,
  isOnHold,
  isPaused,
  isStill,
  readBoardFilter,
} from '../../src/warmup/pages/board.ts';
import type { PlanState } from '../../src/warmup/state.ts';
import { customerio } from '../policy/facts.ts';
import { climbing } from '../support/climbing.ts';

const policy = customerio.warmup;
/** A Monday. */
const MONDAY = 20_780;
const caps = Array.from({ length: 40 }, (_, i) => 100 * (i + 1));

const entry = (
  id: number,
  change: Partial<PlanState> & { verdict?: Entry['state']['name'] | null } = {},
  today = MONDAY,
) => {
  const startsOn = MONDAY - 32;
  const planState = {
    ...climbing(4_000, MONDAY - 1),
    status: 'running',
    clock: 'progress',
    plan: { schedule: 'growth', targetPerDay: 4_000, startsOn, finishesOn: startsOn + 39, caps },
    stage: 33,
    capPercent: 100,
    slowed: {},
    idleDays: 0,
    nextDay: today,
    judgedFrom: startsOn,
    verdict: 'advance',
    ...change,
  } as PlanState & { verdict: 'advance' };
  return entryOf({ ...planState, id, ipId: id }, today, customerio, null);
};

test('behind plan: expected to end later than it was planned, by a day or more', (t) => {
  t.false(isBehind(entry(1)));
  t.true(isBehind(entry(1, { stage: 32 })));
  t.false(isBehind(entry(1, { stage: 34 })), 'a plan that is ahead is not behind');
  t.true(isBehind(entry(1, { status: 'paused', stage: 32 })), 'paused, and late even if it went on today');
  t.false(isBehind(entry(1, { status: 'paused' })));
});

test('finishing this week: expected to end up to Sunday', (t) => {
  const ending = (days: number) => entry(1, { stage: 40 - days });
  t.true(isFinishing(ending(0), MONDAY));
  t.true(isFinishing(ending(6), MONDAY), 'Sunday');
  t.false(isFinishing(ending(7), MONDAY), 'the Monday after');
  const sunday = MONDAY + 6;
  t.true(isFinishing(entry(1, { stage: 40 }, sunday), sunday));
  t.false(isFinishing(entry(1, { stage: 39 }, sunday), sunday));
  t.false(isFinishing(entry(1, { status: 'paused', stage: 40 }), MONDAY), 'nobody knows when it goes on');
});

test('on hold: by its last judged day, or with a cut cap; days without mail and pauses are something else', (t) => {
  t.true(isOnHold(entry(1, { verdict: 'hold' as never })));
  t.true(isOnHold(entry(1, { capPercent: 75 })));
  t.false(isOnHold(entry(1)));
  t.false(isOnHold(entry(1, { verdict: 'hold' as never, idleDays: 2 })));
  t.false(isOnHold(entry(1, { verdict: 'hold' as never, status: 'paused' })));
  t.true(isPaused(entry(1, { status: 'paused' })));
});

test('no progress: at one stage for two weeks or two mailings, with what would help', (t) => {
  const since = (days: number, change: Partial<PlanState> = {}) =>
    entry(1, { stageSince: MONDAY - days, stage: 20, ...change });
  t.false(isStill(since(13)));
  t.true(isStill(since(14)));
  t.is(
    since(14).help,
    'A sending day of 2,000 messages would pass the stage. Where there is not so much mail, staff can plan the warm-up again for what there is.',
  );
  const monthly = { pattern: statedPattern({ busiest: 4_000, weekdays: [], everyDays: 30 }) };
  t.false(isStill(since(59, monthly)));
  t.true(isStill(since(60, monthly)));
  t.false(isStill(since(14, { stage: 40, progress: 4_000 })), 'only the least days are awaited');
  t.regex(since(14, { status: 'paused' }).help ?? '', /resume it/);
  const { shown, counts } = boardOf([since(14), since(2)], { tab: 'still', order: 'finish' }, MONDAY, policy);
  t.is(shown.length, 1);
  t.is(counts.still, 1);
});

test('worst rates: above the share of a limit from which the cap is cut', (t) => {
  const rated = (bounced: number) => {
    const sums = new Map([[1, { sent: 10_000, delivered: 10_000 - bounced, bounced, complained: 0 }]]);
    const { plan } = {
      plan: { schedule: 'growth', targetPerDay: 100, startsOn: MONDAY, finishesOn: MONDAY, caps: [100] },
    };
    const planState = {
      ...climbing(100, MONDAY),
      status: 'running',
      clock: 'progress',
      plan,
      stage: 1,
      capPercent: 100,
      slowed: {},
      idleDays: 0,
    } as const;
    return entryOf(
      { ...planState, nextDay: MONDAY, judgedFrom: MONDAY, verdict: null, id: 1, ipId: 1 },
      MONDAY,
      customerio,
      sums,
    );
  };
  t.false(isBad(rated(250), policy));
  t.true(isBad(rated(251), policy));
});

test('the board counts each tab and shows one, what ends first first, and what nobody can say an end of last', (t) => {
  const entries = [
    entry(1, { status: 'paused' }),
    entry(2, { stage: 18 }),
    entry(3),
    entry(4, { verdict: 'hold' as never }),
  ];
  const all = boardOf(entries, { tab: 'all', order: 'finish' }, MONDAY, policy);
  t.deepEqual(
    all.shown.map(({ id }) => id),
    [3, 4, 2, 1],
  );
  t.deepEqual(all.counts, { all: 4, behind: 1, 'on-hold': 1, paused: 1, still: 0, finishing: 0 });
  const ids = (tab: 'behind' | 'on-hold' | 'paused') =>
    boardOf(entries, { tab, order: 'finish' }, MONDAY, policy).shown.map(({ id }) => id);
  t.deepEqual([ids('behind'), ids('on-hold'), ids('paused')], [[2], [4], [1]]);
});

test('worst first: by badness, and by age where nobody is judged', (t) => {
  const entries = [entry(1), { ...entry(2), badness: 0.2 }, { ...entry(3), badness: 1.4 }, entry(4)];
  const { shown } = boardOf(entries, { tab: 'all', order: 'worst' }, MONDAY, policy);
  t.deepEqual(
    shown.map(({ id }) => id),
    [3, 2, 1, 4],
  );
});

test('what the address does not say is all, first what finishes first; worst rates open with the worst', (t) => {
  t.deepEqual(readBoardFilter({}), { tab: 'all', order: 'finish' });
  t.deepEqual(readBoardFilter({ tab: 'nonsense', sort: ['worst'] }), { tab: 'all', order: 'finish' });
  t.deepEqual(readBoardFilter({ tab: 'worst' }), { tab: 'worst', order: 'worst' });
  t.deepEqual(readBoardFilter({ tab: 'on-hold', sort: 'worst' }), { tab: 'on-hold', order: 'worst' });
});
