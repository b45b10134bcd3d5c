import type { AccountRole } from '../../accounts/person.ts';
import { capitalised, counted, grouped, inWords, listed, ordinal } from '../../wording.ts';
import { type Plan, type Policy, planOf } from '../document/policy.ts';
import { type Check, finding } from './check.ts';
import type { DedicatedFacts, Region } from './facts.ts';

export const regionNames: Record<Region, string> = { us: 'the US', eu: 'the EU' };

/** S-03: dedicated IPs need a plan that allows them. */
export const planAllows: Check<DedicatedFacts> = (policy, { account }, at) => {
  const plan = planOf(policy, account.plan);
  const allows = plan?.dedicatedIps.value ?? false;
  const name = plan?.name ?? account.plan;
  const others = policy.plans.filter((each) => each.dedicatedIps.value).map((each) => each.name);
  return finding({
    check: 'plan',
    rule: plan?.dedicatedIps.rule ?? 'own choice',
    title: 'Plan',
    fact: plan ? name : `${name}, not a plan of this policy`,
    limit: either(others),
    verdict: allows ? 'passes' : 'blocks',
    says: plan?.dedicatedIps.value
      ? ['Your plan allows dedicated IPs.', planIncludes(plan)]
      : ['Your plan sends over shared IPs only.', `Dedicated IPs need another plan than ${name}.`],
    remedy: others.length > 0 ? `Change to ${either(others)}.` : null,
    source: 'account',
    asOf: at,
  });
};

const planIncludes = ({ name, includedIps }: Plan): string => {
  const included = includedIps.value;
  return `${name} includes ${included === 0 ? 'none; each has a monthly price' : counted(included, 'IP')}.`;
};

/** S-22: the IPs of a subuser are those that its parent assigns to it. Says nothing of other accounts. */
export const noSubuser: Check<DedicatedFacts> = (_policy, { account }, at) =>
  account.parentId === undefined || account.parentId === null
    ? null
    : finding({
        check: 'subuser',
        rule: 'S-22',
        title: 'Account',
        fact: 'subuser',
        limit: 'an account without a parent',
        verdict: 'blocks',
        says: ['Your account is a subuser.', 'Its dedicated IPs are those that its parent account assigns to it.'],
        remedy: 'Ask the admins of your parent account to assign an IP to you.',
        source: 'account',
        asOf: at,
      });

/** S-11: only some roles may commit their account to a cost. Says nothing where the policy names no roles. */
export const mayCommit: Check<DedicatedFacts> = (policy, { requester }, at) => {
  const { value: roles, rule } = policy.mayCommitToCost;
  if (roles === null) return null;
  const may = roles.includes(requester.role);
  return finding({
    check: 'may-commit',
    rule,
    title: 'May commit to cost',
    fact: `${requester.name}, account ${requester.role}`,
    limit: either(roles),
    verdict: may ? 'passes' : 'blocks',
    says: [`You may${may ? '' : ' not'} commit to the cost.`, `You are ${called(requester.role)} of your account.`],
    remedy: `Ask ${either(roles.map(called))} of your account to send this request.`,
    source: 'account',
    asOf: at,
  });
};

const called = (role: AccountRole): string =>
  ({ admin: 'an admin', billing: 'a billing contact', member: 'a member' })[role];

/** ['US', 'EU'] → 'US or EU'. */
export const either = (choices: string[]): string => choices.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** S-10 where the provider sells one at a time; otherwise our own choice. */
export const ipCount: Check<DedicatedFacts> = (policy, { asked }, at) => {
  const most = policy.maxIpsPerRequest;
  const passes = asked.ipCount <= most.value;
  return finding({
    check: 'ip-count',
    rule: most.rule,
    title: 'IPs in this request',
    fact: grouped(asked.ipCount),
    limit: `≤ ${grouped(most.value)}`,
    verdict: passes ? 'passes' : 'blocks',
    says: [
      passes ? 'Not too many at once.' : 'Too many IPs at once.',
      `You ask for ${counted(asked.ipCount, 'IP')}; one request may ask for ${upTo(most.value)}.`,
    ],
    remedy: `Ask for ${upTo(most.value)}; more can be asked for once this request is decided.`,
    source: 'request',
    asOf: at,
  });
};

const upTo = (most: number): string => (most === 1 ? 'one IP' : `up to ${inWords(most)} IPs`);

/** Own choice: what is in the transactional pool leaves it for the IPs (C-06 ends with that); the person asking should mean it. */
export const leavesPool: Check<DedicatedFacts> = (_policy, { domains }, at) => {
  const inPool = domains.filter(({ route }) => route === 'transactional').map(({ name }) => name);
  if (inPool.length === 0) return null;
  const [is, stays] = inPool.length === 1 ? ['is', 'it stays'] : ['are', 'they stay'];
  return finding({
    check: 'leaves-pool',
    rule: 'own choice',
    title: 'Leaves the transactional pool',
    fact: listed(inPool),
    limit: 'none',
    verdict: 'look',
    says: [
      'The transactional pool would be left.',
      `${listed(inPool)} ${is} in the transactional pool and would go over the dedicated IPs instead; a reviewer looks at this.`,
    ],
    remedy: `Leave ${listed(inPool)} out of this request, and ${stays} in the pool.`,
    source: 'account',
    asOf: at,
  });
};

/** S-12: more new IPs a month than this are decided by a person. Says nothing where the policy has no such limit. */
export const newIps: Check<DedicatedFacts> = (policy, { asked, addedThisMonth }, at) => {
  const { value: limit, rule } = policy.newIpsPerMonth;
  if (limit === null) return null;
  const after = addedThisMonth + asked.ipCount;
  const passes = after <= limit;
  return finding({
    check: 'new-ips',
    rule,
    title: 'New IPs this month',
    fact: `${grouped(addedThisMonth)} added, ${grouped(asked.ipCount)} asked for`,
    limit: `${grouped(limit)} a month`,
    verdict: passes ? 'passes' : 'look',
    says: [
      `${capitalised(ordinal(after))} new IP this month.`,
      `Accounts add ${upTo(limit)} a month${passes ? '' : '; a reviewer looks at more before deciding'}.`,
    ],
    remedy: 'Say in your request why it cannot wait until next month.',
    source: policy.name,
    asOf: at,
  });
};

/** Own choice: what is free now. Settled inside the approval, so it never binds a decision. */
export const freeIps: Check<DedicatedFacts> = (_policy: Policy, { asked, freeIps: free }, at) => {
  const enough = free >= asked.ipCount;
  const there = regionNames[asked.region];
  return finding({
    check: 'free-ips',
    rule: 'own choice',
    title: `Free IPs in ${there}`,
    fact: grouped(free),
    limit: `≥ ${grouped(asked.ipCount)}`,
    verdict: enough ? 'passes' : 'look',
    says: enough
      ? ['IPs are free.', `We have IPs free in ${there} now.`]
      : ['You may have to wait.', scarce(free, there)],
    remedy: free > 0 ? `Ask for ${counted(free, 'IP')} now instead of ${inWords(asked.ipCount)}.` : null,
    source: 'inventory',
    asOf: at,
    binds: false,
  });
};

const scarce = (free: number, there: string): string => {
  const now = free === 0 ? 'No IP is' : `Only ${counted(free, 'IP')} ${free === 1 ? 'is' : 'are'}`;
  return `${now} free in ${there} now. An approved request is waitlisted and served as soon as IPs are free.`;
};
