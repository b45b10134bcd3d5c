import test from 'ava';
import type { Policy } from '../../src/policy/document/policy.ts';
import type { Counts } from '../../src/sending/counts.ts';
import { evenPattern, statedPattern } from '../../src/sending/pattern.ts';
import { nextOf } from '../../src/warmup/daily/evaluation.ts';
import { expectedFinish } from '../../src/warmup/forecast.ts';
import { capNow, type PlanState } from '../../src/warmup/state.ts';
import { customerio, sendgrid } from '../policy/facts.ts';
import { after, day, judged, mail, monday, planState, walk } from './plan-state.ts';

const WEEK = 10_000;
/** What the step makes of a day with this much mail over the window, all of it delivered that did not bounce. */
const of = (change: Partial<Counts>, sent = WEEK) => judged(planState(), day({ gmail: mail(sent, change) }));

test('S-26: bounces hold above 5 % and pause above 10 %, exactly', (t) => {
  t.like(of({ bounced: 249 }), { verdict: 'advance', stage: 3, capPercent: 100 });
  t.is(of({ bounced: 250 }).verdict, 'advance', 'half of the limit is not yet a weak signal');
  t.like(of({ bounced: 251 }), { verdict: 'hold', stage: 2, capPercent: 75 });
  t.like(of({ bounced: 499 }), { verdict: 'hold', capPercent: 75 });
  t.like(of({ bounced: 500 }), { verdict: 'hold', capPercent: 75 }, '5 % is not above 5 %');
  t.like(of({ bounced: 501 }), { verdict: 'hold', stage: 2, capPercent: 50 });
  t.regex(of({ bounced: 501 }).why, /^Over the last two days, 5\.01 % of the mail bounced \(limit 5 %\)/);
  t.like(of({ bounced: 1_000 }), { verdict: 'hold', stage: 2 }, '10 % is not above 10 %');
  t.like(of({ bounced: 1_001 }), { verdict: 'pause', stage: 1, capPercent: 100, judgedFrom: monday + 2 });
  t.regex(of({ bounced: 1_001 }).why, /The plan goes one stage back and is paused until somebody has looked at it/);
});

test('why a plan is held says of how many days its rates are: never of more than there were since it began again', (t) => {
  const held = (judgedFrom: number) =>
    judged(planState({ judgedFrom }), day({ gmail: mail(10_000, { bounced: 600 }) })).why;
  t.regex(held(monday - 30), /^Over the last seven days, /);
  t.regex(held(monday), /^Over the last two days, /);
  t.regex(held(monday + 1), /^Over the last day, /);
});

test('S-26: complaints hold above 0.1 % and pause above 0.3 % of what was delivered, exactly', (t) => {
  t.is(of({ complained: 5 }).verdict, 'advance');
  t.like(of({ complained: 6 }), { verdict: 'hold', capPercent: 75 });
  t.like(of({ complained: 10 }), { verdict: 'hold', capPercent: 75 });
  t.like(of({ complained: 11 }), { verdict: 'hold', capPercent: 50, stage: 2 });
  t.like(of({ complained: 30 }), { verdict: 'hold', capPercent: 50, stage: 2 });
  t.like(of({ complained: 31 }), { verdict: 'pause', stage: 1 });
  t.regex(of({ complained: 31 }).why, /0\.31 % of the delivered mail was reported as spam \(limit 0\.3 %\)/);
});

test('delivery of 90 % or less holds the stage', (t) => {
  const delivered = (count: number) => judged(planState(), day({ gmail: mail(WEEK, { delivered: count }) }));
  t.is(delivered(9_001).verdict, 'advance');
  t.like(delivered(9_000), { verdict: 'hold', stage: 2, capPercent: 100 });
  t.regex(delivered(9_000).why, /Only 90 % of the day’s mail was delivered; it takes more than 90 %/);
  t.is(delivered(8_999).verdict, 'hold');
});

