import test from 'ava';
import { assess } from '../../src/policy/checks/assess.ts';
import { remedyOf } from '../../src/policy/checks/finding.ts';
import { CASES } from './cases.ts';
import { acme, customerio, found, now, receipts } from './facts.ts';

/** What can still change once a request is sent: the world, and not what was asked for. */
const STILL = ['account-open', 'measured-volume', 'bounce-rate', 'complaint-rate', 'domains-proven', 'plan', 'history'];

test('once a request is sent, only what does not depend on its answers is advised', (t) => {
  const finding = { ...found('stated-volume', acme()), remedy: 'Do this.', instead: 'Or that.' };
  for (const check of Object.keys(CASES) as (typeof finding.check)[]) {
    t.is(remedyOf({ ...finding, check }, false), 'Do this. Or that.', check);
    t.is(remedyOf({ ...finding, check }, true), STILL.includes(check) ? 'Do this.' : '', check);
  }
});

test('a finding without a remedy advises nothing, and one with an alternative alone says just that', (t) => {
  const finding = { ...found('plan', acme()), remedy: null };
  t.is(remedyOf(finding, true), '');
  t.is(remedyOf(finding, false), '');
  t.is(remedyOf({ ...finding, instead: 'Or that.' }, false), 'Or that.');
  t.is(remedyOf({ ...finding, remedy: 'Do this.' }, false), 'Do this.');
});

test('of an account that is active nothing is said', (t) => {
  for (const facts of [acme(), receipts()]) {
    const active = { ...facts, account: { ...facts.account, status: 'active' as const } };
    t.deepEqual(assess(customerio, active, now), assess(customerio, facts, now));
    t.false(assess(customerio, active, now).some(({ check }) => check === 'account-open'));
  }
});
