// What a day leaves of a plan, whole, and each sentence as people read it: judge.test.ts looks at one part at a time.
import test from 'ava';
import { nextOf } from '../../src/warmup/daily/evaluation.ts';
import type { PlanState } from '../../src/warmup/state.ts';
import { sendgrid } from '../policy/facts.ts';
import { day, judged, mail, monday, planState } from './plan-state.ts';

const bad = mail(10_000, { bounced: 2_000 });
const why = (at: PlanState, ...of: Parameters<typeof day>) => judged(at, day(...of)).why;

test('a day that began before staff resumed the plan moves nothing but the count of its idle days', (t) => {
  const resumed = planState({ judgedFrom: monday + 2, stage: 3, progress: 700, idleDays: 3, slowed: { yahoo: 300 } });
  const left = {
    ...nextOf(resumed),
    verdict: 'hold',
    why: 'Staff resumed the warm-up or set it back after this day began, so the day is not judged.',
    cold: false,
  } as const;
  t.deepEqual(judged(resumed, day({ gmail: bad })), { ...left, idleDays: 0 });
  t.deepEqual(judged(resumed, day({})), { ...left, idleDays: 4 });
  t.is(judged({ ...resumed, judgedFrom: monday + 1 }, day({ gmail: bad })).verdict, 'pause', 'that day itself counts');
  t.is(
    why({ ...resumed, status: 'paused' }, { gmail: bad }),
    'Paused before the day’s mail was judged, so the stage is on hold.',
  );
});

test('a day that began before staff planned the warm-up again passes no stage with any mail, and still brakes', (t) => {
  const again = planState({ stageSince: monday + 2 });
  t.like(judged(again, day({ gmail: mail(10_000) })), {
    verdict: 'hold',
    stage: 2,
    why: 'Staff planned the warm-up again after this day began, so its mail passes no stage.',
  });
  t.is(judged(again, day({ gmail: bad })).verdict, 'pause');
  t.is(judged({ ...again, stageSince: monday + 1 }, day({ gmail: mail(10_000) })).verdict, 'advance');
});

test('an IP that became cold begins again with nothing held against it', (t) => {
  const far = planState({ stage: 5, idleDays: 29, progress: 40, slowed: { yahoo: 9 }, capPercent: 50 });
  const again = {
    ...nextOf(far),
    progress: 0,
    stageSince: monday + 2,
    limitedOn: monday + 1,
    capPercent: 100,
    slowed: {},
    idleDays: 0,
    judgedFrom: monday + 2,
    verdict: 'step-back',
    cold: true,
  } as const;
  const forgotten = 'No mail went over the IP for 30 days, so receivers have forgotten it: warm-up begins again';
  t.deepEqual(judged(far, day({})), {
    ...again,
    stage: 3,
    carried: 1_800,
    why: `${forgotten} at stage 3, half of what it had carried.`,
  });
  t.deepEqual(judged({ ...far, stage: 2, carried: 1_000 }, day({})), {
    ...again,
    stage: 1,
    carried: 0,
    why: `${forgotten} at its first stage.`,
  });
});

test('S-26: a day without mail is not judged for the days before it, unless the plan goes by the calendar', (t) => {
  const idle = day({}, { '': bad });
  t.like(judged(planState(), idle), {
    verdict: 'hold',
    stage: 2,
    why: 'No mail went over the IP, so the day does not count.',
  });
  t.is(judged(planState({ clock: 'calendar' }), idle).verdict, 'pause');
  t.is(judged(planState(), day({ gmail: mail(1) }, { '': bad })).verdict, 'pause');
});

test('S-26: a weak signal, a hold and too little delivered each say why, and the stage’s mail does not add up', (t) => {
  const at = planState({ progress: 500 });
  const of = (bounced: number) => judged(at, day({ gmail: mail(10_000, { bounced }) }));
  t.like(of(251), {
    progress: 0,
    why: 'Over the last two days, 2.51 % of the mail bounced (limit 2.5 %). The stage is on hold at 75 % of its cap, before it gets worse.',
  });
  t.like(of(501), {
    progress: 0,
    why: 'Over the last two days, 5.01 % of the mail bounced (limit 5 %). The stage is on hold at 50 % of its cap.',
  });
  t.like(judged(at, day({ gmail: mail(2_000, { delivered: 1_700 }) })), {
    verdict: 'hold',
    progress: 0,
    capPercent: 100,
    why: 'Only 85 % of the day’s mail was delivered; it takes more than 90 %. The stage is on hold.',
  });
});

test('S-26: a pause sets back by one stage, where there is one to go back to', (t) => {
  const at = planState({ stage: 4, progress: 500, capPercent: 75 });
  const rates = 'Over the last two days, 20 % of the mail bounced (limit 10 %).';
  const paused = {
    ...nextOf(at),
    progress: 0,
    stageSince: monday + 2,
    limitedOn: monday + 1,
    capPercent: 100,
    judgedFrom: monday + 2,
    verdict: 'pause',
    cold: false,
  } as const;
  t.deepEqual(judged(at, day({ gmail: bad })), {
    ...paused,
    stage: 3,
    why: `${rates} The plan goes one stage back and is paused until somebody has looked at it.`,
  });
  t.deepEqual(judged({ ...at, stage: 1 }, day({ gmail: bad })), {
    ...paused,
    stage: 1,
    why: `${rates} The plan is paused until somebody has looked at it.`,
  });
});

