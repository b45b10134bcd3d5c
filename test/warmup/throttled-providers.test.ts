// What is said of a provider that is slowed, and by whom else it is judged. Its limits are in judge.test.ts.
import test from 'ava';
import type { Counts } from '../../src/sending/counts.ts';
import { slow } from '../../src/warmup/daily/throttled-providers.ts';
import { customerio } from '../policy/facts.ts';
import { day, mail, planState } from './plan-state.ts';

const after = (counts: Readonly<Record<string, Counts>>, slowed: Readonly<Record<string, number>> = {}) =>
  slow(planState({ slowed }), day(counts), customerio);

test('a provider that bounces is slowed where the others together bounce no more than what holds a plan', (t) => {
  const yahoo = mail(200, { bounced: 11 });
  const beside = (sent: number, bounced: number) => after({ gmail: mail(sent, { bounced }), yahoo }).slowed;
  t.deepEqual(beside(1_800, 90), { yahoo: 100 }, '5 % is not above 5 %');
  t.deepEqual(beside(1_800, 91), {});
  t.deepEqual(beside(200, 0), { yahoo: 100 }, 'its own bounces are not the others’');
  t.deepEqual(after({ yahoo, gmail: mail(0) }).slowed, {}, 'where nothing else was sent there is no comparison');
});

test('what is done with a provider is said with its name and its limit', (t) => {
  const gmail = mail(1_800);
  const said = (counts: Readonly<Record<string, Counts>>, slowed = {}) => after({ gmail, ...counts }, slowed).sentence;
  t.is(
    said({ yahoo: mail(200, { bounced: 11 }) }),
    'Yahoo bounced 5.5 % of its mail and gets at most 100 messages a day.',
  );
  t.is(
    said({ other: mail(200, { bounced: 11 }) }),
    'Other providers bounced 5.5 % of its mail and gets at most 100 messages a day.',
  );
  t.is(said({ microsoft: mail(250) }, { microsoft: 250 }), 'Outlook.com gets at most 500 messages a day.');
  t.is(said({ microsoft: mail(250) }, { microsoft: 1_000 }), 'Outlook.com takes its mail again.');
  t.is(said({ microsoft: mail(250) }), '');
});

test('a provider to which nothing was sent keeps its limit', (t) => {
  t.deepEqual(after({ gmail: mail(1_800), yahoo: mail(0) }, { yahoo: 300 }), { slowed: { yahoo: 300 }, sentence: '' });
});
