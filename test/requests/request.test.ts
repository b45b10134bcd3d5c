import test from 'ava';
import fc from 'fast-check';
import {
  askedFor,
  idOfReference,
  openStatuses,
  reference,
  STATUS_WORDS,
  type Status,
  statuses,
  titleOf,
} from '../../src/requests/request.ts';

test('a reference leads back to the request that it names, in either case of its letters', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (id) => {
      t.is(idOfReference(reference(id)), id);
      t.is(idOfReference(reference(id).toLowerCase()), id);
    }),
  );
});

test('the first request is WD-1001', (t) => {
  t.is(reference(1), 'WD-1001');
});

test('what isn’t a reference leads to no request', (t) => {
  const wrong = ['', 'WD-', 'WD-0', 'WD-1000', 'WD-999', 'WD-01042', 'WD-1042 ', ' WD-1042', 'WD-1e9', 'WD--1042'];
  const hostile = [
    'WD-1042\n',
    'WD-１０４２',
    'WD-99999999999',
    'WD-9999999999',
    '1042',
    'XWD-1042',
    "WD-1042' or 1=1",
  ];
  for (const text of [...wrong, ...hostile]) t.is(idOfReference(text), undefined, JSON.stringify(text));
  fc.assert(
    fc.property(fc.string(), (text) => {
      const id = idOfReference(text);
      t.true(id === undefined || reference(id) === text.toUpperCase());
    }),
  );
});

test('what was asked for is said with its number', (t) => {
  t.is(askedFor({ kind: 'dedicated_ip', ipCount: 1 }), 'One dedicated IP');
  t.is(askedFor({ kind: 'dedicated_ip', ipCount: 3 }), 'Three dedicated IPs');
  t.is(askedFor({ kind: 'transactional_pool' }), 'The transactional pool');
});

test('every state has its words for customers and for staff, and says whose turn it is', (t) => {
  for (const status of statuses) {
    const { label, customer, turn } = STATUS_WORDS[status];
    for (const words of [label, customer, turn]) t.regex(words, /^[A-Z]/, status);
    t.is(/^(Nobody|Done)/.test(turn), !(openStatuses as readonly string[]).includes(status), status);
  }
});

test('a request for which fewer IPs were approved than asked for says so', (t) => {
  const of = (status: Status, approvedCount: number | null, ipCount = 2) =>
    titleOf({ answers: { kind: 'dedicated_ip', ipCount }, approvedCount, status });
  t.is(of('submitted', null), 'Two dedicated IPs');
  t.is(of('offered', 1), 'Two dedicated IPs, one offered');
  t.is(of('waitlisted', 1), 'Two dedicated IPs, one approved');
  t.is(of('fulfilled', 1), 'Two dedicated IPs, one approved');
  t.is(of('fulfilled', 2), 'Two dedicated IPs');
  t.is(of('withdrawn', 1), 'Two dedicated IPs');
  t.is(
    titleOf({ answers: { kind: 'transactional_pool' }, approvedCount: null, status: 'fulfilled' }),
    'The transactional pool',
  );
});
