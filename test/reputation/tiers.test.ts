import test from 'ava';
import fc from 'fast-check';
import type { Pool } from '../../src/policy/document/policy.ts';
import { poolOfDomain } from '../../src/policy/document/pools.ts';
import { scoreOf } from '../../src/reputation/score.ts';
import { judgeNight, type Night, type Outcome, type Place } from '../../src/reputation/tiers/judge.ts';
import { judgeSending } from '../../src/reputation/tiers/judge-sending.ts';
import { poolLimits, rated } from '../../src/sending/rates.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const NEW: Place = { tier: 1, movedOn: null, warnedOn: null, keptUntil: null };
const limits = poolLimits(customerio, 'default');

/** A night with mail of which this part bounced and was reported. */
const night = (today: number, score: number | null, bad: { bounced?: number; complained?: number } = {}): Night => {
  const { bounced = 0, complained = 0 } = bad;
  const counts = { sent: 100_000, delivered: 100_000 - bounced, deferred: 0, bounced, complained };
  return { today, score, mail: rated(counts, limits), limits, isTiered: true, windowDays: 28 };
};
const OVER = { bounced: 8_000 };
const WORST = { bounced: 15_000 };
const byCio = (place: Place, of: Night): Outcome => judgeNight(place, of, customerio.reputation);
const bySg = (place: Place, of: Night): Outcome => judgeNight(place, of, sendgrid.reputation);

test('S-01: a score below its tier moves a domain down at once, and up with five points to spare a week after a move', (t) => {
  t.like(bySg(NEW, night(100, 60)), { move: 'stay' });
  const down = bySg(NEW, night(100, 59));
  t.like(down, { move: 'lower', place: { tier: 2, movedOn: 100 } });
  t.is(down.why, 'Its score of 59 is below the 60 that this tier needs.');
  t.like(bySg(down.place, night(101, 0)), { move: 'stay', place: { tier: 2 } }, 'there is no lower one');
  t.like(bySg(down.place, night(107, 64)), { move: 'stay' });
  const early = bySg(down.place, night(106, 65));
  t.like(early, { move: 'stay', place: { tier: 2 } });
  t.regex(early.why, /it moved less than seven days ago/);
  t.like(bySg(down.place, night(107, 65)), { move: 'raise', place: { tier: 1, movedOn: 107 } });
  t.like(bySg({ ...NEW, tier: 2 }, night(107, null)), { move: 'stay' }, 'too little mail moves nothing');
});

test('C-02: rates over the limits are warned of in numbers, then bring the lower tier, and at the last limit a stop', (t) => {
  const warned = byCio(NEW, night(100, 69, OVER));
  t.like(warned, { move: 'warn', place: { tier: 1, warnedOn: 100 } });
  t.is(warned.why, 'Over the last 28 days, 8 % of its mail bounced (limit 5 %).');
  t.like(byCio(warned.place, night(106, 69, OVER)), { move: 'stay' });
  t.like(byCio(warned.place, night(106, 90)), { move: 'stay', place: { warnedOn: 100 } }, 'a warning holds for a week');
  t.like(byCio(warned.place, night(107, 90)), { move: 'clear', place: { warnedOn: null, tier: 1 } });
  const lower = byCio(warned.place, night(107, 69, OVER));
  t.like(lower, { move: 'lower', place: { tier: 2, movedOn: 107, warnedOn: 107 } });
  t.like(byCio(lower.place, night(114, 69, OVER)), { move: 'stay' }, 'over its limits, but not over the last ones');
  t.like(byCio(lower.place, night(113, 15, WORST)), { move: 'stay' });
  t.like(
    byCio(lower.place, night(114, 15, WORST)),
    { move: 'stop', place: { warnedOn: null } },
    'and warned first when it is back',
  );
  t.like(bySg(NEW, night(100, 69, OVER)), { move: 'stay' }, 'SendGrid’s document takes nobody out');
});

