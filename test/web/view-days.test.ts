import test from 'ava';
import fc from 'fast-check';
import { viewHelpers } from '../../src/web/view-helpers.ts';

const day = 86_400_000;
const intl = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  weekday: 'long',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

test('days and instants in UTC are written as Intl writes them', (t) => {
  const h = viewHelpers('UTC', 0);
  fc.assert(
    fc.property(fc.nat(100 * 365 * day), (at) => {
      const of = Object.fromEntries(intl.formatToParts(at).map(({ type, value }) => [type, value]));
      const date = `${of['day']} ${of['month']} ${of['year']}`;
      t.is(h.time(at), `${date}, ${of['hour']}:${of['minute']} UTC`);
      t.is(h.longDay(Math.floor(at / day)), `${of['weekday']}, ${date}`);
    }),
  );
});
