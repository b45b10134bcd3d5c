// Sizing advice: today, if it goes on growing, and as it is planned, in words.
import test from 'ava';
import { dayOf, weekStart } from '../../src/day.ts';
import { sizingOf } from '../../src/requests/sizing.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const at = Date.UTC(2026, 10, 23, 9);
const monday = weekStart(dayOf(at));
const counts = Array.from({ length: 12 }, (_, index) => ({
  from: monday - 7 * (12 - index),
  sent: 60_000 + index * 10_000,
  transactional: (60_000 + index * 10_000) / 2,
  ...{ recentSent: 0, recentBounced: 0, recentComplained: 0, recordedAt: at },
}));

test('C-08, S-05: each of the three times has its volume, its kinds and its sentence', (t) => {
  const planned = { weekly: 90_000, stream: 'both' } as const;
  t.deepEqual(
    sizingOf(customerio, { counts, at, planned }).map(({ label, mail, sentence }) => [label, mail.marketing, sentence]),
    [
      ['Today', 77_500, 'One IP. It is enough for up to three.'],
      ['In 12 weeks, if it goes on growing as it did', 137_500, 'One IP. It is enough for up to five.'],
      ['As you plan', 45_000, 'One IP.'],
    ],
  );
});

test('S-05: where the policy advises an IP for each kind of mail, the sentence names them', (t) => {
  const [today] = sizingOf(sendgrid, { counts, at, planned: null });
  t.is(today?.sentence, 'Two IPs: one for marketing mail and one for transactional mail.');
});

test('a plan for one kind is of that kind, and what does not grow is said once', (t) => {
  const flat = counts.map((week) => ({ ...week, sent: 40_000, transactional: 0 }));
  const of = (stream: 'transactional' | 'marketing') =>
    sizingOf(customerio, { counts: flat, at, planned: { weekly: 70_000, stream } });
  t.deepEqual(
    of('transactional').map(({ label, mail }) => [label, mail.transactional]),
    [
      ['Today', 0],
      ['As you plan', 70_000],
    ],
  );
  t.is(of('marketing')[0]?.sentence, 'Too little for an IP of its own, which needs 50,000 a week.');
});

test('where nothing is measured only the plan is there, and nothing where there is none', (t) => {
  const planned = { weekly: 60_000, stream: 'both' } as const;
  t.deepEqual(
    sizingOf(sendgrid, { counts: [], at, planned }).map(({ label, sentence }) => [label, sentence]),
    [['As you plan', 'Two IPs.']],
  );
  t.deepEqual(sizingOf(sendgrid, { counts: [], at, planned: null }), []);
});