test('C-02: a warning ends with the mail that it was about, and later mail gets one of its own', (t) => {
  const warned = byCio(NEW, night(100, 69, OVER)).place;
  t.is(byCio(warned, night(127, null)).place.warnedOn, 100);
  const silent = byCio(warned, night(128, null)).place;
  t.is(silent.warnedOn, null);
  t.like(byCio(silent, night(300, 15, WORST)), { move: 'warn', place: { tier: 1, warnedOn: 300 } });
});

test('S-01: a night that is done again moves a domain no further', (t) => {
  const tiers = {
    ...sendgrid.reputation,
    tiers: { rule: 'own choice', value: { from: [80, 50, 0], margin: 5, raiseDays: 7 } },
  };
  const once = judgeNight(NEW, night(100, 20), tiers);
  t.like(once, { move: 'lower', place: { tier: 2 } });
  t.like(judgeNight(once.place, night(100, 20), tiers), { move: 'stay', place: { tier: 2 } });
  t.like(judgeNight(once.place, night(101, 20), tiers), { move: 'lower', place: { tier: 3 } });
});

test('S-01: the way back to a tier is never above a hundred points', (t) => {
  const tiers = {
    ...sendgrid.reputation,
    tiers: { rule: 'own choice', value: { from: [98, 0], margin: 5, raiseDays: 7 } },
  };
  t.like(judgeNight({ ...NEW, tier: 2, movedOn: 1 }, night(100, 100), tiers), { move: 'raise', place: { tier: 1 } });
});

test('C-03: a domain of the transactional pool has no tier to fall to: staff decide, and at the last limit it is stopped', (t) => {
  const pooled = (today: number, bad: { bounced?: number }): Night => ({ ...night(today, 40, bad), isTiered: false });
  const warned = byCio(NEW, pooled(100, WORST));
  t.is(warned.move, 'warn');
  t.like(byCio(warned.place, pooled(107, OVER)), { move: 'report', place: { tier: 1, warnedOn: 107 } }, 'once a week');
  t.like(byCio(warned.place, pooled(107, WORST)), { move: 'stop' });
});

test('staff overrule: up to the day that they chose nothing moves', (t) => {
  const kept = { ...NEW, keptUntil: 120 };
  t.like(byCio(kept, night(120, 0, WORST)), { move: 'stay', why: 'Staff decided that it stays.' });
  t.is(byCio(kept, night(121, 0, WORST)).move, 'warn');
});

const bad = fc.constantFrom({}, {}, OVER, WORST, { complained: 200 });
const step = fc.record({
  days: fc.integer({ min: 1, max: 4 }),
  score: fc.option(fc.integer({ min: 0, max: 100 })),
  bad,
});
const THREE = {
  ...customerio.reputation,
  tiers: { value: { from: [80, 50, 0], margin: 5, raiseDays: 7 }, rule: 'C-02' },
};

/** What a series of nights comes to. */
function over(nights: readonly Night[], rules = THREE): (Outcome & { readonly on: number })[] {
  let place = NEW;
  return nights.map((one) => {
    const outcome = judgeNight(place, one, rules);
    place = outcome.place;
    return { ...outcome, on: one.today };
  });
}

test('S-01: whatever the series, nothing flaps: one tier a night, and upwards a week after any move at the earliest', (t) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      let today = 20_000;
      const outcomes = over(
        steps.map(({ days, score, bad }) => {
          today += days;
          return night(today, score, bad);
        }),
      );
      let [tier, movedOn, warnedOn] = [1, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const { place, move, on, why } of outcomes) {
        if (move === 'warn') {
          t.true(on - warnedOn >= 7, 'at most one warning a week');
          warnedOn = on;
        }
        t.true(place.tier >= 1 && place.tier <= 3);
        t.is(place.tier - tier, { raise: -1, lower: 1 }[move as string] ?? 0);
        if (move === 'raise') t.true(on - movedOn >= 7);
        if (place.tier !== tier) movedOn = on;
        t.not(why, '', 'each is explained');
        tier = place.tier;
      }
    }),
  );
  t.pass();
});

