// S-24: how wanted mail is, from 1 to 5: a pure function of thirty days' counts.
import test from 'ava';
import fc from 'fast-check';
import { readPolicy } from '../../src/policy/document/policy.ts';
import { type EngagementSums, engagementQuality, sumEngagement } from '../../src/reputation/engagement/score.ts';
import { engaged } from '../../src/reputation/engagement/wording.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const rules = sendgrid.engagementQuality;

/** A month of 10,000 messages of which all is known and nothing is wrong, but for what is said otherwise. */
const month = (wish: Partial<EngagementSums> = {}): EngagementSums => ({
  ...{ sent: 10_000, bounced: 0, complained: 0 },
  ...{ openKnown: 10_000, opened: 4_000, openedByProxy: 0, knowsProxies: true, clickKnown: 0, clicked: 0 },
  ...{ recency: [10_000, 0, 0, 0, 0], classKnown: 10_000, blocked: 0 },
  ...wish,
});
const quality = (wish: Partial<EngagementSums> = {}) => engagementQuality(month(wish), rules);
const scoresOf = (wish: Partial<EngagementSums>) =>
  Object.fromEntries(quality(wish)?.metrics.map(({ name, score }) => [name, score]) ?? []);

test('S-24: the best mail has 5 points in all five metrics, the worst 1', (t) => {
  t.deepEqual(scoresOf({}), {
    ...{ engagement_recency: 5, open_rate: 5, bounce_classification: 5, bounce_rate: 5, spam_rate: 5 },
  });
  t.is(quality()?.score, 5);
  const worst = quality({
    ...{ bounced: 2_000, blocked: 1_000, complained: 500, opened: 0, recency: [0, 0, 0, 0, 10_000] },
  });
  t.deepEqual(
    worst?.metrics.map(({ score }) => score),
    [1, 1, 1, 1, 1],
  );
  t.is(worst?.score, 1);
});

test('S-24: each metric falls a point at the rates of the policy, not before', (t) => {
  const spam = (complained: number) => scoresOf({ complained })['spam_rate'];
  t.deepEqual([2, 3, 5, 6, 10, 11, 30, 31].map(spam), [5, 4, 4, 3, 3, 2, 2, 1]);
  const bounces = (bounced: number) => scoresOf({ bounced })['bounce_rate'];
  t.deepEqual([50, 51, 100, 101, 200, 201, 500, 501].map(bounces), [5, 4, 4, 3, 3, 2, 2, 1]);
  const blocks = (blocked: number) => scoresOf({ bounced: blocked, blocked })['bounce_classification'];
  t.deepEqual([20, 21, 50, 51, 100, 101, 300, 301].map(blocks), [5, 4, 4, 3, 3, 2, 2, 1]);
  const opens = (opened: number) => scoresOf({ opened })['open_rate'];
  t.deepEqual([3_000, 2_999, 2_000, 1_999, 1_200, 1_199, 600, 599].map(opens), [5, 4, 4, 3, 3, 2, 2, 1]);
  const recency = (...of: [number, number, number, number, number]) => scoresOf({ recency: of })['engagement_recency'];
  t.is(recency(0, 10_000, 0, 0, 0), 4, '0.6 of each message, to the last of them');
  t.is(recency(0, 9_999, 1, 0, 0), 3);
  t.is(recency(0, 0, 10_000, 0, 0), 2);
  t.is(recency(0, 0, 0, 10_000, 0), 1);
});

test('S-24: a bounce counts once: as a block where it blames reputation or content, else in the bounce rate', (t) => {
  t.like(scoresOf({ bounced: 400, blocked: 400 }), { bounce_classification: 1, bounce_rate: 5 });
  t.like(scoresOf({ bounced: 400, blocked: 0 }), { bounce_classification: 5, bounce_rate: 2 });
});

test('S-24: below 1,000 messages in 30 days there is no score', (t) => {
  t.is(quality({ sent: 999, openKnown: 999, opened: 500, recency: [999, 0, 0, 0, 0], classKnown: 999 }), null);
  t.is(quality({ sent: 1_000, openKnown: 1_000, opened: 500, recency: [1_000, 0, 0, 0, 0] })?.score, 5);
  const shown = engaged({ day: 20_000, sums: month({ sent: 999 }), quality: null }, rules);
  t.deepEqual(shown.notes, ['Too little mail to judge: 999 messages in 30 days. A score needs at least 1,000.']);
});

test('S-24: what nobody reports is left out of the score, which says what it is missing', (t) => {
  const sums = month({ openKnown: 0, opened: 0, knowsProxies: false, recency: [0, 0, 0, 0, 0], classKnown: 0 });
  const found = engagementQuality({ ...sums, complained: 6, bounced: 60 }, rules);
  t.is(found?.score, 4, 'the mean of 4 and 3 is rounded up');
  t.deepEqual(
    found?.missing.map(({ name }) => name),
    ['engagement_recency', 'open_rate', 'bounce_classification'],
  );
  const shown = engaged({ day: 20_000, sums, quality: found }, rules);
  t.is(shown.brief, '4 of 5, from 2 of 5 metrics');
  t.regex(shown.notes.join('\n'), /“Opened”\. The mail system does not report which messages were opened/);
  t.regex(shown.notes.join('\n'), /does not report how lately recipients had opened or clicked/);
  t.regex(shown.notes.join('\n'), /does not report why messages bounced/);
});

