// Which requests may be approved together: those that need no thought. Pure.
import type { Person } from '../../../accounts/person.ts';
import type { Claim } from '../../claims/claim.ts';
import { barTo } from '../../lifecycle.ts';
import type { IpRequest } from '../../request.ts';
import type { DecisionBasis } from '../decision-basis.ts';

/** At most this many at once: a page of the queue, so that all of them were seen. Own choice. */
export const MOST_AT_ONCE = 25;

const PASSES = 'passes';
const DEARER = 'The price rose since the customer saw it.';

/** What is known of a request beside itself. Prices in cents a month. */
type Known = {
  readonly checks: readonly { readonly verdict: string }[];
  readonly claim: Claim | null;
  /** Whether the policy has its reviewers go through a checklist. */
  readonly hasChecklist: boolean;
  /** What the customer saw, and what it would cost now; null for the transactional pool. */
  readonly quotedCents: number | null;
  readonly nowCents: number | null;
};

/**
 * Why `person` should look at a request by itself; null where every check passes, nobody else has it, no checklist is required, and it costs no more
 * than the customer saw: a dearer one is never approved.
 */
export function whyNotClear(
  request: IpRequest,
  person: Person,
  { checks, claim, hasChecklist, quotedCents, nowCents }: Known,
): string | null {
  const bar = barTo('approve', request, person);
  if (bar === 'own-account') return 'This is your own request, or your own account’s.';
  if (bar !== null) return 'It is not waiting for a first decision.';
  if (claim !== null && claim.personId !== person.id) return `${claim.name} has it.`;
  if (hasChecklist) return 'It has a checklist, which is ticked on its own page.';
  const others = checks.filter(({ verdict }) => verdict !== PASSES).length;
  if (others === 0) return quotedCents !== null && (nowCents ?? 0) > quotedCents ? DEARER : null;
  return others === 1 ? 'A check does not pass.' : `${others} checks do not pass.`;
}

/** Whether everything that was seen passed: only that is approved with others. */
export const isAllPassed = ({ checks }: DecisionBasis): boolean =>
  Object.values(checks).every(({ verdict }) => verdict === PASSES);
