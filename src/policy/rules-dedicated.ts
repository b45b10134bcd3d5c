import type { AccountRole } from '../accounts/person.ts';
import { counted, grouped, inWords, ordinal } from '../wording.ts';
import { type Check, finding } from './check.ts';
import type { DedicatedFacts, Region } from './facts.ts';
import { type Plan, type Policy, planOf } from './policy.ts';

export const regionNames: Record<Region, string> = { us: 'the US', eu: 'the EU' };

/** S-03: dedicated IPs need a plan that allows them. */
export const planAllows: Check<DedicatedFacts> = (policy, { account }, at) => {
  const plan = planOf(policy, account.plan);
  const allows = plan?.dedicatedIps.value ?? false;
  const name = plan?.name ?? account.plan;
  const others = policy.plans.filter((each) => each.dedicatedIps.value).map((each) => each.name);
  return finding({
    check: 'plan',
    rule: plan?.dedicatedIps.rule ?? 'S-03',
    title: 'Plan',
    fact: plan ? name : `${name}, not a plan of this policy`,
    limit: either(others),
    verdict: allows ? 'passes' : 'blocks',
    says: allows
      ? ['Your plan allows dedicated IPs.', planIncludes(plan)]
      : ['Your plan sends over shared IPs only.', `Dedicated IPs need another plan than ${name}.`],
    remedy: others.length > 0 ? `Change to ${either(others)}.` : null,
    source: 'account',
    asOf: at,
  });
};

const planIncludes = (plan: Plan | undefined): string => {
  const included = plan?.includedIps.value ?? 0;
  return `${plan?.name} includes ${included === 0 ? 'none; each has a monthly price' : counted(included, 'IP')}.`;
};

/** S-11: only some roles may commit their account to a cost. */
export const mayCommit: Check<DedicatedFacts> = (policy, { requester }, at) => {
  const roles = policy.mayCommitToCost;
  const may = roles.value.includes(requester.role);
  return finding({
    check: 'may-commit',
    rule: roles.rule,
    title: 'May commit to cost',
    fact: `${requester.name}, account ${requester.role}`,
    limit: either(roles.value),
    verdict: may ? 'passes' : 'blocks',
    says: may
      ? ['You may commit to the cost.', `You are ${called(requester.role)} of your account.`]
      : ['You may not commit to the cost.', `You are ${called(requester.role)} of your account.`],
    remedy: `Ask ${either(roles.value.map(called))} of your account to send this request.`,
    source: 'account',
    asOf: at,
  });
};

const called = (role: AccountRole): string =>
  ({ admin: 'an admin', billing: 'a billing contact', member: 'a member' })[role];

const either = (choices: string[]): string => choices.join(', ').replace(/, ([^,]*)$/, ' or $1');

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
    says: passes
      ? [
          'A number that we grant at once.',
          `You ask for ${counted(asked.ipCount, 'IP')}; one request may ask for ${upTo(most.value)}.`,
        ]
      : [
          'Too many IPs at once.',
          `You ask for ${counted(asked.ipCount, 'IP')}; one request may ask for ${upTo(most.value)}.`,
        ],
    remedy: `Ask for ${upTo(most.value)}; more can be asked for once this request is decided.`,
    source: 'request',
    asOf: at,
  });
};

const upTo = (most: number): string => (most === 1 ? 'one IP' : `up to ${inWords(most)} IPs`);

/** S-04 (the part that a request shows): an account pinned to a region sends only from there. S-14: the regions offered. */
export const region: Check<DedicatedFacts> = (policy, { asked, account }, at) => {
  const offered = policy.regions.value.includes(asked.region);
  const own = account.region === null || account.region === asked.region;
  const there = regionNames[asked.region];
  const home = account.region && regionNames[account.region];
  return finding({
    check: 'region',
    rule: offered ? 'S-04' : policy.regions.rule,
    title: 'Region',
    fact: asked.region,
    limit: account.region ?? either(policy.regions.value),
    verdict: offered ? (own ? 'passes' : 'fails') : 'blocks',
    says: offered
      ? own
        ? ['The region fits.', home ? `Your account sends from ${home}.` : 'Your account may send from every region.']
        : ['Not your region.', `Your account sends from ${home} only; you ask for IPs in ${there}.`]
      : ['No IPs there.', `We have no dedicated IPs in ${there}.`],
    remedy: `Ask for IPs in ${home ?? either(policy.regions.value.map((each) => regionNames[each]))}.`,
    source: 'account',
    asOf: at,
  });
};

/** S-12: more new IPs a month than this are decided by a person. */
export const newIps: Check<DedicatedFacts> = (policy, { asked, addedThisMonth }, at) => {
  const limit = policy.newIpsPerMonth;
  const after = addedThisMonth + asked.ipCount;
  const passes = after <= limit.value;
  return finding({
    check: 'new-ips',
    rule: limit.rule,
    title: 'New IPs this month',
    fact: `${grouped(addedThisMonth)} added, ${grouped(asked.ipCount)} asked for`,
    limit: `${grouped(limit.value)} a month`,
    verdict: passes ? 'passes' : 'look',
    says: passes
      ? [
          `${after === 1 ? 'First new IP' : counted(after, 'new IP')} this month.`,
          `Accounts add ${upTo(limit.value)} a month.`,
        ]
      : [
          `${titleOf(after)} this month.`,
          `Accounts add ${upTo(limit.value)} a month; a reviewer looks at more before deciding.`,
        ],
    remedy: 'Say in your request why it cannot wait until next month.',
    source: policy.name,
    asOf: at,
  });
};

const titleOf = (nth: number): string => `${ordinal(nth).replace(/^./, (letter) => letter.toUpperCase())} new IP`;

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
      : [
          'You may have to wait.',
          `${free === 0 ? 'No IP is' : `Only ${counted(free, 'IP')} ${free === 1 ? 'is' : 'are'}`} free in ${there} now. An approved request will be waitlisted and served as soon as IPs are free.`,
        ],
    remedy: 'Nothing to do: we tell you as soon as your IPs are there.',
    source: 'inventory',
    asOf: at,
    binds: false,
  });
};
