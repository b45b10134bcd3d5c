import test from 'ava';
import { outcomeWords, parseBadDay, parsePattern, parsePercent } from '../../src/warmup/simulation/trial.ts';
import { customerio } from '../policy/facts.ts';

test('a pattern is seven numbers from Monday on, in whatever unit', (t) => {
  t.deepEqual(parsePattern('20,20,20,20,15,3,2'), [0.2, 0.2, 0.2, 0.2, 0.15, 0.03, 0.02]);
  t.deepEqual(parsePattern('1; 0; 0; 0; 0; 0; 1'), [0.5, 0, 0, 0, 0, 0, 0.5]);
  for (const wrong of [
    '',
    '20,20',
    '0,0,0,0,0,0,0',
    '1,1,1,1,1,1,-1',
    '1,1,1,1,1,1,x',
    '1,1,1,1,1,1,1,1',
    '1e9,1,1,1,1,1,1',
  ])
    t.is(parsePattern(wrong), undefined, wrong);
});

test('a percentage is from 0 to 100, with or without its sign', (t) => {
  t.deepEqual(['6', '0.4', '6 %', '100%', '0'].map(parsePercent), [0.06, 0.004, 0.06, 1, 0]);
  t.deepEqual(['101', '-1', '', 'six', '5,5', '1e1'].map(parsePercent), Array(6).fill(undefined));
});

test('a bad day names its day, what goes wrong, and how much of the mail', (t) => {
  t.deepEqual(parseBadDay('12:bounce=6', customerio), { day: 12, bounce: 0.06, complaint: 0, deferred: {} });
  t.deepEqual(parseBadDay(' 3: complaint = 0.4, gmail=40 ', customerio), {
    day: 3,
    bounce: 0,
    complaint: 0.004,
    deferred: { gmail: 0.4 },
  });
});

test('a bad day that cannot be read is answered with a sentence', (t) => {
  t.is(
    parseBadDay('bounce=6', customerio),
    '“bounce=6” is not a bad day. Write it as DAY:WHAT=PERCENT, such as 12:bounce=6.',
  );
  t.is(parseBadDay('0:bounce=6', customerio), 'The bad day must be from 1 to 365; it is 0.');
  t.regex(String(parseBadDay('5:bounce', customerio)), /^“bounce” says no percentage from 0 to 100\./);
  t.regex(String(parseBadDay('5:bounce=150', customerio)), /says no percentage/);
  t.is(
    parseBadDay('5:hotmail=6', customerio),
    'Unknown problem “hotmail”. Use bounce, complaint, or a provider that defers: gmail, microsoft, yahoo, apple, microsoft-365, other.',
  );
});

test('what a trial came to is one sentence', (t) => {
  const outcome = { days: 46, onHold: 8, paused: 0, idle: 1, sent: 206_343 };
  t.is(
    outcomeWords(outcome, true),
    'Complete after 46 days, of them eight days on hold and one day without mail; 206,343 messages went over the IP.',
  );
  t.is(
    outcomeWords({ days: 1000, onHold: 0, paused: 0, idle: 0, sent: 1 }, false),
    'Not complete after 1,000 days; 1 message went over the IP.',
  );
});
