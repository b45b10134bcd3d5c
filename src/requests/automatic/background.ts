// S-12: approves by itself what the policy leaves to Warmdesk, a short while after it was sent. Nothing is declined by itself:
// what does not pass waits for a reviewer as always. Run with the background jobs.
import type { Actor } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { type Db, isPassing } from '../../database.ts';
import type { Deps } from '../../deps.ts';
import { findNewestPolicy } from '../../policy/store.ts';
import type { Result } from '../../result.ts';
import { askListsBefore } from '../../warmup/listings/background.ts';
import type { Evidence } from '../evidence/gather.ts';
import { type IpRequest, reference } from '../request.ts';
import { evidenceOf } from '../review/decide.ts';
import { findRequest, lockRequest } from '../store.ts';
import type { Taken, TransitionProblem } from '../transition.ts';
import { whyNotClear } from './clear.ts';
import { gatherDoubts } from './gather.ts';
import { listAutomaticDue } from './store.ts';
import { approveAutomatically, leaveToReviewers, sentenceOf } from './transition.ts';

/** For how long a request that meets a fault is tried again before reviewers get it (milliseconds). */
const TRY_MS = 10 * 60_000;

const FAULT = 'A fault kept Warmdesk from approving it; its log says more.';

/**
 * Looks at the requests whose time has come: approves each of which every check passes on measured facts, and leaves the others
 * to the reviewers. Returns how many it approved. A fault with one is logged, and holds up no other.
 */
export async function approveDue(deps: Deps): Promise<number> {
  const { db, log, now } = deps;
  let approved = 0;
  for (const id of await listAutomaticDue(db, now())) {
    try {
      // No list is asked inside a transaction; while they are, another process may switch the policy.
      await askLists(deps, id);
      await deps.reload();
      const outcome = await look(db, { person: null, at: now() }, id, deps.policy.name);
      if (outcome.ok && outcome.value) approved += 1;
    } catch (error) {
      log.error({ err: error, request: reference(id) }, 'a request could not be approved automatically');
      if (!isPassing(error)) await giveUp(db, now(), id).catch((err) => log.error({ err, request: reference(id) }));
    }
  }
  return approved;
}

async function askLists(deps: Deps, id: number): Promise<void> {
  const answers = (await findRequest(deps.db, id))?.answers;
  if (answers?.kind === 'dedicated_ip') await askListsBefore(deps, answers.region, answers.ipCount);
}

type Look = Act<'gone'>;

/** Of two processes the later one waits here, and finds it done. */
async function lockDue({ trx, refuse }: Look, id: number, by: number): Promise<IpRequest> {
  const request = await lockRequest(trx, id);
  return request?.automaticAt === undefined || request.automaticAt > by ? refuse('gone') : request;
}

/** Approves one request, or leaves it to the reviewers, under the `policy` in force (by name). Returns whether it was approved. */
const look = (db: Db, actor: Actor, id: number, policy: string): Promise<Result<boolean, 'gone'>> =>
  act<boolean, 'gone'>(db, actor, async (outer) => {
    const { at } = outer.actor;
    const request = await lockDue(outer, id, at);
    const evidence = await evidenceOf(outer.trx, request, at);
    const inForce = (await findNewestPolicy(outer.trx, policy))?.id;
    const why = [...whyNotClear(evidence, at), ...(await gatherDoubts(outer.trx, request, evidence, { inForce, at }))];
    // What would be refused halfway through is rolled back, and only that.
    const done = why.length > 0 ? null : await approve(outer.trx, outer.actor, id, evidence);
    if (done?.ok) return true;
    await leaveToReviewers(outer, request, { evidence, why: done === null ? why : [sentenceOf(done.problem)] });
    return false;
  });

/** The approval in a transaction of its own within the outer one. */
const approve = (db: Db, actor: Actor, id: number, evidence: Evidence): Promise<Result<Taken, TransitionProblem>> =>
  act<Taken, TransitionProblem>(db, actor, (act) => approveAutomatically(act, id, evidence));

/** Leaves to the reviewers what met a fault again and again. */
const giveUp = (db: Db, at: number, id: number): Promise<Result<true, 'gone'>> =>
  act<true, 'gone'>(db, { person: null, at }, async (act) => {
    const request = await lockDue(act, id, at - TRY_MS);
    const evidence = await evidenceOf(act.trx, request, at);
    await leaveToReviewers(act, request, { evidence, why: [FAULT] });
    return true;
  });