test('below the minimum sample nobody is judged', (t) => {
  const few = planState({ stage: 1, plan: { ...planState().plan, caps: [50, 100, 200, 400, 500] } });
  const bounced = (sent: number, count: number) => judged(few, day({ gmail: mail(sent, { bounced: count }) }));
  t.is(bounced(99, 9).verdict, 'advance', '9 % of 99');
  t.is(bounced(99, 99).verdict, 'not-yet', 'but what is not delivered passes no stage');
  t.is(bounced(100, 11).verdict, 'pause');
  const complained = (sent: number) => judged(few, day({ gmail: mail(sent, { complained: 4 }) })).verdict;
  t.is(complained(999), 'advance');
  t.is(complained(1_000), 'pause');
});

test('what was judged before a pause is not judged again', (t) => {
  const bad = mail(2_000, { bounced: 300 });
  const [first] = walk(planState(), [bad]);
  t.is(first?.step.verdict, 'pause');
  const resumed = {
    ...after(planState(), first?.step ?? t.fail()),
    status: 'running' as const,
    judgedFrom: monday + 2,
  };
  t.is(judged(resumed, day({ gmail: mail(1_000) }, undefined, monday + 2)).verdict, 'advance');
});

test('a hold ends with the whole cap, and the stage passes on the day after', (t) => {
  const held = planState({ capPercent: 50 });
  t.is(capNow(held), 1_000);
  const better = judged(held, day({ gmail: mail(1_000) }));
  t.like(better, { verdict: 'hold', stage: 2, capPercent: 100 });
  t.regex(better.why, /the stage has its whole cap back/);
  t.like(judged(after(held, better), day({ gmail: mail(2_000) })), { verdict: 'advance', stage: 3 });
});

test('a stage passes when 90 % of its volume was delivered, over as many days as it takes', (t) => {
  const alike = planState({ plan: { ...planState().plan, caps: [50, 50, 50, 50, 50] } });
  const passes = (sent: number, delivered: number) => judged(alike, day({ gmail: mail(sent, { delivered }) })).verdict;
  t.is(passes(50, 45), 'advance');
  t.is(passes(50, 44), 'not-yet');
  t.is(passes(90, 45), 'advance', 'what went above the cap was not asked of it');
  const [first, second, third] = walk(planState(), [mail(900), mail(800), mail(100)]);
  t.like(first?.step, { verdict: 'not-yet', stage: 2, progress: 900 });
  t.is(first?.step.why, '900 of 900 messages were delivered; the stage passes at 90 % of its 2,000.');
  t.like(second?.step, { verdict: 'not-yet', progress: 1_700 });
  t.like(third?.step, { verdict: 'advance', stage: 3, progress: 0 });
  t.regex(third?.step.why ?? '', /^100 of 100 messages were delivered, enough with those of the days before: on to/);
});

test('S-26: many small days pass a stage, but open no more than twice what one of them carried', (t) => {
  const days = Array.from({ length: 40 }, () => mail(100));
  const last = walk(planState({ stage: 1, carried: 0, nextDay: monday, stageSince: monday }), days).at(-1);
  t.true((last?.at.stage ?? 0) > 2);
  t.is(capNow(last?.at as PlanState), 1_000, 'the first stage is always allowed, and 222 would be twice what came');
  const more = walk(planState({ stage: 1, carried: 0, nextDay: monday, stageSince: monday }), [
    mail(900),
    mail(600),
    mail(600),
    mail(600),
  ]);
  t.is(capNow(more.at(-1)?.at as PlanState), 2_000, '2/0.9 of 900');
});

test('C-14: the last stage also passes with a whole sending day of at least half of it', (t) => {
  const last = planState({ stage: 5, plan: { ...planState().plan, startsOn: monday - 40 } });
  const on = (sent: number, all: number) =>
    judged(last, { ...day({ gmail: mail(sent) }), whole: [{ day: monday + 1, over: sent, all }] }).verdict;
  t.is(on(5_000, 5_000), 'complete');
  t.is(on(5_000, 5_300), 'not-yet', 'not all of it went over the IP');
  t.is(on(4_999, 4_999), 'not-yet', 'less than half');
});

