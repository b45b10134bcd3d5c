import test from 'ava';
import { readCarried, readDecision, readDedicated, readPool, readText } from '../../src/requests/form.ts';
import type { Answers } from '../../src/requests/request.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const TODAY = 20_780; // 2026-11-23
const dedicated = {
  domains: ['4', '9'],
  ipCount: '2',
  weeklyVolume: '180,000',
  peakWeeklyVolume: '',
  stream: 'both',
  region: 'eu',
  startsOn: '2026-11-23',
  sends: 'Order news.\r\nA newsletter.',
  signup: 'In the shop.',
};
const pool = { domain: '4', weeklyVolume: '30 000', sends: 'Receipts.', samples: 'Your receipt', confirmed: 'yes' };

const readWith = (change: Record<string, unknown>, policy = customerio) =>
  readDedicated({ ...dedicated, ...change }, policy, TODAY, () => true);
const errorsOf = (change: Record<string, unknown>, policy = customerio) => {
  const read = readWith(change, policy);
  return read.ok ? {} : read.errors;
};

test('R-01: a complete form becomes the answers, the highest week being the expected one where it is left out', (t) => {
  const read = readWith({});
  t.deepEqual(read.ok && (read.value as Answers), {
    kind: 'dedicated_ip',
    domainIds: [4, 9],
    ipCount: 2,
    weeklyVolume: 180_000,
    peakWeeklyVolume: 180_000,
    stream: 'both',
    region: 'eu',
    startsOn: TODAY,
    sends: 'Order news.\nA newsletter.',
    signup: 'In the shop.',
    mailing: null,
    automatedWarmup: true,
  });
});

test('50,000 and 50 000 are understood, with every kind of space', (t) => {
  for (const typed of ['50000', '50,000', '50 000', ' 50,000 ', '50\u00a0000', '50\u202f000']) {
    const read = readWith({ weeklyVolume: typed });
    t.is(read.ok && read.value.weeklyVolume, 50_000, typed);
  }
});

const BAD_VOLUMES = [
  '0',
  '-5',
  '−5',
  '+5',
  '1e9',
  '5,00',
  '5.5',
  'fifty',
  '５００００',
  '5\u0000',
  '50,0000',
  '50, 000',
];
for (const typed of [
  ...BAD_VOLUMES,
  '1000000000000000',
  '999999999999999',
  '10000000001',
  '',
  '   ',
  '0x10',
  '1,0,0',
]) {
  test(`a volume typed as “${encodeURIComponent(typed)}” is refused with one sentence, and kept as it was typed`, (t) => {
    for (const field of ['weeklyVolume', ...(typed.trim() === '' ? [] : ['peakWeeklyVolume'])]) {
      const read = readWith({ [field]: typed });
      t.false(read.ok, field);
      t.is(read.typed[field], typed);
      t.regex((!read.ok && read.errors[field]) || '', /^(Expected|Highest) weekly volume .*\.$/);
    }
  });
}

test('each wrong field is told at once, not the first alone', (t) => {
  const errors = errorsOf({ domains: [], ipCount: '0', weeklyVolume: '-1', stream: 'x', region: 'moon', startsOn: '' });
  t.deepEqual(Object.keys(errors).sort(), ['domains', 'ipCount', 'region', 'startsOn', 'stream', 'weeklyVolume']);
});

test('S-10: more IPs than the policy allows are refused, with the number that is allowed', (t) => {
  t.deepEqual(errorsOf({ ipCount: '5' }), {});
  t.regex(errorsOf({ ipCount: '6' }).ipCount ?? '', /at most 5\./);
  t.deepEqual(errorsOf({ ipCount: '1' }, sendgrid), {});
  t.regex(errorsOf({ ipCount: '2' }, sendgrid).ipCount ?? '', /at most 1\./);
  for (const typed of ['0', '-1', '1.5', 'two', '1e1']) t.truthy(errorsOf({ ipCount: typed }).ipCount, typed);
});

