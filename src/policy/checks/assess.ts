import type { Policy } from '../document/policy.ts';
import type { Check } from './check.ts';
import * as dedicated from './dedicated.ts';
import type { DedicatedFacts, Facts, PoolFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import * as pool from './pool.ts';
import { region } from './region.ts';
import * as sending from './sending.ts';
import * as subusers from './subusers.ts';
import * as volume from './volume.ts';
import * as warmup from './warmup.ts';

export { type Recommendation, recommend, recommendedIps } from './recommend.ts';

/** The checks of a request for dedicated IPs, in the order in which they are read. */
const dedicatedChecks: Check<DedicatedFacts>[] = [
  sending.accountOpen,
  dedicated.noSubuser,
  subusers.subuserDomains,
  volume.statedVolume,
  volume.measuredVolume,
  volume.growthStated,
  sending.bounceRate,
  sending.complaintRate,
  sending.domainsProven,
  dedicated.leavesPool,
  dedicated.planAllows,
  dedicated.mayCommit,
  dedicated.ipCount,
  sending.oneOpen,
  region,
  warmup.overflowRoute,
  dedicated.newIps,
  dedicated.freeIps,
];

/** The checks of a request for the transactional pool. */
const poolChecks: Check<PoolFacts>[] = [
  sending.accountOpen,
  pool.transactionalOnly,
  pool.routeNow,
  sending.poolBounceRate,
  sending.poolComplaintRate,
  pool.history,
  sending.domainsProven,
  sending.oneOpen,
];

/** Every check of the policy on these facts, at the instant `at`; the same for the customer and the reviewer. */
export const assess = (policy: Policy, facts: Facts, at: number): Finding[] =>
  facts.kind === 'dedicated_ip' ? run(dedicatedChecks, policy, facts, at) : run(poolChecks, policy, facts, at);

const run = <F>(checks: Check<F>[], policy: Policy, facts: F, at: number): Finding[] =>
  checks
    .map((check) => check(policy, facts, at))
    .filter((finding) => finding !== null)
    .map((finding) => withoutExceptions(policy, finding));

/** What the policy lets nobody override cannot be settled by two reviewers: it stops the request. */
const withoutExceptions = ({ neverOverridden }: Policy, finding: Finding): Finding =>
  finding.verdict === 'fails' && neverOverridden.value.includes(finding.check)
    ? { ...finding, verdict: 'blocks' }
    : finding;
