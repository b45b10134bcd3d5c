// What of the checks' findings keeps a request from being approved at once. Pure.
import type { Finding } from '../../policy/checks/finding.ts';

/** Why nobody can approve it now: a check blocks that did not when it was sent (a smaller plan, say). */
export function blockedSentence(findings: readonly Finding[]): string | null {
  const first = findings.find((finding) => finding.verdict === 'blocks');
  return first ? `It cannot be approved right now. ${first.title}: ${first.fact}; it takes ${first.limit}.` : null;
}

/** The checks that a request fails: approving it needs a reason and a second reviewer. */
export const failed = (findings: readonly Finding[]): Finding[] =>
  findings.filter((finding) => finding.verdict === 'fails' || finding.verdict === 'blocks');