test('delivery is judged without the providers that are slowed, while the others got at least half of the mail', (t) => {
  const verdict = (microsoft: number, slowed = {}) =>
    judged(
      planState({ slowed }),
      day({ gmail: mail(1_000), microsoft: mail(microsoft, { delivered: microsoft / 2, deferred: microsoft / 2 }) }),
    ).verdict;
  t.is(verdict(1_000), 'hold', 'one that is not slowed is judged with the others');
  t.is(verdict(1_000, { microsoft: 1_000 }), 'not-yet');
  t.is(verdict(1_002, { microsoft: 1_000 }), 'hold', 'less than half');
  const fault = judged(
    planState({ slowed: { microsoft: 100 } }),
    day({ gmail: mail(1_000, { delivered: 500 }), microsoft: mail(10) }),
  );
  t.is(fault.verdict, 'hold', 'the others are judged');
});

test('delivery is judged from the policy’s sample on', (t) => {
  const few = planState({ plan: { ...planState().plan, caps: [50, 100, 200, 400, 500] } });
  t.is(judged(few, day({ gmail: mail(99, { delivered: 80 }) })).verdict, 'not-yet');
  t.is(judged(few, day({ gmail: mail(100, { delivered: 90 }) })).verdict, 'hold');
});

test('a stage says what came of the day, with the days before where there were any', (t) => {
  const passed = (progress: number, sent: number) => why(planState({ progress }), { gmail: mail(sent) });
  t.is(passed(0, 2_000), '2,000 of 2,000 messages were delivered: on to stage 3.');
  t.is(passed(1_000, 900), '900 of 900 messages were delivered, enough with those of the days before: on to stage 3.');
  t.is(passed(0, 900), '900 of 900 messages were delivered; the stage passes at 90 % of its 2,000.');
  t.is(
    passed(100, 900),
    '900 of 900 messages were delivered, 1,000 at this stage so far; the stage passes at 90 % of its 2,000.',
  );
});

test('what a provider does is said after what the plan does', (t) => {
  const counts = { gmail: mail(1_500), microsoft: mail(500, { deferred: 101, delivered: 399 }) };
  t.is(
    why(planState(), counts),
    '1,899 of 2,000 messages were delivered: on to stage 3. Outlook.com deferred 20.2 % of its mail and gets at most 250 messages a day.',
  );
  const last = { gmail: mail(9_500), microsoft: mail(500, { deferred: 101 }) };
  t.is(
    why(planState({ stage: 5 }), last, last, monday + 40),
    'The last stage is passed: warm-up is complete, with 10,000 messages on the busiest day. Outlook.com deferred 20.2 % of its mail and gets at most 250 messages a day.',
  );
});

test('S-26: what goes above a day’s cap proves nothing', (t) => {
  const at = planState({ carried: 500 });
  t.like(judged(at, day({ gmail: mail(1_500) })), { verdict: 'not-yet', progress: 1_111, carried: 1_111 });
});

test('by the calendar a day that is over opens the next stage from tomorrow on', (t) => {
  const calendar = planState({ clock: 'calendar', progress: 5 });
  t.deepEqual(judged(calendar, day({ gmail: mail(800) })), {
    ...nextOf(calendar),
    stage: 3,
    progress: 805,
    stageSince: monday + 2,
    verdict: 'advance',
    why: 'Day 2 is over: on to stage 3.',
    cold: false,
  });
  t.is(
    judged({ ...calendar, stage: 5, progress: 0 }, day({}), sendgrid).why,
    'The plan is over, but the IP has carried no mail yet, so it is not warm.',
  );
});

test('C-14: a plan that is complete says by what, and before the least days for what it waits', (t) => {
  const last = planState({ stage: 5 });
  t.is(
    why(last, { gmail: mail(9_000) }, undefined, monday + 28),
    'The last stage is passed on day 29; warm-up takes at least 30 days.',
  );
  t.is(
    why(last, { gmail: mail(9_000) }, undefined, monday + 29),
    'The last stage is passed: warm-up is complete, with 9,000 messages on the busiest day.',
  );
  const calendar = judged({ ...last, clock: 'calendar' }, day({ gmail: mail(500) }), sendgrid);
  t.is(calendar.why, 'The plan is over: warm-up is complete, with 8,000 messages on the busiest day.');
});

test('C-14: a whole sending day is the day itself, whatever the days before it were', (t) => {
  const last = planState({ stage: 5, plan: { ...planState().plan, startsOn: monday - 40 } });
  const on = (...days: { readonly day: number; readonly over: number; readonly all: number }[]) =>
    judged(last, { ...day({ gmail: mail(5_000) }), whole: days }).verdict;
  const today = { day: monday + 1, over: 5_000, all: 5_000 };
  t.is(on({ day: monday, over: 5_000, all: 9_000 }, today), 'complete');
  t.is(on({ day: monday, over: 5_000, all: 5_000 }, { ...today, all: 9_000 }), 'not-yet');
  t.is(on({ day: monday, over: 5_000, all: 5_000 }), 'not-yet', 'of the day itself nothing is known');
});