test('S-01: a score that wavers by less than the margin never moves a domain both ways', (t) => {
  const wavering = fc.tuple(
    fc.integer({ min: 0, max: 96 }),
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 120 }),
  );
  fc.assert(
    fc.property(wavering, fc.integer({ min: 1, max: 3 }), ([base, waves], tier) => {
      let place: Place = { ...NEW, tier };
      const moves = new Set<string>();
      for (const [nth, wave] of waves.entries()) {
        const outcome = judgeNight(place, night(20_000 + nth, base + wave), THREE);
        place = outcome.place;
        moves.add(outcome.move);
      }
      t.false(moves.has('raise') && moves.has('lower'));
    }),
  );
  t.pass();
});

test('C-02: over a month of 1,000 domains the bad leave step by step, the good stay, and every move says why', (t) => {
  const stopAt = customerio.reputation.removal.value?.stopAt ?? { bounce: 0, complaint: 0 };
  for (let nth = 0; nth < 1_000; nth += 1) {
    const [bounced, complained] = [(nth % 23) * 700, (nth % 41) * 11];
    const counts = { sent: 100_000, delivered: 100_000 - bounced, deferred: (nth % 5) * 2_000, bounced, complained };
    const score = scoreOf(counts, customerio)?.value ?? null;
    const [bounce, complaint] = [bounced / counts.sent, complained / counts.sent];
    const done: string[] = [];
    let [place, isStopped] = [NEW, false];
    for (let today = 100; today < 130; today += 1) {
      const outcome = judgeSending({ route: 'default', isStopped, place }, { counts, score }, customerio, today);
      place = outcome.place;
      if (outcome.move === 'stay') continue;
      isStopped ||= outcome.move === 'stop';
      done.push(`${today} ${outcome.move}`);
      t.regex(outcome.why, /%|score/, 'in numbers');
    }
    const isOver = bounce > limits.bounce || complaint > limits.complaint;
    const isWorst = bounce > stopAt.bounce || complaint > stopAt.complaint;
    const steps = isOver ? ['100 warn', '107 lower', ...(isWorst ? ['114 stop'] : [])] : [];
    t.deepEqual(done, isOver || Number(score) >= 60 ? steps : ['100 lower'], `${bounce} ${complaint}`);
  }
});

const pool = (key: string, change: Partial<Pool> = {}): Pool => ({
  ...{ key, kind: 'default', region: 'us', addresses: ['192.0.2.1'] },
  ...change,
});

test('S-01: a domain has the pool of its tier, or the next better one that has addresses; several alike share the domains', (t) => {
  const pools = [
    pool('a'),
    pool('b'),
    pool('low', { tier: 2 }),
    pool('lower', { tier: 3, addresses: [] }),
    pool('eu', { region: 'eu' }),
  ];
  const of = (name: string, tier: number, all = pools) =>
    poolOfDomain(all, { kind: 'default', region: 'us', tier, name })?.key;
  const names = Array.from({ length: 400 }, (_, nth) => `d${nth}.test`);
  const shared = names.filter((name) => of(name, 1) === 'a').length;
  t.true(shared > 100 && shared < 300, `${shared} of 400`);
  for (const name of names) {
    t.is(of(name, 2), 'low');
    t.is(of(name, 3), 'low', 'a pool without addresses is not set up');
    const added = of(name, 1, [...pools, pool('c')]);
    if (added !== 'c') t.is(added, of(name, 1), 'where one is added, only what goes there moves');
  }
  t.is(
    poolOfDomain(pools, { kind: 'default', region: 'eu', tier: 2, name: 'x' })?.key,
    'eu',
    'S-04: never another region',
  );
  t.is(poolOfDomain(pools, { kind: 'transactional', region: null, tier: 1, name: 'x' }), undefined);
});
