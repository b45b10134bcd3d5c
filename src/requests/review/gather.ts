// All that the review page shows of one request: the evidence, what each step would do, and what was said.
import type { Person } from '../../accounts/person.ts';
import type { Db } from '../../database.ts';
import type { Allocation, GivenBack } from '../../ips/allocation.ts';
import { listAllocationsFor } from '../../ips/store.ts';
import { listGivenBack } from '../../ips/store-release.ts';
import { type Desk, gatherDesk } from '../claims/gather.ts';
import { blockedSentence, failed } from '../evidence/failing.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
import { fulfilledIds, givenBackOf, titleWith } from '../given-back.ts';
import { type TimelineEntry, timeline } from '../history.ts';
import { barTo, openTransitions, type TransitionName } from '../lifecycle.ts';
import { listNotified, teamsOf } from '../notify.ts';
import { type IpRequest, isOpen, type PendingDecision } from '../request.ts';
import { listRequestsOf } from '../store.ts';
import { type Decision, findQuote, listDecisionsInForce, listHistory, type StoredQuote } from '../store-decisions.ts';
import { type ChecklistItem, checklistOf } from './checklist/checklist.ts';
import { changedSinceFirst } from './decide.ts';
import { basisOf, type DecisionBasis, readBasis } from './decision-basis.ts';

export const modes = ['approve', 'offer', 'decline', 'ask', 'send-back', 'note'] as const;
/** Which form of the decision card is open. */
export type DossierMode = (typeof modes)[number];

export type Dossier = {
  readonly request: IpRequest;
  readonly what: string;
  readonly evidence: Evidence;
  readonly failedTitles: readonly string[];
  /** What the decision binds to, for the form. */
  readonly seen: DecisionBasis;
  /** What the decider saw, once it is decided. */
  readonly decidedOn: DecisionBasis | null;
  readonly price: StoredQuote | null;
  readonly decisions: readonly Decision[];
  readonly steps: readonly TransitionName[];
  /** Why this person cannot decide an open request; null where they can. */
  readonly bar: string | null;
  /** What keeps anybody from approving it now: a check that blocks, or facts that moved since the first reviewer decided. */
  readonly stop: string | null;
  /** A decision that has not taken effect; null: there is none, or this person is not to know. */
  readonly pending: (PendingDecision & { readonly isOwn: boolean }) | null;
  readonly notified: readonly string[];
  readonly timeline: readonly TimelineEntry[];
  /** What the policy has reviewers go through by hand; empty where it names nothing, or this person is not to know. */
  readonly checklist: readonly ChecklistItem[];
  readonly allocations: readonly Allocation[];
  readonly others: readonly IpRequest[];
  /** What was given back of the IPs that those brought, by their ids. */
  readonly othersGiven: ReadonlyMap<number, GivenBack>;
  readonly desk: Desk;
  /** Whether this person can still do something here, besides writing notes. */
  readonly isLeftToDo: boolean;
  readonly now: number;
};

/** Gathers everything for `person` to decide on. */
export async function gatherDossier(db: Db, person: Person, request: IpRequest, at: number): Promise<Dossier> {
  const [evidence] = await gatherEvidenceFor(db, [request], at);
  if (!evidence) throw new Error(`request ${request.id} has no evidence`);
  // Nobody has decided yet on what is only sent, so no decision is in force.
  const decisions = request.status === 'submitted' ? [] : await listDecisionsInForce(db, request.id);
  const teams = teamsOf(db, request, at);
  const isProposed = request.status === 'second_review';
  const steps = openTransitions(request, person);
  const others = (await listRequestsOf(db, request.account.id, 10)).filter((other) => other.id !== request.id);
  // What staff say among themselves is not for the customer's own people, be they staff or not.
  const isOwn = person.accountId === request.account.id;
  const history = await listHistory(db, request.id);
  const items = isOwn ? [] : evidence.policy.document.checklist.value[request.answers.kind];
  const allocations = request.status === 'fulfilled' ? await listAllocationsFor(db, request.id) : [];
  return {
    request,
    what: `${titleWith(request, givenBackOf(allocations))} for ${request.account.name}`,
    evidence,
    failedTitles: failed(evidence.findings).map((finding) => finding.title),
    seen: basisOf(request, evidence),
    decidedOn: isOpen(request.status) ? null : (readBasis(decisions.at(-1)?.seen ?? '') ?? null),
    price: (await findQuote(db, request.id)) ?? null,
    // Who decided and why is not for the customer's own people, be they staff or not.
    decisions: isOwn ? [] : decisions,
    steps,
    bar: barSentence(request, person),
    stop: blockedSentence(evidence.findings) ?? (isProposed ? changedSinceFirst(decisions, request, evidence) : null),
    pending: pendingFor(request, person),
    notified: isOpen(request.status)
      ? await listNotified({ db, teams }, person, approvalOf(request, evidence), request)
      : [],
    timeline: timeline(history, { staff: !isOwn }),
    checklist: checklistOf(items, history),
    allocations,
    others,
    othersGiven: await listGivenBack(db, fulfilledIds(others)),
    desk: await gatherDesk(db, person, request, { at, staff: teams.staff }),
    isLeftToDo: steps.some((step) => step !== 'withdraw'),
    now: at,
  };
}

const pendingFor = ({ pending, account }: IpRequest, person: Person): Dossier['pending'] =>
  pending && account.id !== person.accountId ? { ...pending, isOwn: pending.personId === person.id } : null;

function barSentence(request: IpRequest, person: Person): string | null {
  const bar = barTo(request.status === 'second_review' ? 'confirm' : 'approve', request, person);
  if (bar === 'own-account')
    return 'This is your own request, or your own account’s. Somebody else has to decide it (R-05).';
  if (bar === 'own-decline') return 'You declined this. Another reviewer decides on the appeal.';
  if (bar === 'own-proposal') return 'You proposed this approval. A second reviewer has to agree (R-04).';
  return null;
}

/** What approving comes to now: the whole, the second half of it, or the first, where a check fails. */
function approvalOf(request: IpRequest, evidence: Evidence): TransitionName {
  if (request.status === 'second_review') return 'confirm';
  return failed(evidence.findings).length > 0 ? 'propose' : 'approve';
}
