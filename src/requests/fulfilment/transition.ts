// What an approval brings about, all or nothing, inside the transaction of the decision:
// IPs allocated at the price of the quote, warm-up started, domains moved; or a place on the waitlist.
import { holdAccount, holdAccounts } from '../../accounts/actions.ts';
import { findAccount } from '../../accounts/store.ts';
import type { Act } from '../../act.ts';
import type { FulfillingTransition } from '../../audit/event.ts';
import { moveDomain } from '../../domains/actions.ts';
import type { Domain } from '../../domains/domain.ts';
import { listDomainsWithSubusers } from '../../domains/store.ts';
import { allocateIps, unlinkDomain } from '../../ips/actions.ts';
import type { Allocation } from '../../ips/allocation.ts';
import { changeAssignments } from '../../ips/assignments/actions.ts';
import { listAddressesWithoutDomain } from '../../ips/store-use.ts';
import type { Quote } from '../../pricing/quote.ts';
import { startWarmup } from '../../warmup/actions.ts';
import { listed } from '../../wording.ts';
import type { Evidence } from '../evidence/gather.ts';
import { type Answers, type IpRequest, reference } from '../request.ts';
import { type Taken, type TransitionProblem, transition } from '../transition.ts';

type Price = Pick<Quote, 'ipCount' | 'includedCount' | 'unitCents' | 'monthlyCents' | 'currency'>;
type Dedicated = Extract<Answers, { kind: 'dedicated_ip' }>;

/** An approval to carry out. */
type Approval = {
  readonly step: FulfillingTransition;
  readonly request: IpRequest;
  readonly evidence: Evidence;
  /** The quote to which it binds; null for the transactional pool. */
  readonly price: Price | null;
  /** What the actor wrote, if anything. */
  readonly message: string;
  /** Whether the IPs were kept for it since it was decided, so that they are promised to nobody else. */
  readonly isReserved?: boolean;
};
type IpApproval = Approval & { readonly price: Price };

/** Carries out an approval. */
export async function fulfil(act: Act<TransitionProblem>, approval: Approval): Promise<Taken> {
  const { step, request, evidence, price } = approval;
  const account = (await holdAccount(act.trx, request.account.id)) ?? request.account;
  if (account.status !== 'active')
    act.refuse({
      name: 'not-possible',
      sentence: `${account.name} is ${account.status}: nothing can be approved until it is reopened.`,
    });
  if (request.answers.kind === 'transactional_pool') return fulfilPool(act, approval);
  if (!price) throw new Error('dedicated IPs have a price');
  await holdSubusers(act, approval);
  const mustWait = step !== 'serve' && !approval.isReserved && isPromised(evidence, price.ipCount);
  const allocations = mustWait
    ? null
    : await allocateIps(act, {
        requestId: request.id,
        reference: reference(request.id),
        accountId: request.account.id,
        region: request.answers.region,
        prices: pricesOf(price),
        currency: price.currency,
        domainIds: evidence.domains.map((domain) => domain.id),
        status: request.answers.automatedWarmup ? 'warming' : 'active',
      });
  if (allocations !== null) await assignToSubusers(act, approval, allocations);
  return allocations === null
    ? waitlist(act, { ...approval, price }, request.answers)
    : fulfilIps(act, { ...approval, price }, allocations);
}

/** The domains of a request that its account's subusers have, by the id of each. */
function bySubuser({ request, evidence }: Approval): Map<number, Domain[]> {
  return Map.groupBy(
    evidence.domains.filter(({ accountId }) => accountId !== request.account.id),
    ({ accountId }) => accountId,
  );
}

/** Holds the subusers whose domains are named: what moves their mail, suspends or closes them waits, or came before. */
async function holdSubusers({ trx, refuse }: Act<TransitionProblem>, approval: Approval): Promise<void> {
  const ids = [...bySubuser(approval).keys()];
  await holdAccounts(trx, ids);
  for (const id of ids) {
    const subuser = await findAccount(trx, id);
    if (subuser?.status === 'active') continue;
    const sentence = `${subuser?.name ?? 'A subuser'} is ${subuser?.status ?? 'gone'}: no IP is assigned to it until it is reopened.`;
    refuse({ name: 'not-possible', sentence });
  }
}

/**
 * S-18, S-21: has the subusers whose domains are named send over the new IPs, and the account itself where a domain of its own is
 * named (S-17). The database refuses those of another region (S-23).
 */
async function assignToSubusers(act: Act, approval: Approval, allocations: readonly Allocation[]): Promise<void> {
  const { domains } = approval.evidence;
  const named = [...bySubuser(approval)];
  if (named.length === 0) return;
  const added = named.map(([id, of]) => ({
    ...{ id, name: of[0]?.subuser?.name ?? '' },
    domains: of.map(({ name }) => name),
  }));
  const ownerSends = domains.some(({ accountId }) => accountId === approval.request.account.id);
  const domainIds = domains.map(({ id }) => id);
  for (const allocation of allocations)
    await changeAssignments(act, allocation, { added, removed: [], ownerSends, domainIds });
}

/** Whether what is free is promised to those who wait already: nobody overtakes them. */
const isPromised = ({ facts }: Evidence, count: number): boolean =>
  facts.kind === 'dedicated_ip' && facts.freeIps < count;

