// Thirty seconds in which a reviewer can undo a decision: it is stored at once and carried out when they are over.
import { findActivePerson } from '../../../accounts/store.ts';
import { type Act, act } from '../../../act.ts';
import { record } from '../../../audit/actions.ts';
import type { Db } from '../../../database.ts';
import { type Result, refused } from '../../../result.ts';
import { type IpRequest, ipsOf } from '../../request.ts';
import { lockRequest } from '../../store.ts';
import { type Taken, type TransitionProblem, transitionEvent } from '../../transition.ts';
import { askForInformation, sendBack } from '../actions.ts';
import { approveRequest, confirmApproval, declineRequest, evidenceOf, offerFewer, type Reviewer } from '../decide.ts';
import { basisOf, withDrift } from '../decision-basis.ts';
import type { Deciding } from './pending.ts';
import { deletePending, insertPending, listDue } from './store.ts';

type Outcome = Promise<Result<Taken, TransitionProblem>>;

/** Carries a decision out at once, in one transaction. Throws where its form lacks what it binds to. */
export function carryOut(db: Db, actor: Reviewer, id: number, { decision, form }: Deciding): Outcome {
  const { seen, reason, approvedCount } = form;
  if (decision === 'ask') return askForInformation(db, actor, id, reason);
  if (decision === 'send-back') return sendBack(db, actor, id, reason);
  if (seen === null) throw new Error(`${decision} binds to what was seen`);
  if (decision === 'approve') return approveRequest(db, actor, id, { seen, reason });
  if (decision === 'confirm') return confirmApproval(db, actor, id, { seen, reason });
  if (decision === 'decline') return declineRequest(db, actor, id, { seen, reason });
  return offerFewer(db, actor, id, { seen, reason, approvedCount });
}

/**
 * Stores a decision that takes effect `ms` milliseconds later. What would be refused then is refused now: it is carried out and
 * rolled back. Returns what it comes to. With an `ms` of 0 it is carried out at once.
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

/** Undoes the actor's own decision before it takes effect: nothing of it was carried out, the record keeps that it was made. */
export function undoDecision(db: Db, actor: Reviewer, id: number): Promise<Result<IpRequest, TransitionProblem>> {
  return act<IpRequest, TransitionProblem, Reviewer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = (await lockRequest(trx, id)) ?? refuse({ name: 'not-found' });
    const { pending } = request;
    if (pending && pending.personId !== actor.person.id) {
      return refuse({ name: 'not-possible', sentence: `${pending.name} decided this, and nobody else can undo it.` });
    }
    const found = await deletePending(trx, id, { after: actor.at });
    if (!found) return refuse({ name: 'not-possible', sentence: 'It is too late to undo this.' });
    const { decision, decidedAt, form } = found;
    const facts = { decision, afterSeconds: Math.round((actor.at - decidedAt) / 1000) };
    await record(act, transitionEvent('request.undone', request, null, facts), form.reason);
    return request;
  });
}

/** Carries out the decisions whose time is over at the instant `at` (UTC milliseconds). Returns how many took effect. */
export async function settleDecisions(db: Db, at: number): Promise<number> {
  const faults: unknown[] = [];
  let settled = 0;
  for (const id of await listDue(db, at)) {
    try {
      if ((await settle(db, id, at)).ok) settled += 1;
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} decisions could not take effect`);
  return settled;
}

/** Where the decision is not possible any more, that it did not take effect is on record, and the request stays where it is. */
const settle = (db: Db, id: number, at: number): Promise<Result<boolean, 'gone'>> =>
  act<boolean, 'gone'>(db, { person: null, at }, async (outer) => {
    const { trx, refuse } = outer;
    await lockRequest(trx, id);
    const pending = (await deletePending(trx, id, { by: at })) ?? refuse('gone');
    const request = (await lockRequest(trx, id)) ?? refuse('gone');
    const person = await findActivePerson(trx, pending.personId);
    const deciding = await broughtUp(trx, request, pending, at);
    const done = person ? await carryOut(trx, { person, at }, id, deciding) : refused({ name: 'not-yours' } as const);
    if (done.ok) return true;
    const facts = { decision: pending.decision, why: whyNot(done.problem) };
    await record({ trx, actor: { person, at }, refuse }, transitionEvent('request.lapsed', request, null, facts));
    return false;
  });

/** A decision whose passing checks have today's figures: what was decided on is not decided again for a rate that drifts. */
async function broughtUp(trx: Db, request: IpRequest, { decision, form }: Deciding, at: number): Promise<Deciding> {
  if (form.seen === null) return { decision, form };
  const seen = withDrift(form.seen, basisOf(request, await evidenceOf(trx, request, at)));
  return { decision, form: { ...form, seen } };
}

function whyNot(problem: TransitionProblem): string[] {
  if (problem.name === 'changed') return [...problem.differences];
  return [problem.name === 'not-possible' ? problem.sentence : 'The request had moved on.'];
}
