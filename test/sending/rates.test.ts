import test from 'ava';
import fc from 'fast-check';
import { dayOf, weekStart } from '../../src/day.ts';
import { NOTHING, sumOf } from '../../src/sending/counts.ts';
import { barsOf, firstDay, judgementWords, type ProviderDay, rated, rateWords } from '../../src/sending/rates.ts';
import { rateChart } from '../../src/web/charts/rate-chart.ts';
import { START } from '../support/world.ts';

const LIMITS = { bounce: 0.05, complaint: 0.001, minimumSample: 1000 };
const TODAY = dayOf(START);
const mail = (sent: number, bounced = 0, complained = 0) => ({ ...NOTHING, sent, bounced, complained });

test('a rate at its limit is within, one message more is over, and below the sample nobody is judged', (t) => {
  t.is(rated(mail(1000, 50, 1), LIMITS).judgement, 'within');
  t.like(rated(mail(1000, 51, 1), LIMITS), { judgement: 'over', bounceOver: true, complaintOver: false });
  t.like(rated(mail(1000, 50, 2), LIMITS), { judgement: 'over', bounceOver: false, complaintOver: true });
  t.is(rated(mail(999, 999, 999), LIMITS).judgement, 'too little');
  t.is(rated(mail(0), LIMITS).judgement, 'none');
});

test('a rate over its limit never reads as the limit', (t) => {
  t.is(rateWords(0.05, 0.05), '5 %');
  t.is(rateWords(0.05003, 0.05), '5.003 %');
  t.is(rateWords(0.061, 0.05), '6.1 %');
  t.is(rateWords(0.001004, 0.001), '0.1004 %');
});

test('the sentence says how much mail, both rates and their limits', (t) => {
  t.deepEqual(judgementWords(rated(mail(2000, 120, 1), LIMITS), LIMITS), {
    tone: 'bad',
    title: 'Bounces are over the limit.',
    sentence:
      'Of 2,000 messages in the last 28 days 6 % bounced (limit 5 %), 0.05 % was reported as spam (limit 0.1 %).',
  });
  t.regex(judgementWords(rated(mail(999), LIMITS), LIMITS).title, /Too little mail to judge/);
  t.regex(judgementWords(rated(mail(2000, 200, 20), LIMITS), LIMITS).title, /Bounces and complaints are over/);
});

const rows = fc.array(fc.record({ day: fc.integer({ min: TODAY - 100, max: TODAY }), sent: fc.nat(5000) }), {
  maxLength: 60,
});

test('bars lose no mail of their weeks or days, and each day has its own', (t) => {
  fc.assert(
    fc.property(rows, fc.constantFrom('week' as const, 'day' as const), (some, unit) => {
      const days: ProviderDay[] = some.map(({ day, sent }) => ({ ...mail(sent), day, provider: 'gmail' }));
      const bars = barsOf(days, TODAY, unit, LIMITS);
      const first = firstDay(TODAY, unit);
      t.is(bars.length, unit === 'week' ? 12 : 84);
      t.is(sumOf(bars).sent, sumOf(days.filter(({ day }) => day >= first)).sent);
      t.is(bars.at(-1)?.from, unit === 'week' ? weekStart(TODAY) : TODAY);
    }),
  );
});

test('the chart stays within its box, and a gap has no line', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ sent: fc.nat(1e9), rate: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) }), {
        minLength: 1,
        maxLength: 84,
      }),
      (points) => {
        const bars = points.map(({ sent }, index) => ({ from: index, sent }));
        const chart = rateChart({ bars, lines: [{ rates: points.map(({ rate }) => rate), limit: 0.05 }] });
        for (const bar of chart.bars) {
          t.true(bar.x >= 0 && bar.x + bar.width <= 100.01);
          t.true(bar.y >= 0 && bar.y + bar.height <= chart.baseY + 0.01);
          t.is(bar.height === 0, bar.sent === 0);
        }
        const [panel] = chart.panels;
        t.is(panel?.points.length, points.filter(({ rate }) => rate !== null).length);
        for (const { y } of panel?.points ?? []) t.true(y >= 0 && y <= chart.panelBase + 0.01);
        const pairs = points.filter(
          ({ rate }, index) => index > 0 && rate !== null && points[index - 1]?.rate !== null,
        );
        t.is(panel?.segments.length, pairs.length);
      },
    ),
  );
});