test('a domain given twice, none, and one that isn’t a number are refused', (t) => {
  t.regex(errorsOf({ domains: ['4', '4'] }).domains ?? '', /twice/);
  t.regex(errorsOf({ domains: [] }).domains ?? '', /at least one/);
  t.regex(errorsOf({ domains: undefined }).domains ?? '', /at least one/);
  for (const id of ['x', '-4', '4.5', '04', '1e3', '9999999999']) t.truthy(errorsOf({ domains: [id] }).domains, id);
});

test('a start in the past is refused, today is not, and neither is more than a year ahead', (t) => {
  t.regex(errorsOf({ startsOn: '2026-11-22' }).startsOn ?? '', /in the past/);
  t.deepEqual(errorsOf({ startsOn: '2026-11-23' }), {});
  t.truthy(errorsOf({ startsOn: '2028-01-01' }).startsOn);
  for (const typed of ['2026-02-30', '23.11.2026', 'tomorrow', '2026-11-23T00:00', '9999999']) {
    t.truthy(errorsOf({ startsOn: typed }).startsOn, typed);
  }
});

test('10,000 characters where 2,000 fit are refused and kept; 2,000 are taken', (t) => {
  const long = 'x'.repeat(10_000);
  const read = readWith({ sends: long, signup: 'y'.repeat(2000) });
  t.false(read.ok);
  t.deepEqual(!read.ok && Object.keys(read.errors), ['sends']);
  t.is(read.typed.sends, long);
  t.regex((!read.ok && read.errors.sends) || '', /10,000 characters; 2,000 fit/);
});

test('a text with NUL or half a character cannot be stored and is refused; markup and emoji are text', (t) => {
  t.truthy(errorsOf({ sends: 'a\u0000b' }).sends);
  t.truthy(errorsOf({ sends: 'a\ud800b' }).sends);
  const read = readWith({ sends: '<b>News</b> & "more" 📬' });
  t.is(read.ok && read.value.sends, '<b>News</b> & "more" 📬');
});

test('a highest week below the expected one is refused, one as high is not', (t) => {
  t.regex(errorsOf({ peakWeeklyVolume: '179,999' }).peakWeeklyVolume ?? '', /must not be below/);
  t.deepEqual(errorsOf({ peakWeeklyVolume: '180,000' }), {});
});

const mailing = { everyDays: '7', weekdays: ['5', '2'], busiest: '120,000' };
const unmeasured = (change: Record<string, unknown>) =>
  readDedicated({ ...dedicated, ...mailing, ...change }, customerio, TODAY, () => false);
const mailingErrors = (change: Record<string, unknown>) => {
  const read = unmeasured(change);
  return read.ok ? {} : read.errors;
};

test('where too little was measured, the form asks on which days and how much, and takes what fits the volumes', (t) => {
  const read = unmeasured({});
  t.deepEqual(read.ok && 'mailing' in read.value && read.value.mailing, {
    everyDays: 7,
    weekdays: [1, 4],
    busiest: 120_000,
  });
  const monthly = unmeasured({ everyDays: '30', weekdays: [], busiest: '700,000' });
  t.deepEqual(monthly.ok && 'mailing' in monthly.value && monthly.value.mailing, {
    everyDays: 30,
    weekdays: [],
    busiest: 700_000,
  });
});

test('what is missing or does not fit the volumes is told at its field, and what was typed is kept', (t) => {
  const missing = { everyDays: undefined, weekdays: undefined, busiest: undefined };
  t.deepEqual(Object.keys(mailingErrors(missing)).sort(), ['busiest', 'everyDays', 'weekdays']);
  t.regex(mailingErrors({ busiest: '89,999' }).busiest ?? '', /180,000 a week on two days are at least 90,000/);
  t.deepEqual(mailingErrors({ busiest: '90,000' }), {});
  t.regex(mailingErrors({ busiest: '180,001' }).busiest ?? '', /more than the 180,000/);
  t.deepEqual(mailingErrors({ busiest: '200,000', peakWeeklyVolume: '200,000' }), {});
  t.regex(mailingErrors({ everyDays: '14', busiest: '360,001' }).busiest ?? '', /more than the 360,000/);
  t.regex(mailingErrors({ weekdays: ['8'] }).weekdays ?? '', /choose from the list/);
  const wrong = unmeasured({ busiest: 'many' });
  t.like(wrong.typed, { everyDays: '7', weekdays: ['5', '2'], busiest: 'many' });
});

