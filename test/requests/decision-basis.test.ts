import test from 'ava';
import type { Evidence } from '../../src/requests/evidence/gather.ts';
import type { IpRequest } from '../../src/requests/request.ts';
import {
  basisOf,
  type DecisionBasis,
  differences,
  readBasis,
  withDrift,
} from '../../src/requests/review/decision-basis.ts';
import { customerio } from '../policy/facts.ts';

const policy = { id: 3, name: 'customerio', number: 3, document: customerio };
const evidence = { policy } as Evidence;
const check = { title: 'Measured volume', fact: '60,000 a week', limit: '≥ 50,000', verdict: 'passes' };
const seen: DecisionBasis = { version: 1, policy: 3, monthlyCents: 0, checks: { 'measured-volume': check } };
const now = (change: Partial<DecisionBasis>): string[] => differences(seen, { ...seen, ...change }, evidence);

test('nothing differs from itself, also after it went through a form', (t) => {
  t.deepEqual(now({}), []);
  t.deepEqual(readBasis(JSON.stringify(seen)), seen);
});

test('a fact that changed is told as it was and as it is', (t) => {
  const changed = { ...check, fact: '40,000 a week', verdict: 'fails' };
  t.deepEqual(now({ checks: { 'measured-volume': changed } }), [
    'Measured volume: it was 60,000 a week (passes), it is 40,000 a week (fails).',
  ]);
});

test('a verdict that changed on the same fact is told', (t) => {
  t.is(now({ checks: { 'measured-volume': { ...check, verdict: 'fails' } } }).length, 1);
});

test('a check that came or went is told', (t) => {
  t.deepEqual(now({ checks: {} }), ['Measured volume: it was 60,000 a week (passes), it is not checked.']);
  const added = { ...check, title: 'Region', fact: 'us' };
  t.deepEqual(now({ checks: { 'measured-volume': check, region: added } }), [
    'Region: it was not checked, it is us (passes).',
  ]);
});

test('another price and another policy are told', (t) => {
  t.deepEqual(now({ monthlyCents: 5000 }), ['Price: it was $0, it is $50 a month.']);
  t.deepEqual(now({ policy: 4 }), ['The policy changed.']);
});

test('what is not what a reviewer saw cannot be read', (t) => {
  const wrong = [
    '',
    '{',
    'null',
    '[]',
    '{}',
    JSON.stringify({ ...seen, more: 1 }),
    JSON.stringify({ ...seen, version: '1' }),
  ];
  for (const text of wrong) t.is(readBasis(text), undefined, text);
});

test('stock does not bind a decision: what is free is settled inside the approval', (t) => {
  const finding = { ...check, check: 'free-ips', binds: false };
  const binding = { ...check, check: 'measured-volume', binds: true };
  const found = basisOf({ version: 2 } as IpRequest, { policy, quote: null, findings: [finding, binding] } as never);
  t.deepEqual(found, { version: 2, policy: 3, monthlyCents: null, checks: { 'measured-volume': check } });
});

test('R-04: a rate that drifts while it passes is not a change to a second reviewer; a verdict that turned is', (t) => {
  const first = {
    ...seen,
    checks: { bounces: { ...check, fact: '0.70 %' }, volume: { ...check, verdict: 'fails', fact: '46,800' } },
  };
  const drifted = { ...first, checks: { ...first.checks, bounces: { ...check, fact: '0.71 %' } } };
  t.deepEqual(withDrift(first, drifted), drifted);
  const turned = { ...first, checks: { ...first.checks, bounces: { ...check, fact: '6 %', verdict: 'fails' } } };
  t.deepEqual(withDrift(first, turned), first);
  const moved = { ...first, checks: { ...first.checks, volume: { ...check, verdict: 'fails', fact: '31,000' } } };
  t.deepEqual(withDrift(first, moved), first);
});
