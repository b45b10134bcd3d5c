// The share of today's mail that is for a warming IP: enough to fill its cap, however the day goes.
import test from 'ava';
import { quotaOf, shareNow, shareOf } from '../../src/warmup/share.ts';

const dawn = { seen: 0, elapsed: 0 };

test('C-16: a day begins with a share that fills the cap at 0.6 of the expected mail', (t) => {
  for (const [cap, expected] of [
    [200, 7_143],
    [4_000, 50_000],
    [3, 1_000],
    [500, 0],
  ] as const)
    t.is(shareNow(cap, { ...dawn, expected, left: cap }), shareOf(cap, expected));
});

test('C-16: the share rises where the day falls short, by its mail or by its time, and never falls below its first', (t) => {
  const share = (change: object) => shareNow(200, { ...dawn, expected: 10_000, left: 200, ...change });
  t.true(
    share({ seen: 3_000 }) > 1.9 * share({}),
    'half of the least that is expected came, and nothing went over the IP',
  );
  t.is(share({ seen: 6_000 }), 1);
  t.is(share({ elapsed: 0.5 }), share({}), 'nothing is late before noon');
  t.true(share({ elapsed: 0.75 }) > 1.9 * share({}));
  t.is(share({ elapsed: 1 }), 1);
  t.is(share({ seen: 3_000, left: 0 }), share({}));
});

test('C-16: a provider may have its usual part of the cap, and late in the day what others leave', (t) => {
  t.is(quotaOf(1_000, 0.4, 0), 421, '400, a standard deviation and one');
  t.is(quotaOf(1_000, 0, 0), 1);
  t.is(quotaOf(1_000, 1, 0), 1_000);
  t.is(quotaOf(1_000, 0.4, 0.5), 421);
  t.is(quotaOf(1_000, 0.4, 0.75), 1_000);
});
