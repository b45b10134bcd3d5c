// Whether a request could come to anything, before anybody has filled in its form. Pure.

import type { Domain } from '../../domains/domain.ts';
import type { Finding } from '../../policy/checks/finding.ts';
import type { CheckName } from '../../policy/document/check-names.ts';
import type { Judged } from '../evidence/gather.ts';

/** What the checks come to: all pass; some need a reviewer's look; some fail, so that two have to agree; it cannot be sent. */
export type Verdict = 'qualifies' | 'looked-at' | 'against' | 'blocked';

/** What the findings on a request, or on one that could be sent, come to. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((finding) => finding.verdict === 'blocks')) return 'blocked';
  if (findings.some((finding) => finding.verdict === 'fails')) return 'against';
  return findings.every((finding) => finding.verdict === 'passes') ? 'qualifies' : 'looked-at';
}

/** S-11: whether nothing but the role of the person asking stops it, so that a colleague can send it. */
export function mayHandOver(findings: readonly Finding[]): boolean {
  const stops = findings.filter((finding) => finding.verdict === 'blocks');
  return stops.length > 0 && stops.every((finding) => finding.check === 'may-commit');
}

/** A request that an account could send now, judged on what is measured; nothing is typed yet. */
export type Prospect = {
  readonly verdict: Verdict;
  /** What the account brings along; the checks of what would be typed are left out. */
  readonly findings: readonly Finding[];
  readonly evidence: Judged;
};

/** The checks of what the form asks. Before it is filled in they would judge our own guesses. */
const OF_THE_FORM: readonly CheckName[] = ['stated-volume', 'stated-to-measured', 'ip-count', 'leaves-pool', 'region'];

/** Judges evidence on what nobody typed. */
export function prospectOf(evidence: Judged): Prospect {
  const findings = evidence.findings.filter(({ check }) => !OF_THE_FORM.includes(check));
  return { verdict: verdictOf(findings), findings, evidence };
}

const RANK: Readonly<Record<Verdict, number>> = { qualifies: 0, 'looked-at': 1, against: 2, blocked: 4 };

/** What a colleague could send comes before what nobody can (S-11). */
const rankOf = ({ verdict, findings }: Prospect): number => (mayHandOver(findings) ? 3 : RANK[verdict]);

/** The prospect that comes furthest: the first of those with the best verdict. undefined: there are none. */
export const bestOf = (prospects: readonly Prospect[]): Prospect | undefined =>
  prospects.toSorted((one, other) => rankOf(one) - rankOf(other))[0];

/** What no answer on the form could change, so that the form need not be opened at all. */
const FIRM: readonly CheckName[] = ['account-open', 'plan', 'one-open', 'transactional-only', 'route-now'];

/** The finding that stops every request of this kind, whatever is typed; undefined: the form can change what fails. */
export const stopOf = ({ findings }: Prospect): Finding | undefined =>
  findings.find(({ check, verdict }) => verdict === 'blocks' && FIRM.includes(check));

/** Whether the transactional pool can be asked for with a domain: C-04, and one that staff stopped sends nothing. */
export const mayAskForPool = ({ usage, route, stoppedAt }: Pick<Domain, 'usage' | 'route' | 'stoppedAt'>): boolean =>
  usage === 'transactional' && route !== 'transactional' && stoppedAt === null;
