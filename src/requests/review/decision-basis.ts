// What a decision binds to: what the reviewer saw. Written into the decision form, kept with the decision,
// and compared with the facts at the moment of deciding. Pure.
import { z } from 'zod';
import { formatMoney } from '../../money.ts';
import type { Evidence, Judged } from '../evidence/gather.ts';
import type { IpRequest } from '../request.ts';

/** What a decision binds to, as it is stored. */
export const basisSchema = z.strictObject({
  version: z.int(),
  policy: z.int(),
  monthlyCents: z.int().nullable(),
  checks: z.record(
    z.string(),
    z.strictObject({ title: z.string(), fact: z.string(), limit: z.string(), verdict: z.string() }),
  ),
});

export type DecisionBasis = z.infer<typeof basisSchema>;

/** The version of the request, the policy version, the price, and each check's verdict and fact (stock aside: it is settled inside the approval). */
export function basisOf(request: IpRequest, evidence: Pick<Judged, 'findings' | 'policy' | 'quote'>): DecisionBasis {
  const binding = evidence.findings.filter((finding) => finding.binds);
  return {
    version: request.version,
    policy: evidence.policy.id,
    monthlyCents: evidence.quote?.monthlyCents ?? null,
    checks: Object.fromEntries(
      binding.map(({ check, title, fact, limit, verdict }) => [check, { title, fact, limit, verdict }]),
    ),
  };
}

/** Reads what a form or a stored decision says was seen; undefined where it is not that. */
export function readBasis(text: string): DecisionBasis | undefined {
  try {
    return basisSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether a check failed as it was seen: an approval is then an exception to the policy. */
export const hasFailed = ({ checks }: DecisionBasis): boolean =>
  Object.values(checks).some(({ verdict }) => BAD.includes(verdict));

const BAD: readonly string[] = ['fails', 'blocks'];

// Figures that may move from day to day without a new decision.
const DRIFTS: readonly string[] = ['passes', 'look'];

/**
 * What was seen, with the figures of checks that did not fail and have the same verdict brought up to date. A rate that drifts from day
 * to day while it passes does not send it back to the first reviewer; a verdict that turned, or a failed check's fact, is.
 */
export const withDrift = (seen: DecisionBasis, now: DecisionBasis): DecisionBasis => broughtUp(seen, now, DRIFTS);

/**
 * What was seen, with the figures of all checks that have the same verdict brought up to date: what was decided a moment ago
 * holds while its verdicts do.
 */
export const withSameVerdicts = (seen: DecisionBasis, now: DecisionBasis): DecisionBasis =>
  broughtUp(seen, now, [...DRIFTS, ...BAD]);

function broughtUp(seen: DecisionBasis, now: DecisionBasis, verdicts: readonly string[]): DecisionBasis {
  const checks = Object.entries(seen.checks).map(([check, found]) => {
    const present = now.checks[check];
    return [check, verdicts.includes(found.verdict) && present?.verdict === found.verdict ? present : found];
  });
  return { ...seen, checks: Object.fromEntries(checks) };
}

/** What changed since it was seen, a sentence each; nothing changed: none. The request's own version is compared by the caller. */
export function differences(seen: DecisionBasis, now: DecisionBasis, evidence: Evidence): string[] {
  const changed: string[] = [];
  if (seen.policy !== now.policy) changed.push('The policy changed.');
  if (seen.monthlyCents !== now.monthlyCents) {
    changed.push(`Price: it was ${price(seen, evidence)}, it is ${price(now, evidence)} a month.`);
  }
  for (const check of new Set([...Object.keys(seen.checks), ...Object.keys(now.checks)])) {
    const [before, after] = [seen.checks[check], now.checks[check]];
    if (before?.verdict === after?.verdict && before?.fact === after?.fact) continue;
    changed.push(`${(after ?? before)?.title}: it was ${foundWords(before)}, it is ${foundWords(after)}.`);
  }
  return changed;
}

/**
 * What fails or blocks now although nobody decided on that: a sentence for each difference. An exception that two reviewers
 * agreed to holds for the fact that they saw; figures of what passes may drift. Undefined: nobody knows what was seen.
 */
export function failsSince(seen: DecisionBasis | undefined, now: DecisionBasis, evidence: Evidence): string[] {
  const bad = Object.entries(now.checks).filter(([, { verdict }]) => BAD.includes(verdict));
  const before = Object.fromEntries(
    bad.flatMap(([check]) => (seen?.checks[check] ? [[check, seen.checks[check]]] : [])),
  );
  const present = { ...now, checks: Object.fromEntries(bad) };
  return differences({ ...present, checks: before }, present, evidence);
}

/** Domains that are in the transactional pool now, of which the decision did not know (C-06). */
export function joinedPoolSince(seen: DecisionBasis | undefined, { domains, facts }: Evidence): string[] {
  if (facts.kind !== 'dedicated_ip') return [];
  const known = seen?.checks['leaves-pool']?.fact.split(/, | and /) ?? [];
  return domains
    .filter(({ route, name }) => route === 'transactional' && !known.includes(name))
    .map(({ name }) => name);
}

const price = (seen: DecisionBasis, evidence: Evidence): string =>
  formatMoney(seen.monthlyCents ?? 0, evidence.policy.document.currency);

const WORDS: Readonly<Record<string, string>> = {
  passes: 'passes',
  look: 'needs a look',
  fails: 'fails',
  blocks: 'blocks',
};
const foundWords = (check: DecisionBasis['checks'][string] | undefined): string =>
  check ? `${check.fact} (${WORDS[check.verdict] ?? check.verdict})` : 'not checked';