test('where enough was measured, what is typed of it counts for nothing', (t) => {
  const read = readWith({ ...mailing, busiest: 'many' });
  t.is(read.ok && 'mailing' in read.value && read.value.mailing, null);
});

test('what isn’t a form at all is refused field by field', (t) => {
  for (const body of [undefined, null, 'text', 7, [], { domains: { a: '1' }, sends: { $gt: '' } }]) {
    t.false(readDedicated(body, customerio, TODAY, () => true).ok);
    t.false(readPool(body).ok);
  }
});

test('C-05: a request for the pool names one domain, says what it sends, and confirms the consequence', (t) => {
  const read = readPool(pool);
  t.deepEqual(read.ok && (read.value as Answers), {
    kind: 'transactional_pool',
    domainIds: [4],
    weeklyVolume: 30_000,
    sends: 'Receipts.',
    samples: 'Your receipt',
  });
  const errorOf = (change: Record<string, unknown>) => {
    const bad = readPool({ ...pool, ...change });
    return bad.ok ? [] : Object.keys(bad.errors);
  };
  t.deepEqual(errorOf({ confirmed: undefined }), ['confirmed']);
  t.deepEqual(errorOf({ domain: ['4', '9'] }), ['domain']);
  t.deepEqual(errorOf({ domain: '' }), ['domain']);
  t.deepEqual(errorOf({ sends: ' ' }), ['sends']);
  t.deepEqual(errorOf({ samples: '' }), ['samples']);
});

test('R-03: declining needs a reason; approving does not', (t) => {
  t.false(readDecision({ reason: '  ', seen: '{}' }, true).ok);
  t.true(readDecision({ reason: '', seen: '{}' }, false).ok);
  t.false(readDecision({ reason: 'x'.repeat(2001), seen: '{}' }, false).ok);
  t.false(readText({ question: '\n ' }, 'question', 'Your question').ok);
});

test('an offer without a number, or of none, isn’t an offer', (t) => {
  for (const approvedCount of ['0', '-1', 'one']) t.false(readDecision({ reason: 'So.', approvedCount }, true).ok);
});

test('only a whole token counts as the form’s token', (t) => {
  const token = '2f1b7a9e-58c4-4a0e-9d3c-0c6f1e2d3b4a';
  t.deepEqual(readCarried({ formToken: token, shownCents: '5000' }), { formToken: token, shownCents: 5000 });
  for (const broken of ['', 'x', token.toUpperCase(), `${token}0`, token.slice(1), `${token}\n`]) {
    t.true([undefined, token].includes(readCarried({ formToken: broken }).formToken), broken);
  }
  t.deepEqual(readCarried({ formToken: 'x', shownCents: '' }), { formToken: undefined, shownCents: null });
});

test('S-15: automated warm-up is the default, and is left out only where the policy lets the customer choose', (t) => {
  const isAutomated = (change: Record<string, unknown>, policy = sendgrid) => {
    const read = readWith({ ipCount: '1', ...change }, policy);
    return read.ok && 'automatedWarmup' in read.value ? read.value.automatedWarmup : null;
  };
  t.true(isAutomated({}));
  t.true(isAutomated({ warmup: 'automated' }));
  t.false(isAutomated({ warmup: 'own' }));
  t.true(isAutomated({ warmup: 'own' }, customerio));
  t.deepEqual(errorsOf({ ipCount: '1', warmup: 'none' }, sendgrid), { warmup: 'Choose how the IP is warmed up.' });
});
