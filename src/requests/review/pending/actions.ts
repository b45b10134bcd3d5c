// Thirty seconds to undo a decision: it is stored at once, and carried out when they are over.
import { findActivePerson, findPersonById } from '../../../accounts/store.ts';
import { type Act, act } from '../../../act.ts';
import { record } from '../../../audit/actions.ts';
import { type Db, isPassing } from '../../../database.ts';
import type { Deps } from '../../../deps.ts';
import { type Result, refused } from '../../../result.ts';
import { type IpRequest, ipsOf, reference } from '../../request.ts';
import { lockRequest } from '../../store.ts';
import { type Taken, type TransitionProblem, transitionEvent } from '../../transition.ts';
import { countFree } from '../../waitlist/store.ts';
import { askForInformation, sendBack } from '../actions.ts';
import {
  approveRequest,
  confirmApproval,
  declineRequest,
  offerFewer,
  type Reviewer,
  type Settling,
} from '../decide.ts';
import { type Deciding, readDeciding, reasonIn } from './pending.ts';
import { deletePending, insertPending, listDue, type StoredPending } from './store.ts';
import { lapse } from './transition.ts';

type Outcome = Promise<Result<Taken, TransitionProblem>>;

/** Carries out a decision at once, in one transaction. Throws where its form lacks what was seen. */
function carryOut(db: Db, actor: Reviewer, id: number, deciding: Deciding & { readonly settling?: Settling }): Outcome {
  const { decision, form, settling } = deciding;
  const { seen, reason, approvedCount, files = [] } = form;
  if (decision === 'ask') return askForInformation(db, actor, id, { text: reason, files });
  if (decision === 'send-back') return sendBack(db, actor, id, reason);
  if (seen === null) throw new Error(`${decision} binds to what was seen`);
  const bound = { seen, reason, ...(settling && { settling }) };
  if (decision === 'approve') return approveRequest(db, actor, id, bound);
  if (decision === 'confirm') return confirmApproval(db, actor, id, bound);
  if (decision === 'decline') return declineRequest(db, actor, id, bound);
  return offerFewer(db, actor, id, { ...bound, approvedCount });
}

/**
 * Stores a decision that takes effect `ms` milliseconds later. What would be refused then is refused now: it is carried out and
 * rolled back. Returns what it would come to. With an `ms` of 0 it is carried out at once.
 */
export function decide(db: Db, actor: Reviewer, id: number, deciding: Deciding & { readonly ms: number }): Outcome {
  const { ms, decision, form } = deciding;
  if (ms === 0) return carryOut(db, actor, id, deciding);
  return act<Taken, TransitionProblem, Reviewer>(db, actor, async (act) => {
    if (!(await lockRequest(act.trx, id))) return act.refuse({ name: 'not-found' });
    const taken = await tryOut(act, id, deciding);
    const ips = taken.request.status === 'fulfilled' ? ipsOf(taken.request.answers) : 0;
    const times = { decidedAt: actor.at, settlesAt: actor.at + ms };
    await insertPending(act.trx, { requestId: id, personId: actor.person.id, decision, form, ips, ...times });
    return taken;
  });
}

async function tryOut({ trx, actor, refuse }: Act<TransitionProblem, Reviewer>, id: number, deciding: Deciding) {
  const tried = await act<never, Awaited<Outcome>, Reviewer>(trx, actor, async (inner) =>
    inner.refuse(await carryOut(inner.trx, actor, id, deciding)),
  );
  if (tried.ok) throw new Error('what is tried out is rolled back');
  return tried.problem.ok ? tried.problem.value : refuse(tried.problem.problem);
}

const TOO_LATE = 'It is too late to undo this: it is being carried out now.';
const NOTHING_LEFT = 'There is nothing to undo: the decision was undone before, or has taken effect.';

/** Undoes the actor's own decision before it takes effect. Nothing of it was carried out; the record keeps that it was made. */
export function undoDecision(db: Db, actor: Reviewer, id: number): Promise<Result<IpRequest, TransitionProblem>> {
  return act<IpRequest, TransitionProblem, Reviewer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = (await lockRequest(trx, id)) ?? refuse({ name: 'not-found' });
    const { pending } = request;
    if (request.account.id === actor.person.accountId) return refuse({ name: 'own-account' });
    if (pending && pending.personId !== actor.person.id) {
      return refuse({ name: 'not-possible', sentence: `${pending.name} decided this, and nobody else can undo it.` });
    }
    const found = await deletePending(trx, id, { after: actor.at });
    if (!found) return refuse({ name: 'not-possible', sentence: pending ? TOO_LATE : NOTHING_LEFT });
    const { decision, decidedAt, form } = found;
    const facts = { decision, afterSeconds: Math.round((actor.at - decidedAt) / 1000) };
    await record(act, transitionEvent('request.undone', request, null, facts), reasonIn(form));
    return request;
  });
}