/** The monthly price of each IP in cents: first those that the plan includes, then the others. */
const pricesOf = (price: Price): number[] =>
  Array.from({ length: price.ipCount }, (_, index) => (index < price.includedCount ? 0 : price.unitCents));

/** What the gate says when somebody is served from the waitlist (C-08): kept, so that it can be checked; 0 where the policy has none. */
function gateNow({ facts, policy }: Evidence): { weekly: number | null; gate: number } {
  if (facts.kind !== 'dedicated_ip') throw new Error('only IPs are waited for');
  const gate = (policy.document.weeklyVolumePerIp.value ?? 0) * (facts.joined + facts.asked.ipCount);
  return { weekly: facts.measured.weekly, gate };
}

/** The domains of a request as they are now: what gives IPs back or changes their use waits for this act. */
async function domainsNow({ trx }: Act, request: IpRequest, { domains }: Evidence): Promise<Domain[]> {
  const ids = new Set(domains.map(({ id }) => id));
  return (await listDomainsWithSubusers(trx, request.account.id)).filter(({ id }) => ids.has(id));
}

async function fulfilIps(
  act: Act<TransitionProblem>,
  { step, request, evidence, price, message }: IpApproval,
  allocations: readonly Allocation[],
): Promise<Taken> {
  const { actor } = act;
  const plan = evidence.forecast;
  const { answers } = request;
  const isAutomated = answers.kind === 'dedicated_ip' && answers.automatedWarmup;
  if (isAutomated && !plan) throw new Error('IPs with automated warm-up have a plan');
  const clock = evidence.policy.document.warmup.clock.value;
  // S-15: an IP without a plan is in use at once.
  if (plan) {
    for (const allocation of allocations) await startWarmup(act, allocation, plan, { clock, pattern: plan.pattern });
  }
  for (const domain of await domainsNow(act, request, evidence)) await moveDomain(act, domain, 'dedicated');
  const addresses = allocations.map((allocation) => allocation.address);
  const domains = evidence.domains.map((domain) => domain.name);
  const { monthlyCents, currency } = price;
  return transition(act, step, request, {
    change: {
      dueAt: null,
      approvedCount: price.ipCount,
      decidedAt: request.decidedAt ?? actor.at,
      ...(step === 'serve' ? { served: gateNow(evidence) } : {}),
    },
    message,
    facts: { step, addresses, monthlyCents, currency, domains, ...(isAutomated ? {} : { withoutWarmup: true }) },
    notifications: {
      'request-approved': {
        addresses,
        monthlyCents,
        currency,
        // The sentence explains today's price; where another was fixed it would only confuse.
        quoteSentence: evidence.quote?.monthlyCents === monthlyCents ? evidence.quote.sentence : '',
        startsOn: plan?.startsOn ?? null,
        finishesOn: plan?.finishesOn ?? null,
        firstCap: plan ? (plan.caps[0] ?? plan.targetPerDay) : null,
        domains,
        ...(step === 'approveAutomatically' ? { automatic: true as const } : {}),
      },
      'request-decided': { outcome: 'approved', by: actor.person?.name ?? 'Warmdesk' },
    },
  });
}

async function waitlist(
  act: Act<TransitionProblem>,
  { step, request, price, message }: IpApproval,
  answers: Dedicated,
): Promise<Taken> {
  const { actor, refuse } = act;
  // One that waits already keeps waiting, without another mail.
  if (request.status === 'waitlisted') return refuse({ name: 'not-open' });
  const { region } = answers;
  const { ipCount: granted, monthlyCents, currency } = price;
  return transition(act, 'waitlist', request, {
    change: {
      dueAt: null,
      approvedCount: granted,
      decidedAt: actor.at,
      waitsSince: request.waitsSince ?? actor.at,
    },
    message,
    facts: { step, region, granted, monthlyCents, currency },
    notifications: {
      'request-waitlisted': { region, granted, monthlyCents, currency },
      'request-decided': { outcome: 'approved; it waits for a free IP', by: actor.person?.name ?? 'Warmdesk' },
    },
  });
}

/** The domain moves into the transactional pool; from now on its campaigns are refused (C-05, C-06). */
async function fulfilPool(act: Act<TransitionProblem>, { step, request, evidence, message }: Approval): Promise<Taken> {
  const { trx, actor } = act;
  const [domain] = await domainsNow(act, request, evidence);
  if (!domain) throw new Error('a request for the transactional pool has one domain');
  await moveDomain(act, domain, 'transactional');
  await unlinkDomain(trx, domain, actor.at);
  const idle = await listAddressesWithoutDomain(trx, request.account.id);
  if (idle.length > 0) {
    const sentence = `Without ${domain.name} no domain would use ${listed(idle)}, which is charged all the same. Decline, or ask what should use it.`;
    return act.refuse({ name: 'not-possible', sentence });
  }
  const notifications = { domain: domain.name };
  return transition(act, step, request, {
    change: { dueAt: null, decidedAt: actor.at },
    message,
    facts: {
      step,
      addresses: [],
      monthlyCents: 0,
      currency: evidence.policy.document.currency,
      domains: [domain.name],
    },
    notifications: {
      'request-approved-pool': notifications,
      'request-decided': { outcome: 'approved', by: actor.person?.name ?? 'Warmdesk' },
    },
  });
}