test('S-24: what privacy proxies opened is neither opened nor unopened', (t) => {
  t.is(scoresOf({ opened: 1_000 })['open_rate'], 2);
  t.is(scoresOf({ opened: 1_000, openedByProxy: 6_000 })['open_rate'], 4, '25 % of the 4,000 others');
  const few = quality({ opened: 10, openedByProxy: 9_901 });
  t.deepEqual(few?.missing, [{ name: 'open_rate', why: 'too little', known: 99 }]);
  const shown = (wish: Partial<EngagementSums>) =>
    engaged({ day: 20_000, sums: month(wish), quality: quality(wish) }, rules).notes.join('\n');
  t.regex(shown({ openedByProxy: 6_000 }), /Only privacy proxies opened another 6,000 messages/);
  t.regex(shown({ knowsProxies: false }), /does not tell opens by privacy proxies apart/);
});

const LIMITS = ['sent', 'openKnown', 'classKnown'] as const;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const mail = fc
  .record({
    sent: fc.integer({ min: 1_000, max: 3_000_000 }),
    shares: fc.array(share, { minLength: 12, maxLength: 12 }),
    unknown: fc.subarray(['opens', 'recency', 'classes'] as const),
  })
  .map(({ sent, shares, unknown }): EngagementSums => {
    let next = 0;
    const some = (of: number, most = 1) => Math.floor(of * most * (shares[next++ % 12] ?? 0));
    const bounced = some(sent, 0.1);
    const isKnown = (what: 'opens' | 'recency' | 'classes') => !unknown.includes(what);
    const openKnown = isKnown('opens') ? sent : 0;
    const openedByProxy = some(openKnown);
    const recency = Array.from({ length: 5 }, () => (isKnown('recency') ? some(sent, 0.2) : 0));
    return {
      ...{ sent, bounced, complained: some(sent, 0.005), openKnown, openedByProxy, knowsProxies: true },
      ...{ opened: some(openKnown - openedByProxy), clickKnown: 0, clicked: 0 },
      recency: recency as unknown as EngagementSums['recency'],
      ...{ classKnown: isKnown('classes') ? sent : 0, blocked: isKnown('classes') ? some(bounced) : 0 },
    };
  });
const scoreOf = (sums: EngagementSums): number => engagementQuality(sums, rules)?.score ?? 0;
const some = fc.integer({ min: 1, max: 50_000 });

test('S-24: more complaints of the same mail never score better', (t) => {
  fc.assert(
    fc.property(mail, some, (sums, more) => {
      const complained = Math.min(sums.sent, sums.complained + more);
      return scoreOf({ ...sums, complained }) <= scoreOf(sums);
    }),
    { numRuns: 1_000 },
  );
  t.pass();
});

test('S-24: more bounces of the same mail never score better, whatever class they have', (t) => {
  fc.assert(
    fc.property(mail, some, share, (sums, more, blocks) => {
      const bounced = Math.min(sums.sent, sums.bounced + more);
      const blocked = sums.classKnown === 0 ? 0 : sums.blocked + Math.floor((bounced - sums.bounced) * blocks);
      return scoreOf({ ...sums, bounced, blocked }) <= scoreOf(sums);
    }),
    { numRuns: 1_000 },
  );
  t.pass();
});

test('S-24: mail to people who engaged more lately never scores worse', (t) => {
  fc.assert(
    fc.property(mail, fc.nat(3), fc.nat(3), some, (sums, later, further, more) => {
      const from = Math.min(4, later + 1 + further);
      const recency = [...sums.recency] as [number, number, number, number, number];
      const moved = Math.min(more, recency[from] ?? 0);
      recency[from] = (recency[from] ?? 0) - moved;
      recency[later] = (recency[later] ?? 0) + moved;
      return scoreOf({ ...sums, recency }) >= scoreOf(sums);
    }),
    { numRuns: 1_000 },
  );
  t.pass();
});

test('S-24: more opens of the same mail never score worse', (t) => {
  fc.assert(
    fc.property(mail, some, (sums, more) => {
      const opened = Math.min(sums.openKnown - sums.openedByProxy, sums.opened + more);
      return scoreOf({ ...sums, opened }) >= scoreOf(sums);
    }),
    { numRuns: 1_000 },
  );
  t.pass();
});

test('S-24: the sums of days are those of their mail together', (t) => {
  const day = month({ sent: 1_000, knowsProxies: false, recency: [1, 2, 3, 4, 5] });
  const both = sumEngagement([day, month({ sent: 7, blocked: 3 })]);
  t.like(both, { sent: 1_007, blocked: 3, knowsProxies: true, recency: [10_001, 2, 3, 4, 5] });
  for (const name of LIMITS) t.is(both[name], day[name] + month({ sent: 7 })[name]);
});

test('S-24: a policy whose rates do not rise or fall is refused, and one without them has our own', (t) => {
  const { engagementQuality: _, ...without } = structuredClone(customerio) as Record<string, unknown>;
  const old = readPolicy(without);
  t.is(old.ok && old.value.engagementQuality.minimumMessages.value, 1_000);
  const wrong = structuredClone(sendgrid) as unknown as { engagementQuality: { spamRate: { value: number[] } } };
  wrong.engagementQuality.spamRate.value = [0.003, 0.001, 0.0005, 0.0002];
  const read = readPolicy(wrong);
  t.regex(read.ok ? '' : read.problem.join('\n'), /engagementQuality\.spamRate\.value.*must rise/);
});

test('S-24: the shipped SendGrid policy has the days and messages of its document', (t) => {
  t.deepEqual(rules.windowDays, { value: 30, rule: 'S-24' });
  t.deepEqual(rules.minimumMessages, { value: 1_000, rule: 'S-24' });
});
