// What an approval brings about, all or nothing, inside the transaction of the decision:
// IPs allocated at the price of the quote, warm-up started, domains moved; or a place on the waitlist.
import type { Actor } from '../../accounts/person.ts';
import type { GrantingStep } from '../../audit/event.ts';
import type { Db } from '../../database.ts';
import { moveDomain } from '../../domains/actions.ts';
import { allocateIps, unlinkDomain } from '../../ips/actions.ts';
import type { Allocation } from '../../ips/allocation.ts';
import type { Quote } from '../../pricing/quote.ts';
import type { Refuse } from '../../result.ts';
import { startWarmup } from '../../warmup/actions.ts';
import type { Evidence } from '../evidence.ts';
import { type Answers, type IpRequest, reference } from '../request.ts';
import { type StepProblem, type Taken, take } from '../transition.ts';

type Price = Pick<Quote, 'ipCount' | 'includedCount' | 'unitCents' | 'monthlyCents' | 'currency'>;
type Dedicated = Extract<Answers, { kind: 'dedicated_ip' }>;

/** Carries out an approval. `price` is the quote to which it binds; null for the transactional pool. */
export async function grant(
  trx: Db,
  refuse: Refuse<StepProblem>,
  actor: Actor,
  step: GrantingStep,
  request: IpRequest,
  evidence: Evidence,
  price: Price | null,
  message = '',
): Promise<Taken> {
  if (request.answers.kind === 'transactional_pool')
    return grantPool(trx, refuse, actor, step, request, evidence, message);
  if (!price) throw new Error('dedicated IPs have a price');
  const mustWait = step !== 'serve' && isPromised(evidence, price.ipCount);
  const allocations = mustWait
    ? null
    : await allocateIps(trx, actor, {
        requestId: request.id,
        reference: reference(request.id),
        accountId: request.account.id,
        region: request.answers.region,
        prices: pricesOf(price),
        currency: price.currency,
        domainIds: evidence.domains.map((domain) => domain.id),
      });
  return allocations === null
    ? waitlist(trx, refuse, actor, step, request, request.answers, price, message)
    : fulfil(trx, refuse, actor, step, request, evidence, price, allocations, message);
}

/** Whether what is free is promised to those who wait already: nobody overtakes them. */
const isPromised = ({ facts }: Evidence, count: number): boolean =>
  facts.kind === 'dedicated_ip' && facts.freeIps < count;

/** The monthly price of each IP in cents: first those that the plan includes, then the others. */
const pricesOf = (price: Price): number[] =>
  Array.from({ length: price.ipCount }, (_, index) => (index < price.includedCount ? 0 : price.unitCents));

async function fulfil(
  trx: Db,
  refuse: Refuse<StepProblem>,
  actor: Actor,
  step: GrantingStep,
  request: IpRequest,
  evidence: Evidence,
  price: Price,
  allocations: readonly Allocation[],
  message: string,
): Promise<Taken> {
  const plan = evidence.forecast;
  if (!plan) throw new Error('dedicated IPs have a warm-up plan');
  for (const allocation of allocations) {
    await startWarmup(trx, actor, allocation, plan, evidence.policy.document.warmup.clock.value);
  }
  for (const domain of evidence.domains) await moveDomain(trx, actor, domain, 'dedicated');
  const addresses = allocations.map((allocation) => allocation.address);
  const domains = evidence.domains.map((domain) => domain.name);
  const { monthlyCents, currency } = price;
  return take(trx, refuse, actor, step, request, {
    change: { dueAt: null, grantedCount: price.ipCount, decidedAt: request.decidedAt ?? actor.at },
    message,
    facts: { step, addresses, monthlyCents, currency, domains },
    told: {
      'request-approved': {
        addresses,
        monthlyCents,
        currency,
        // The sentence explains today's price; where another was fixed it would only confuse.
        quoteSentence: evidence.quote?.monthlyCents === monthlyCents ? evidence.quote.sentence : '',
        startsOn: plan.startsOn,
        finishesOn: plan.finishesOn,
        firstCap: plan.caps[0] ?? plan.targetPerDay,
        domains,
      },
      'request-decided': { outcome: 'approved', by: actor.person?.name ?? 'Warmdesk' },
    },
  });
}

async function waitlist(
  trx: Db,
  refuse: Refuse<StepProblem>,
  actor: Actor,
  step: GrantingStep,
  request: IpRequest,
  answers: Dedicated,
  price: Price,
  message: string,
): Promise<Taken> {
  // One that waits already keeps waiting, without another mail.
  if (request.status === 'waitlisted') return refuse({ name: 'not-open' });
  const { region } = answers;
  const { ipCount: granted, monthlyCents, currency } = price;
  return take(trx, refuse, actor, 'waitlist', request, {
    change: { dueAt: null, grantedCount: granted, decidedAt: actor.at },
    message,
    facts: { step, region, granted, monthlyCents, currency },
    told: {
      'request-waitlisted': { region, granted, monthlyCents, currency },
      'request-decided': { outcome: 'approved; it waits for a free IP', by: actor.person?.name ?? 'Warmdesk' },
    },
  });
}

/** The domain moves into the transactional pool; from now on its campaigns are refused (C-05, C-06). */
async function grantPool(
  trx: Db,
  refuse: Refuse<StepProblem>,
  actor: Actor,
  step: GrantingStep,
  request: IpRequest,
  evidence: Evidence,
  message: string,
): Promise<Taken> {
  const [domain] = evidence.domains;
  if (!domain) throw new Error('a request for the transactional pool has one domain');
  await moveDomain(trx, actor, domain, 'transactional');
  await unlinkDomain(trx, domain.id, actor.at);
  const told = { domain: domain.name };
  return take(trx, refuse, actor, step, request, {
    change: { dueAt: null, decidedAt: actor.at },
    message,
    facts: {
      step,
      addresses: [],
      monthlyCents: 0,
      currency: evidence.policy.document.currency,
      domains: [domain.name],
    },
    told: {
      'request-approved-pool': told,
      'request-decided': { outcome: 'approved', by: actor.person?.name ?? 'Warmdesk' },
    },
  });
}
