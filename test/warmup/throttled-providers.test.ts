// What is said of a provider that is slowed, and by whom else it is judged. Its limits are in judge.test.ts.
import test from 'ava';
import type { Counts } from '../../src/sending/counts.ts';
import { asksForProviders, keptBack, limitWords, slow } from '../../src/warmup/daily/throttled-providers.ts';
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

test('what a limit kept back is what else the domains sent to its provider on the day, where it was used up', (t) => {
  const counts = { gmail: mail(1_000), yahoo: mail(90), microsoft: mail(200) };
  const sentTo = { gmail: 3_000, yahoo: 400, microsoft: 150, apple: 70 };
  const of = (slowed: Readonly<Record<string, number>>) => keptBack(slowed, { ...day(counts), sentTo });
  t.is(of({}), 0, 'gmail’s other mail was not kept back by a limit');
  t.is(of({ yahoo: 100 }), 310);
  t.is(of({ yahoo: 101 }), 0, 'less than nine tenths of the limit');
  t.is(of({ yahoo: 100, gmail: 1_000 }), 2_310);
  t.is(of({ microsoft: 200 }), 0, 'never less than nothing: a part of several IPs’ mail is rounded');
  t.is(of({ apple: 1 }), 0, 'nothing went there over the IP');
  t.is(keptBack({ yahoo: 100 }, day(counts)), 0, 'where the mail went is not known');
  t.is(keptBack({ yahoo: 90 }, { ...day(counts), sentTo: {} }), 0);
});

test('where the mail went is asked for at the last stage of a plan that slows a provider', (t) => {
  const slowed = { yahoo: 100 };
  t.true(asksForProviders(planState({ stage: 5, slowed })));
  t.false(asksForProviders(planState({ stage: 4, slowed })));
  t.false(asksForProviders(planState({ stage: 5 })));
});

test('limits are said together, each with its provider', (t) => {
  t.is(limitWords({}, customerio), '');
  t.is(limitWords({ yahoo: 300 }, customerio), 'at most 300 messages a day to Yahoo');
  t.is(
    limitWords({ yahoo: 1_300, other: 1 }, customerio),
    'at most 1,300 messages a day to Yahoo and one message a day to other providers',
  );
});

test('a completed IP gets no new limit, and what it has is held against the level that it is warmed to', (t) => {
  const warm = (slowed: Readonly<Record<string, number>>, warmedTo: number | null = 600) =>
    planState({ status: 'complete', stage: 5, warmedTo, slowed });
  const counts = { gmail: mail(1_800, { deferred: 1_800 }), yahoo: mail(200) };
  t.deepEqual(slow(warm({}), day(counts), customerio), { slowed: {}, sentence: '' });
  t.deepEqual(slow(warm({ yahoo: 299 }), day(counts), customerio).slowed, { yahoo: 598 });
  t.deepEqual(slow(warm({ yahoo: 300 }), day(counts), customerio).slowed, {});
  t.deepEqual(
    slow(warm({ yahoo: 4_999 }, null), day(counts), customerio).slowed,
    { yahoo: 9_998 },
    'the plan’s target',
  );
});

test('S-26: on a completed IP a sender with less mail for a provider than its limit does not keep it for good', (t) => {
  const warm = (yahoo: number) => planState({ status: 'complete', stage: 5, warmedTo: 600, slowed: { yahoo } });
  const next = (limit: number, yahoo: Counts) => slow(warm(limit), day({ gmail: mail(500), yahoo }), customerio).slowed;
  t.deepEqual(next(100, mail(5)), { yahoo: 200 });
  t.deepEqual(next(200, mail(1)), { yahoo: 400 });
  t.deepEqual(next(400, mail(5)), {});
  t.deepEqual(next(100, mail(5, { deferred: 3 })), { yahoo: 100 }, 'what it defers of too little says nothing yet');
  t.deepEqual(next(100, mail(0)), { yahoo: 100 });
});

test('a provider that the policy no longer lists has no limit', (t) => {
  const slowed = { gone: 20, yahoo: 100, other: 30 };
  t.deepEqual(slow(planState({ slowed }), day({ gmail: mail(500) }), customerio).slowed, { yahoo: 100, other: 30 });
  const warm = planState({ status: 'complete', stage: 5, warmedTo: 600, slowed: { gone: 20 } });
  t.deepEqual(slow(warm, day({}), customerio).slowed, {});
  const gone = { gmail: mail(500), gone: mail(200, { deferred: 200 }) };
  t.deepEqual(slow(planState({ slowed: {} }), day(gone), customerio), { slowed: {}, sentence: '' });
});
