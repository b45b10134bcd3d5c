// Ticking the reviewers' checklist: recorded by name and time. It changes no status.
import { act } from '../../../act.ts';
import { record } from '../../../audit/actions.ts';
import type { Db } from '../../../database.ts';
import { findPolicyVersion } from '../../../policy/store.ts';
import type { Result } from '../../../result.ts';
import { barTo } from '../../lifecycle.ts';
import { isOpen } from '../../request.ts';
import { lockRequest } from '../../store.ts';
import { listHistory } from '../../store-decisions.ts';
import { type TransitionProblem, transitionEvent } from '../../transition.ts';
import type { Reviewer } from '../decide.ts';
import { checklistOf, type Ticks, ticksOf } from './checklist.ts';

type Form = { readonly shown: readonly string[]; readonly chosen: readonly string[] };

/**
 * Ticks and unticks items of a request's checklist (`shown`: what the form showed as ticked; `chosen`: what it was sent with).
 * Returns what changed by it. Refused for people who may not decide the request, and once it is closed.
 */
export function tickChecklist(
  db: Db,
  actor: Reviewer,
  id: number,
  form: Form,
): Promise<Result<Ticks, TransitionProblem>> {
  return act<Ticks, TransitionProblem, Reviewer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = (await lockRequest(trx, id)) ?? refuse({ name: 'not-found' });
    const bar = barTo('approve', request, actor.person);
    if (bar === 'own-account' || bar === 'not-yours') return refuse({ name: bar });
    if (!isOpen(request.status)) return refuse({ name: 'not-open' });
    const { document } = await findPolicyVersion(trx, request.policyVersionId);
    const items = document.checklist.value[request.answers.kind];
    const now = checklistOf(items, await listHistory(trx, id)).flatMap(({ text, ticked }) => (ticked ? text : []));
    const { ticked, unticked } = ticksOf(items, { ...form, now });
    const facts = { ticked: [...ticked], unticked: [...unticked] };
    if (ticked.length + unticked.length > 0)
      await record(act, transitionEvent('request.checked', request, null, facts));
    return facts;
  });
}
