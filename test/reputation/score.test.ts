import test from 'ava';
import fc from 'fast-check';
import { readPolicy } from '../../src/policy/document/policy.ts';
import { isLowered, limitFor, nearOf } from '../../src/reputation/limit.ts';
import { scoreOf } from '../../src/reputation/score.ts';
import { partRows } from '../../src/reputation/wording.ts';
import type { Counts } from '../../src/sending/counts.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const counts = (sent: number, bad: Partial<Counts> = {}): Counts => ({
  ...{ sent, delivered: sent, deferred: 0, bounced: 0, complained: 0 },
  ...bad,
});
const value = (of: Counts) => scoreOf(of, sendgrid)?.value;

test('a score is 100 for clean mail, 0 where everything is at its worst, and falls evenly in between', (t) => {
  t.is(value(counts(100_000)), 100);
  t.is(value(counts(100_000, { complained: 300, bounced: 10_000, deferred: 50_000 })), 0);
  t.is(
    value(counts(100_000, { complained: 100_000, bounced: 0, deferred: 0 })),
    50,
    'worse than the worst costs no more',
  );
  t.is(value(counts(100_000, { complained: 150 })), 75);
  t.is(value(counts(100_000, { bounced: 2_000 })), 93);
  t.is(value(counts(100_000, { deferred: 10_000 })), 97);
});

test('below the minimum sample nobody is judged', (t) => {
  t.is(scoreOf(counts(999, { complained: 900 }), sendgrid), null);
  t.is(value(counts(1_000)), 100);
  t.is(scoreOf(counts(0), sendgrid), null);
});

test('the parts of a score add up to it, and are shown with their rates', (t) => {
  const score = scoreOf(counts(10_000, { complained: 9, bounced: 360, deferred: 400 }), customerio);
  t.is(score?.value, 71);
  t.deepEqual(score && partRows(score).map(({ title, rate, points, most }) => [title, rate, points, most]), [
    ['Reported as spam', '0.09 %', '35', 50],
    ['Bounced', '3.6 %', '22.4', 35],
    ['Deferred', '4 %', '13.8', 15],
  ]);
});

const mail = fc.record({
  sent: fc.integer({ min: 1_000, max: 2_000_000 }),
  bad: fc.tuple(...Array.from({ length: 3 }, () => fc.double({ min: 0, max: 1, noNaN: true }))),
});
const KINDS = ['complained', 'bounced', 'deferred'] as const;

test('S-02: more complaints, bounces or deferrals of the same mail never score better nor raise the limit', (t) => {
  fc.assert(
    fc.property(
      mail,
      fc.constantFrom(...KINDS),
      fc.integer({ min: 1, max: 10_000 }),
      fc.nat(1_000_000),
      (m, kind, more, usual) => {
        const [a = 0, b = 0, c = 0] = m.bad.map((share) => Math.floor(share * m.sent));
        const before = counts(m.sent, { complained: a, bounced: b, deferred: c });
        const after = { ...before, [kind]: Math.min(m.sent, before[kind] + more) };
        const [was, is] = [value(before) ?? 0, value(after) ?? 0];
        t.true(is <= was, `${was} became ${is}`);
        t.true(is >= 0 && was <= 100);
        const [from, to] = [was, is].map(
          (score) => limitFor(score, usual, sendgrid.reputation).perDay ?? Number.POSITIVE_INFINITY,
        );
        t.true(Number(to) <= Number(from));
      },
    ),
  );
  t.pass();
});

test('S-02: the limit follows the score and the sender, and is never below what its step lets everybody send', (t) => {
  const limit = (score: number | null, usual: number) => limitFor(score, usual, sendgrid.reputation);
  t.deepEqual(limit(90, 1_000_000), { step: 4, perDay: null });
  t.deepEqual(limit(89, 100_000), { step: 3, perDay: 200_000 });
  t.deepEqual(limit(75, 10), { step: 3, perDay: 50_000 });
  t.deepEqual(limit(60, 100_001), { step: 2, perDay: 100_001 });
  t.deepEqual(limit(59, 100_001), { step: 1, perDay: 50_001 });
  t.deepEqual(limit(0, 0), { step: 0, perDay: 1_000 });
  t.deepEqual(limit(null, 0), { step: null, perDay: 50_000 });
  t.deepEqual(limitFor(0, 100, customerio.reputation), { step: null, perDay: null }, 'Customer.io has no such rule');
  t.is(nearOf(1_000), 800);
});

test('S-02: people are told where they fall to a step that limits them, not where they rise', (t) => {
  const of = (step: number | null, perDay: number | null) => ({ step, perDay });
  t.true(isLowered(of(3, 200_000), of(2, 100_000)));
  t.true(isLowered(of(4, null), of(3, 200_000)));
  t.true(isLowered(null, of(1, 5_000)));
  t.false(isLowered(of(2, 100_000), of(3, 200_000)));
  t.false(isLowered(of(2, 100_000), of(2, 90_000)), 'a usual day that was smaller is not news');
  t.false(isLowered(null, of(4, null)));
  t.false(isLowered(of(3, 1), of(null, 50_000)));
});

test('a policy whose limits fall with a better score, or whose points are not 100, is refused', (t) => {
  const copy = () => structuredClone(sendgrid);
  const problems = (change: (policy: ReturnType<typeof copy>) => void) => {
    const policy = copy();
    change(policy);
    const read = readPolicy(policy);
    return read.ok ? [] : read.problem;
  };
  t.deepEqual(
    problems(() => {}),
    [],
  );
  t.regex(
    problems(({ reputation }) => Object.assign(reputation.dailyLimits.value?.steps[2] ?? {}, { perDay: 1 })).join(),
    /reputation\.dailyLimits\.value\.steps: must begin at 0 and rise/,
  );
  t.regex(
    problems(({ reputation }) => Object.assign(reputation.bounce.points, { value: 40 })).join(),
    /reputation: the points of complaint, bounce and deferral must add up to 100/,
  );
});
