// How old the last counts may be for an approval without a person.
import test from 'ava';
import { startOfDay } from '../../src/day.ts';
import { isStale } from '../../src/requests/automatic/clear.ts';
import { DAY } from '../support/world.ts';

test('S-12: mail of more than eight days ago approves nothing, whenever the last of it was counted', (t) => {
  const lastSentOn = 20_000;
  const ended = startOfDay(lastSentOn + 1);
  t.false(isStale(lastSentOn, ended + 8 * DAY));
  t.true(isStale(lastSentOn, ended + 8 * DAY + 1));
  t.true(isStale(null, ended));
});