/** For how long a decision that meets a fault is tried again before it lapses. */
const TRY_MS = 10_000;

const FAULT =
  'A fault kept Warmdesk from carrying it out; its log says more. Nothing was carried out, and it can be decided again.';

/**
 * Carries out the decisions whose time is over. Returns how many took effect; each that did not is logged, and a fault with
 * one holds up no other.
 */
export async function settleDecisions({ db, log, now }: Pick<Deps, 'db' | 'log' | 'now'>): Promise<number> {
  let settled = 0;
  for (const id of await listDue(db, now())) {
    const request = reference(id);
    const lapsed = (why: readonly string[]) => log.warn({ request, why }, 'a decision did not take effect');
    try {
      const result = await settle(db, id, now());
      if (result.ok && result.value.length > 0) lapsed(result.value);
      else if (result.ok) settled += 1;
    } catch (error) {
      log.error({ err: error, request }, 'a decision could not be carried out');
      const given = isPassing(error) ? null : await giveUp(db, id, now()).catch((err) => log.error({ err, request }));
      if (given?.ok) lapsed([FAULT]);
    }
  }
  return settled;
}

/** Returns why the decision did not take effect, in sentences; the request then stays where it is. No sentence: it did. */
const settle = (db: Db, id: number, by: number): Promise<Result<readonly string[], 'gone'>> =>
  act<readonly string[], 'gone'>(db, { person: null, at: by }, async (outer) => {
    const { trx, refuse, actor } = outer;
    // Of two processes the later one waits here, and finds it done.
    await lockRequest(trx, id);
    const pending = (await deletePending(trx, id, { by })) ?? refuse('gone');
    const request = (await lockRequest(trx, id)) ?? refuse('gone');
    const person = await findPersonById(trx, pending.personId);
    const isActive = (await findActivePerson(trx, pending.personId)) !== null;
    const settling = { isReserved: await isReserved(trx, request, pending) };
    const deciding = { ...readDeciding(pending.decision, pending.form), settling };
    const done =
      person && isActive
        ? await carryOut(trx, { person, at: actor.at }, id, deciding)
        : refused({ name: 'not-yours' } as const);
    if (done.ok) return [];
    const why = whyNot(done.problem, person?.name ?? 'The reviewer');
    await lapse(outer, request, pending, why);
    return why;
  });

/** Whether the IPs that an approval takes are there, once those whose turn is earlier have theirs: nobody else gets them first. */
async function isReserved(trx: Db, { answers }: IpRequest, pending: StoredPending): Promise<boolean> {
  if (answers.kind !== 'dedicated_ip' || pending.ips === 0) return false;
  return ((await countFree(trx, pending)).get(answers.region) ?? 0) >= pending.ips;
}

/** Gives up a decision that met a fault again and again, so that reviewers can decide. `gone`: it is tried further. */
const giveUp = (db: Db, id: number, at: number): Promise<Result<true, 'gone'>> =>
  act<true, 'gone'>(db, { person: null, at }, async (act) => {
    const request = (await lockRequest(act.trx, id)) ?? act.refuse('gone');
    const pending = (await deletePending(act.trx, id, { by: at - TRY_MS })) ?? act.refuse('gone');
    await lapse(act, request, pending, [FAULT]);
    return true;
  });

function whyNot(problem: TransitionProblem, name: string): readonly string[] {
  switch (problem.name) {
    case 'changed':
      return problem.differences;
    case 'not-possible':
      return [problem.sentence];
    case 'not-yours':
      return [`${name} may not review requests any more.`];
    case 'own-account':
      return [`${name} belongs to the account that asks, and nobody decides their own request.`];
    case 'own-proposal':
      return [`${name} proposed this approval, so a second reviewer has to agree.`];
    case 'reason-missing':
      return ['A check fails now, and an approval against a failed check needs a reason.'];
    default:
      return ['The request had moved on.'];
  }
}
