// A request changed by its customer while nobody has decided on it: a new version of it, on which decisions bind again.
import { type Act, act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { keepAll } from '../../domains/actions.ts';
import { lookSoon } from '../../domains/records/actions.ts';
import type { Result } from '../../result.ts';
import { gatherAutomaticAt } from '../automatic/gather.ts';
import { leaveToReviewers } from '../automatic/transition.ts';
import { gatherResumedAt } from '../clock/gather.ts';
import { type Customer, problemOf } from '../customer/actions.ts';
import type { Evidence } from '../evidence/gather.ts';
import { isBarredMember } from '../evidence/subject.ts';
import { type Answers, type IpRequest, writtenIn } from '../request.ts';
import { findRequest, listDomainsOfRequests } from '../store.ts';
import { findQuote, insertQuote, listPoolQuestion } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from '../transition.ts';
import { changesInWords, changesOf, formerTexts } from './changes.ts';
import { gatherEdited } from './gather.ts';
import { updateAnswers } from './store.ts';

export type EditProblem =
  | TransitionProblem
  /** What was typed is what was sent. */
  | { readonly name: 'unchanged' }
  | { readonly name: 'blocked' | 'price-changed'; readonly evidence: Evidence };

type Edit = {
  readonly answers: Answers;
  /** The monthly price in cents that the page showed; null for the transactional pool. */
  readonly shownCents: number | null;
  /** The version of the request that the form was filled from. */
  readonly version: number;
};

/**
 * Changes a request that nobody has decided on. Its price is quoted again, reviewers read what changed, and a question that
 * was open counts as answered. Somebody who has it on the desk keeps it.
 */
export function editRequest(db: Db, actor: Customer, id: number, edit: Edit): Promise<Result<Taken, EditProblem>> {
  return act<Taken, EditProblem, Customer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = await lockFor(act, id, 'edit');
    if (request.version !== edit.version) return refuse({ name: 'not-open' });
    // That question has a form of its own.
    if ((await listPoolQuestion(trx, id)).length > 0 && request.status === 'needs_info')
      return refuse({ name: 'not-open' });
    const { answers } = edit;
    if (answers.kind !== request.answers.kind) return refuse({ name: 'not-found' });
    const evidence = await gatherEdited(trx, request, answers, actor.at);
    if (!evidence) return refuse({ name: 'not-found' });
    const problem = problemOf(evidence, edit.shownCents);
    if (problem !== null) return refuse({ name: problem, evidence });
    // S-11: the checks judge who sent it; who changes what it costs has to be allowed to as well.
    const { value: roles } = evidence.policy.document.mayCommitToCost;
    const { accountRole } = actor.person;
    if (evidence.quote && roles !== null && (accountRole === null || !roles.includes(accountRole)))
      return refuse({ name: 'not-yours' });
    if (isBarredMember(accountRole, evidence)) return refuse({ name: 'not-yours' });
    return store(act, request, edit, evidence);
  });
}

/** Whether a place on the waitlist is kept: it is one of a region, and of as many IPs as were asked for, or fewer. */
const keepsPlace = (before: Answers, after: Answers): boolean =>
  before.kind !== 'dedicated_ip' ||
  after.kind !== 'dedicated_ip' ||
  (after.region === before.region && after.ipCount <= before.ipCount);

async function store(
  act: Act<EditProblem, Customer>,
  request: IpRequest,
  { answers }: Edit,
  evidence: Evidence,
): Promise<Taken> {
  const { trx, actor, refuse } = act;
  const { id, account } = request;
  const domains = (await listDomainsOfRequests(trx, [id])).get(id) ?? [];
  const before = { answers: request.answers, domains: domains.map(({ name }) => name) };
  const after = { answers, domains: evidence.domains.map(({ name }) => name) };
  const lines = changesInWords(before, after);
  if (lines.length === 0) return refuse({ name: 'unchanged' });
  await keepAll(act, evidence.domains);
  await updateAnswers(trx, id, answers);
  await lookSoon(act, evidence.domains);
  const { quote } = evidence;
  const shown = await findQuote(trx, id);
  const isSamePrice = shown?.monthlyCents === quote?.monthlyCents && shown?.ipCount === quote?.ipCount;
  if (quote && !isSamePrice) await insertQuote(trx, id, request.policyVersionId, quote);
  const edited = (await findRequest(trx, id)) as IpRequest;
  const by = actor.person.name;
  // What somebody has, or asked about, is theirs to decide.
  const automaticAt = await gatherAutomaticAt(trx, { accountId: account.id, evidence, edited: request }, actor.at);
  const automatic = automaticAt === undefined ? {} : { automaticAt };
  const price = { monthlyCents: quote?.monthlyCents ?? 0, currency: evidence.policy.document.currency };
  const taken = await transition(act, 'edit', edited, {
    change: {
      dueAt: await gatherResumedAt(trx, request, actor.at),
      keepsClaim: true,
      ...automatic,
      ...(keepsPlace(request.answers, answers) ? {} : { waitsSince: null }),
    },
    facts: { changes: changesOf(before, after) },
    message: formerTexts(request.answers, answers),
    written: writtenIn(answers),
    notifications: {
      'request-changed': { by, changes: lines, ...price, ...automatic },
      'request-edited': { by, changes: lines, verdict: evidence.recommendation.title },
    },
  });
  if (request.automaticAt !== undefined && automaticAt === undefined) {
    // Nobody was told of one at which Warmdesk was about to look.
    const byItself = { ...act, actor: { ...actor, person: null } };
    const why = ['Its customer changed it, and now a person decides on it.'];
    await leaveToReviewers(byItself, (await findRequest(trx, id)) as IpRequest, { evidence, why });
  }
  return taken;
}