test('where the IP carried all there was for two weeks, the plan is cut to that and ends there', (t) => {
  const from = monday - 40;
  const plan = { ...planState().plan, startsOn: from };
  const idle = planState({ stage: 4, plan, limitedOn: monday - 13, stageSince: monday - 13, carried: 5_000 });
  const lately = (over: number, all = over) =>
    Array.from({ length: 14 }, (_, i) => ({
      day: monday - 12 + i,
      over: i % 7 === 0 ? over : 900,
      all: i % 7 === 0 ? all : 900,
    }));
  const cut = judged(idle, { ...day({ gmail: mail(900) }), whole: lately(3_000) });
  t.like(cut, { verdict: 'complete', stage: 3 });
  t.deepEqual(cut.plan.caps, [1_000, 2_000, 3_000]);
  t.regex(cut.why, /^For 14 days the IP has carried all there was, 3,000 messages on the busiest day: the plan ends/);
  const some = judged(idle, { ...day({ gmail: mail(900) }), whole: lately(3_000, 3_200) });
  t.like(some, { verdict: 'not-yet', plan }, 'where a part went elsewhere, it is not');
  const early = judged({ ...idle, limitedOn: monday - 12 }, { ...day({ gmail: mail(900) }), whole: lately(3_000) });
  t.like(early, { verdict: 'not-yet', plan }, 'nor before two weeks');
  const young = { ...idle, plan: { ...plan, startsOn: monday - 20 } };
  t.like(judged(young, { ...day({ gmail: mail(900) }), whole: lately(3_000) }), { verdict: 'hold', stage: 3 });
});

test('mail of more than twice the target raises it, doubling at most from where the plan stands', (t) => {
  const at = (weekly: number) => planState({ pattern: evenPattern(weekly, 'measured') });
  const as = judged(at(7 * 20_000), day({ gmail: mail(2_000) }));
  t.deepEqual(as.plan, planState().plan, 'twice is not more than twice');
  const raised = judged(at(7 * 50_000), day({ gmail: mail(2_000) }));
  t.is(raised.plan.targetPerDay, 50_000);
  t.deepEqual(raised.plan.caps.slice(0, 2), [1_000, 2_000]);
  t.true(raised.plan.caps.every((cap, i) => cap <= 2 * (raised.plan.caps[i - 1] ?? cap)));
  t.like(raised, { verdict: 'advance', stage: 3 });
  t.regex(raised.why, /^A usual busiest day brings 50,000 messages now/);
});

test('a day without mail does not count, and 30 of them make the IP cold: it goes on from half of what it carried', (t) => {
  const idle = (days: number, change = {}) => judged(planState({ idleDays: days, ...change }), day({}));
  t.like(idle(0), { verdict: 'hold', stage: 2, idleDays: 1 });
  t.like(idle(28), { verdict: 'hold', stage: 2, idleDays: 29, cold: false });
  t.like(idle(29), { verdict: 'step-back', stage: 1, idleDays: 0, cold: true, judgedFrom: monday + 2 });
  const far = idle(29, { stage: 5 });
  t.like(far, { stage: 3, cold: true }, 'of 8,000 half');
  t.is(capNow({ ...planState(), ...nextOf(far) }), 4_000);
  const monthly = statedPattern({ busiest: 10_000, weekdays: [], everyDays: 30 });
  t.is(idle(43, { pattern: monthly }).cold, false, 'a monthly statement has 45 days');
  t.is(idle(44, { pattern: monthly }).cold, true);
  t.regex(idle(29).why, /No mail went over the IP for 30 days/);
  t.true(idle(29, { status: 'paused' }).cold, 'also while it is paused');
  t.like(idle(29, { stage: 1 }), { verdict: 'hold', stage: 1 }, 'at the first stage there is nothing to go back to');
  t.is(judged(planState({ idleDays: 29 }), day({ gmail: mail(1) })).idleDays, 0);
});

