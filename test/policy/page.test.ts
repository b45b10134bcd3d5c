import test from 'ava';
import { ROUND_THE_CLOCK } from '../../src/calendar/calendar.ts';
import { loadPolicy } from '../../src/policy/document/load.ts';
import { courseOf, dedicatedRules, planRows, poolRules, sampleVolumes } from '../../src/policy/document/plain-words.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { acme, staff } from '../support/people.ts';
import { createWorld, onBothEngines } from '../support/world.ts';

onBothEngines('everybody who is signed in reads the published rules, with their numbers', async (t, world) => {
  await acme(world);
  await staff(world);
  for (const email of ['member@acme.example', 'reviewer@warmdesk.example']) {
    const { text, status } = await (await world.signedIn(email)).get('/policy');
    t.is(status, 200);
    t.regex(text, /at least 50,000 emails a week/, 'C-08');
    t.regex(text, /Premium three IPs \$50 a month each/, 'C-09, C-10');
    t.regex(
      text,
      /50,000 emails a week: 45 days.*200,000 emails a week: \d+ days.*1,000,000 emails a week: 30 days/,
      'C-14',
    );
    t.regex(text, /A person decides within 24 hours\./);
    t.regex(text, /version 1, in force since 23 Nov 2025/);
  }
  t.is((await world.visitor().get('/policy')).status, 303);
});

const changed = (change: (policy: Policy) => void): Policy => {
  const read = loadPolicy('seeds/policies/customerio.json');
  if (!read.ok) throw new Error(read.problem.join());
  const policy = structuredClone(read.value);
  change(policy);
  return policy;
};
const wordsOf = (policy: Policy): string =>
  JSON.stringify([dedicatedRules(policy), poolRules(policy), courseOf(policy, ROUND_THE_CLOCK), planRows(policy)]);

test('every number in the published rules is the policy’s', (t) => {
  const before = wordsOf(changed(() => {}));
  const CHANGES: readonly [(policy: Policy) => void, RegExp][] = [
    [(p) => (p.weeklyVolumePerIp.value = 60_001), /60,001 emails a week/],
    [(p) => (p.statedToMeasuredFactor.value = 7), /seven times what we counted/],
    [(p) => (p.maxBounceRate.value = 0.031), /3\.1 % of the last 28 days/],
    [(p) => (p.maxComplaintRate.value = 0.0017), /0\.17 % was reported/],
    [(p) => (p.minimumSample.value = 2_345), /Below 2,345 messages/],
    [(p) => (p.maxIpsPerRequest.value = 1), /One request is for one IP;/],
    [(p) => (p.newIpsPerMonth.value = 3), /More than three new IPs a month/],
    [(p) => (p.twoIpsFromMonthlyVolume.value = 111_111), /From 111,111 emails a month/],
    [(p) => (p.dailyVolumePerIp.value = 2_222_222), /every 2,222,222 a day/],
    [(p) => (p.mayCommitToCost.value = ['billing']), /A billing contact of your account/],
    [(p) => (p.blocklists.value = [{ zone: 'bl.example', name: 'The List' }]), /We ask The List about an IP before/],
    [(p) => (p.weeklyVolumePerIp.value = null), /An IP needs no minimum volume/],
    [(p) => (p.regions.value = ['eu']), /IPs are in the EU\./],
    [(p) => (p.transactionalPool.maxBounceRate.value = 0.011), /1\.1 % of its mail/],
    [(p) => (p.transactionalPool.maxComplaintRate.value = 0.0003), /0\.03 % was reported/],
    [(p) => (p.transactionalPool.minimumWeeks.value = 9), /at least nine weeks/],
    [(p) => (p.decideWithinHours.value = 36), /within 36 hours/],
    [(p) => (p.answerWithinDays.value = 10), /within ten days we close/],
    [(p) => (p.quoteValidDays.value = 31), /is valid for 31 days/],
    [
      (p) => (p.automaticApproval.value = { afterMinutes: 17, maxIps: 2, in30Days: 3 }),
      /for up to two IPs is approved automatically 17 minutes after it was sent.*at most three such approvals in 30 days/,
    ],
    [(p) => (p.waitlistKeepDays.value = 45), /overtaken by smaller ones for 45 days/],
    [(p) => (p.warmup.restDays.value = ['07-04']), /expect no mail on 4 July from those/],
    [(p) => (p.extraIpMonthlyCents.value = 7_950), /\$79\.50 a month each/],
  ];
  for (const [change, shown] of CHANGES) {
    t.notRegex(before, shown);
    t.regex(wordsOf(changed(change)), shown);
  }
  t.deepEqual(sampleVolumes(changed((p) => (p.weeklyVolumePerIp.value = 10))), [10, 40, 200]);
});

test('S-03: a plan that sends over shared IPs only says so', (t) => {
  const policy = changed(
    (p) => (p.plans = p.plans.slice(0, 1).map((plan) => ({ ...plan, dedicatedIps: { value: false, rule: 'S-03' } }))),
  );
  t.deepEqual(planRows(policy), [{ name: 'Essentials', included: 'shared IPs only', further: 'not available' }]);
  t.regex(wordsOf(policy), /Today: none does/);
});

test('SendGrid’s policy is published by the same page, with its own table', async (t) => {
  const world = await createWorld(t, 'SQLite', { POLICY: 'sendgrid' });
  await acme(world);
  const { text } = await (await world.signedIn('member@acme.example')).get('/policy');
  t.regex(text, /Twilio SendGrid|SendGrid/);
  t.regex(text, /A published table, one row a day/);
});
