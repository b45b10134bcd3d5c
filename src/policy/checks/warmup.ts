import { counted, listed } from '../../wording.ts';
import type { Policy } from '../document/policy.ts';
import { bestPool } from '../document/pools.ts';
import { type Check, finding } from './check.ts';
import type { DedicatedFacts, Region } from './facts.ts';
import { isForSubusersAlone } from './subusers.ts';

const THERE: Readonly<Record<Region, string>> = { us: 'the US', eu: 'the EU' };

/**
 * C-15, S-16: automated warm-up needs an overflow route for the mail above the day's cap: by the policy's order another warm IP of
 * the account in the region asked for, or a shared default pool in the account's own. Waiting is not an overflow route,
 * and where the policy needs a warm IP the pool is none either. S-15: without automated warm-up nothing overflows.
 */
export const overflowRoute: Check<DedicatedFacts> = (policy, { asked, account, domains, warmIps: allWarm }, at) => {
  if (!asked.automatedWarmup) return null;
  const routes = routesAskedFor(policy);
  // Subusers send from their own region, which is the one asked for (S-23).
  const pinnedTo = isForSubusersAlone(domains) ? asked.region : account.region;
  const home = pinnedTo ?? asked.region;
  // S-04: the mail of an account that is pinned to the EU goes over none outside it.
  const warmIps = pinnedTo === 'eu' && asked.region !== 'eu' ? 0 : allWarm;
  const pool = bestPool(policy.pools, home);
  const found = [
    ...(routes.includes('warm-ips') && warmIps > 0 ? [`${counted(warmIps, 'warm IP')} of the account`] : []),
    ...(routes.includes('pool') && pool ? [`the pool ${pool.key}`] : []),
  ];
  const passes = found.length > 0;
  return finding({
    check: 'warm-way-out',
    rule: policy.warmup.needsWarmIp.value ? policy.warmup.needsWarmIp.rule : policy.warmup.overflow.rule,
    title: 'Where mail above the daily cap goes',
    fact: passes ? listed(found) : 'none',
    limit: LIMITS[String(routes.includes('warm-ips'))]?.[String(routes.includes('pool'))] ?? '',
    verdict: passes ? 'passes' : 'blocks',
    says: passes
      ? [
          'Your mail keeps flowing while the IP warms up.',
          `What is above the day’s limit of a new IP goes over ${listed(found).replace('of the account', 'of yours')}.`,
        ]
      : [
          'Nothing else can carry the rest of your mail yet.',
          `A new IP carries only a part of your mail at first. In ${THERE[home]} there is no ${routes.includes('pool') ? 'shared pool' : 'warm IP of yours'} that could carry the rest, so it would wait for days.`,
        ],
    remedy: passes ? null : remedyFor(policy),
    source: policy.name,
    asOf: at,
  });
};

/** The overflow routes with which an IP can be asked for; once it warms up, the policy's whole order holds. */
const routesAskedFor = ({ warmup }: Pick<Policy, 'warmup'>) =>
  warmup.overflow.value.filter((route) => route === 'warm-ips' || !warmup.needsWarmIp.value);

const LIMITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  true: { true: 'a warm IP or a shared pool', false: 'a warm IP' },
  false: { true: 'a shared pool', false: 'a warm IP or a shared pool, of which this policy allows neither' },
};

/** The regions that have a pool; the account's own has none, or there would be nothing to say. */
function remedyFor(policy: Policy): string | null {
  const { pools, regions, warmup } = policy;
  if (warmup.optional.value) {
    return 'Choose to warm the IP up yourself, or ask for automated warm-up once another IP of yours is warm.';
  }
  const others = routesAskedFor(policy).includes('pool')
    ? regions.value.filter((region) => pools.some((one) => one.kind === 'default' && one.region === region))
    : [];
  return others.length > 0
    ? `Ask for IPs in ${listed(others.map((region) => THERE[region]))}, if your account may send from there.`
    : null;
}

/** Where mail above a warming IP's cap goes, as a clause: for everybody who reads the policy. */
export function overflowWords(policy: Pick<Policy, 'warmup'>): string {
  const words = { 'warm-ips': 'your other warm IPs', pool: 'the shared pool', wait: '' };
  const routes = routesAskedFor(policy)
    .map((route) => words[route])
    .filter(Boolean);
  return routes.length === 0
    ? 'nothing else can carry the rest yet'
    : `the rest goes over ${routes.join(', and where there are none over ')}`;
}