test('a paused plan moves for nothing', (t) => {
  const paused = planState({ status: 'paused' });
  t.is(capNow(paused), 0);
  t.like(judged(paused, day({})), { verdict: 'hold', stage: 2, why: 'Paused: nothing goes over the IP.' });
  const late = judged(paused, day({ gmail: mail(2_000) }));
  t.like(late, { verdict: 'hold', stage: 2 });
  t.is(late.why, 'Paused before the day’s mail was judged, so the stage is on hold.');
  t.like(judged(paused, day({ gmail: mail(2_000, { bounced: 2_000 }) })), { verdict: 'hold', stage: 2 });
});

test('a provider that defers slows only its own share, and recovers', (t) => {
  const counts = { gmail: mail(1_500), microsoft: mail(500, { deferred: 101, delivered: 399 }) };
  const slowed = judged(planState(), day(counts));
  t.like(slowed, { verdict: 'advance', stage: 3, slowed: { microsoft: 250 } }, 'the plan goes on');
  t.regex(slowed.why, /Outlook\.com deferred 20\.2 % of its mail and gets at most 250 messages a day\.$/);
  t.deepEqual(judged(planState(), day({ ...counts, microsoft: mail(500, { deferred: 100 }) })).slowed, {});
  const next = after(planState(), slowed);
  t.deepEqual(judged(next, day({ gmail: mail(3_000), microsoft: mail(250, { deferred: 200 }) })).slowed, {
    microsoft: 125,
  });
  t.deepEqual(judged(next, day({ gmail: mail(3_000), microsoft: mail(250) })).slowed, { microsoft: 500 });
  t.deepEqual(judged(next, day({ gmail: mail(3_000) })).slowed, { microsoft: 250 }, 'nothing is known of it today');
  const last = judged({ ...next, slowed: { microsoft: 2_000 } }, day({ gmail: mail(3_000), microsoft: mail(900) }));
  t.deepEqual(last.slowed, {}, 'twice that is the whole cap');
  t.regex(last.why, /Outlook\.com takes its mail again/);
});

test('a day that pauses the plan slows no provider: nothing goes to any of them until somebody has looked', (t) => {
  const mails = { gmail: mail(10_000, { bounced: 2_000 }), microsoft: mail(500, { deferred: 400 }) };
  t.like(judged(planState(), day(mails)), { verdict: 'pause', slowed: {} });
  const slowedBefore = planState({ slowed: { yahoo: 300 } });
  t.like(judged(slowedBefore, day(mails)), { verdict: 'pause', slowed: { yahoo: 300 } });
});

test('C-17: what completes a plan ends the limits of its slowed providers, where no warm IP is held back', (t) => {
  const last = planState({ stage: 5, nextDay: monday + 40, slowed: { microsoft: 250 } });
  const counts = { gmail: mail(9_500), microsoft: mail(250, { deferred: 100 }) };
  const step = judged(last, day(counts, counts, monday + 40), sendgrid);
  t.like(step, { verdict: 'complete', slowed: {} });
  t.notRegex(step.why, /Outlook\.com/);
  const held = judged({ ...last, nextDay: monday + 4 }, day(counts, counts, monday + 4));
  t.like(held, { verdict: 'hold', slowed: { microsoft: 125 } }, 'C-14: not before the least days');
});

test('a provider is judged by enough mail only, or by all that it may get', (t) => {
  const few = (limit: number, sent: number) =>
    judged(
      planState({ slowed: { yahoo: limit } }),
      day({ gmail: mail(1_500), yahoo: mail(sent, { deferred: sent, delivered: 0 }) }),
    ).slowed;
  t.deepEqual(few(600, 99), { yahoo: 600 });
  t.deepEqual(few(600, 100), { yahoo: 50 });
  t.deepEqual(few(20, 20), { yahoo: 10 });
  t.deepEqual(few(1, 1), { yahoo: 1 }, 'never less than one');
  const taken = (limit: number, sent: number) =>
    judged(planState({ slowed: { yahoo: limit } }), day({ gmail: mail(1_500), yahoo: mail(sent) })).slowed;
  t.deepEqual(taken(600, 99), { yahoo: 600 }, 'nor is the limit of one raised that took next to nothing');
  t.deepEqual(taken(600, 100), { yahoo: 1_200 });
  t.deepEqual(taken(20, 20), { yahoo: 40 });
  t.deepEqual(judged(planState(), day({ gmail: mail(1_900), yahoo: mail(99, { deferred: 99 }) })).slowed, {});
});

