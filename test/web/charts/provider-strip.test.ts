import test from 'ava';
import fc from 'fast-check';
import { providerStrip } from '../../../src/web/charts/provider-strip.ts';

test('the provider with most mail takes the whole width, what bounced its end', (t) => {
  t.deepEqual(
    providerStrip([
      { sent: 1_000, delivered: 900, bounced: 100 },
      { sent: 500, delivered: 500, bounced: 0 },
      { sent: 0, delivered: 0, bounced: 0 },
    ]),
    [
      { width: 100, delivered: 90, bouncedX: 90, bounced: 10 },
      { width: 50, delivered: 50, bouncedX: 50, bounced: 0 },
      { width: 0, delivered: 0, bouncedX: 0, bounced: 0 },
    ],
  );
});

test('one bounce among a million stays visible, and parts stay within their bar', (t) => {
  t.true((providerStrip([{ sent: 1_000_000, delivered: 999_999, bounced: 1 }])[0]?.bounced ?? 0) > 0);
  const row = fc
    .tuple(fc.nat(1_000_000), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([sent, share]) => ({ sent, bounced: Math.floor(sent * share), delivered: sent - Math.floor(sent * share) }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
      for (const { width, delivered, bouncedX, bounced } of providerStrip(rows)) {
        t.true(width >= 0 && width <= 100 && delivered <= bouncedX + 0.01);
        t.true(bouncedX >= 0 && bouncedX + bounced <= width + 0.02);
      }
    }),
  );
});
