// A decline that its customer appeals: once, within 30 days, and another reviewer decides.
import { type Act, act } from '../../act.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { type Result, refused } from '../../result.ts';
import { tellChat } from '../chat/notify.ts';
import { gatherDueAt } from '../clock/gather.ts';
import type { Customer } from '../customer/actions.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
import type { IpRequest } from '../request.ts';
import { findQuote, insertQuote, voidDecisions } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from '../transition.ts';
import { appealUntil } from './appeal.ts';
import { notifyNamed } from './notify.ts';

const OVER = 'A decline can be appealed once, within 30 days. Send a new request: your answers are filled in.';
const OTHER_OPEN = 'Another request of this kind is open. It has to be decided or withdrawn first.';

/** A declined request is not priced again while it is closed: what it costs may have changed since. */
async function quoteAgain({ trx }: Act, { id, policyVersionId }: IpRequest, { quote }: Evidence): Promise<void> {
  const shown = await findQuote(trx, id);
  if (quote && (shown?.monthlyCents !== quote.monthlyCents || shown.ipCount !== quote.ipCount))
    await insertQuote(trx, id, policyVersionId, quote);
}

/** Appeals a decline, with a reason: the request goes back to the reviewers, without the one who declined it. */
export async function appealDecline(
  db: Db,
  actor: Customer,
  id: number,
  reason: string,
): Promise<Result<Taken, TransitionProblem>> {
  try {
    return await act<Taken, TransitionProblem, Customer>(db, actor, async (act) => {
      const { trx, refuse } = act;
      const request = await lockFor(act, id, 'appeal');
      const until = appealUntil(request);
      if (until === null || until <= actor.at) return refuse({ name: 'not-possible', sentence: OVER });
      const [evidence] = await gatherEvidenceFor(trx, [request], actor.at);
      if (!evidence) throw new Error(`request ${id} has no evidence`);
      await voidDecisions(trx, id, actor.at);
      await quoteAgain(act, request, evidence);
      const decideBy = await gatherDueAt(trx, actor.at, evidence.policy.document);
      const appealed = await transition(
        act,
        'appeal',
        { ...request, wasAppealed: true },
        {
          change: { dueAt: decideBy, decidedAt: null, appealedAt: actor.at },
          message: reason,
          facts: {},
          notifications: {
            'request-appealed': { reason, decideBy },
            'request-to-review': { verdict: evidence.recommendation.title, decideBy, appeal: reason },
          },
        },
      );
      const { eventId } = appealed;
      await tellChat(act, 'appeal', { request, eventId, dueAt: decideBy });
      await notifyNamed(act, { request, eventId, reason });
      return appealed;
    });
  } catch (error) {
    // An account has at most one open request of each kind.
    if (isDuplicate(error)) return refused({ name: 'not-possible', sentence: OTHER_OPEN });
    throw error;
  }
}
