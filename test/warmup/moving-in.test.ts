// The plan of an IP that was moved in: it goes on at what the IP carries. Pure.
import test from 'ava';
import fc from 'fast-check';
import { parseDay } from '../../src/form.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { ofIp, whyYou } from '../../src/warmup/mails/wording.ts';
import { movedIn } from '../../src/warmup/moving-in/plan.ts';
import { plannedSince } from '../../src/warmup/pages/forecast.ts';
import { capNow, warmLimit } from '../../src/warmup/state.ts';
import { watchDay } from '../../src/warmup/warm/watch.ts';

const policies = ['customerio', 'sendgrid'].map((name) => {
  const read = loadPolicy(policyPath(name));
  if (!read.ok) throw new Error(read.problem.join('\n'));
  return read.value;
});
const TODAY = parseDay('2026-11-23') ?? 0;
const [customerio] = policies;

const anyWarmth = fc
  .record({
    target: fc.integer({ min: 1, max: 2_000_000 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    days: fc.nat(900),
  })
  .map(({ target, part, days }) => ({ target, perDay: Math.max(1, Math.round(target * part)), since: TODAY - days }));

for (const policy of policies) {
  test(`a warming IP may carry today exactly what it carried, whatever that is (${policy.name})`, (t) => {
    fc.assert(
      fc.property(anyWarmth, (warmth) => {
        const state = movedIn(policy, { ...warmth, state: 'warming' }, TODAY);
        const { caps, targetPerDay, finishesOn, startsOn } = state.plan;
        t.is(capNow(state), warmth.perDay);
        t.is(caps.at(-1), targetPerDay);
        t.true(
          caps.every((cap, at) => at === 0 || cap >= (caps[at - 1] ?? 0)),
          `${caps}`,
        );
        t.is(startsOn, warmth.since);
        t.true(finishesOn >= TODAY);
        t.is(plannedSince(state, { on: TODAY, perDay: warmth.perDay }, policy)[0], warmth.perDay);
      }),
      { numRuns: 200 },
    );
  });

  test(`an active IP carries at most twice what it is warmed to, and has the stages below it (${policy.name})`, (t) => {
    fc.assert(
      fc.property(anyWarmth, ({ target, since }) => {
        const state = movedIn(policy, { state: 'active', perDay: target, target, since }, TODAY);
        t.is(capNow(state), null);
        t.is(state.warmedTo, target);
        t.is(warmLimit(state), Math.max(2 * target, state.plan.caps[0] ?? 1));
        t.is(state.plan.caps.at(-1), target);
      }),
      { numRuns: 200 },
    );
  });
}

test('an IP that was moved in and rests for too long warms up again from half of its level', (t) => {
  if (!customerio) throw new Error('it is shipped');
  let state = movedIn(customerio, { state: 'active', perDay: 80_000, target: 80_000, since: TODAY - 400 }, TODAY);
  const nothing = { sent: 0, delivered: 0, deferred: 0, bounced: 0, complained: 0 };
  let days = 0;
  for (; state.status === 'complete' && days < 100; days += 1) {
    const mail = { counts: {}, today: nothing, window: nothing, all: 0, busiest: 0 };
    const facts = { day: TODAY + days, ...mail, hasOverflow: true, isPoolBeyond: true };
    state = watchDay(state, facts, customerio).state;
  }
  t.is(days, customerio.warmup.coldAfterIdleDays.value);
  const cap = capNow(state) ?? 0;
  t.true(cap > 20_000 && cap <= 40_000, `${cap}`);
});

test('a mail about an IP that was moved in names no request', (t) => {
  const given = { account: 'Acme', address: '198.51.100.11', reference: null };
  t.is(ofIp('Warm-up paused:', given), 'Warm-up paused: 198.51.100.11');
  t.is(
    whyYou(given),
    'You get this mail because you look after the dedicated IPs of Acme or decide about their costs.',
  );
  t.is(ofIp('Warm-up paused:', { ...given, reference: 'WD-1001' }), 'Warm-up paused: 198.51.100.11 (WD-1001)');
});