test('a provider that bounces more than holds a plan is slowed as well', (t) => {
  const bounced = (count: number) =>
    judged(planState(), day({ gmail: mail(1_800), yahoo: mail(200, { bounced: count }) })).slowed;
  t.deepEqual(bounced(10), {});
  t.deepEqual(bounced(11), { yahoo: 100 });
  const everywhere = { gmail: mail(1_800, { bounced: 150 }), yahoo: mail(200, { bounced: 16 }) };
  t.like(
    judged(planState(), day(everywhere)),
    { verdict: 'hold', slowed: {} },
    'what bounces everywhere is the list’s',
  );
  t.deepEqual(
    judged(planState(), day({ yahoo: mail(200, { bounced: 16 }) })).slowed,
    {},
    'and so it is where all goes to one',
  );
});

test('what most of the mail meets concerns the whole plan', (t) => {
  const step = judged(
    planState(),
    day({ gmail: mail(400), microsoft: mail(1_600, { deferred: 1_600, delivered: 0 }) }),
  );
  t.like(step, { verdict: 'hold', stage: 2, slowed: { microsoft: 800 } });
});

test('by the calendar a stage passes with the date, with mail or without', (t) => {
  const calendar = planState({ clock: 'calendar' });
  t.like(judged(calendar, day({})), { verdict: 'advance', stage: 3 });
  t.like(judged(calendar, day({ gmail: mail(3) })), { verdict: 'advance', stage: 3 });
  t.is(judged(calendar, day({ gmail: mail(2_000, { bounced: 150 }) })).verdict, 'hold', 'the brakes are the same');
  const last = { ...calendar, stage: 5 };
  t.like(judged(last, day({ gmail: mail(900) }), sendgrid), { verdict: 'complete', warmedTo: 1_000 }, 'no least days');
  t.is(judged(last, day({}), sendgrid).verdict, 'not-yet', 'what carried nothing is not warm');
  t.is(judged({ ...last, progress: 5 }, day({}), sendgrid).verdict, 'complete');
});

test('C-14: a plan is complete at its target and not before the policy’s least days', (t) => {
  const last = planState({ stage: 5 });
  const on = (nth: number, sent = 10_000) =>
    judged(last, day({ gmail: mail(sent) }, undefined, monday + nth - 1)).verdict;
  t.is(on(29), 'hold');
  t.is(on(30), 'complete');
  t.is(on(30, 0), 'hold', 'only with mail');
  t.is(on(30, 8_999), 'not-yet');
  t.is(judged({ ...last, stage: 4 }, day({ gmail: mail(8_000) }, undefined, monday + 60)).verdict, 'advance');
  t.is(expectedFinish(last, monday + 4, customerio), monday + 29);
});

test('the policy in force says where the limits are', (t) => {
  const { warmup } = customerio;
  const strict: Policy = {
    ...customerio,
    warmup: {
      ...warmup,
      brakes: { ...warmup.brakes, bounce: { hold: rate(0.01), pause: rate(0.02) }, heldCap: rate(0.25) },
    },
  };
  t.like(judged(planState(), day({ gmail: mail(WEEK, { bounced: 101 }) }), strict), {
    verdict: 'hold',
    capPercent: 25,
  });
  t.is(judged(planState(), day({ gmail: mail(WEEK, { bounced: 201 }) }), strict).verdict, 'pause');
});

const rate = (value: number) => ({ value, rule: 'own choice' });
