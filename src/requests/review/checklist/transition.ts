// A required checklist holds up an approval, inside the transaction in which that is decided.
import type { Act } from '../../../act.ts';
import { showsNothing } from '../../../visible.ts';
import type { Evidence } from '../../evidence/gather.ts';
import type { IpRequest } from '../../request.ts';
import { listHistory } from '../../store-decisions.ts';
import type { TransitionProblem } from '../../transition.ts';
import { checklistOf, isRequired } from './checklist.ts';

/** Refuses an approval while items of a required checklist are not ticked, unless it has a reason. */
export async function refuseUnticked(
  { trx, refuse }: Act<TransitionProblem>,
  { id, answers }: IpRequest,
  { policy: { document } }: Pick<Evidence, 'policy'>,
  reason: string,
): Promise<void> {
  if (!isRequired(document, answers.kind) || !showsNothing(reason)) return;
  const all = checklistOf(document.checklist.value[answers.kind], await listHistory(trx, id));
  const items = all.flatMap(({ text, ticked }) => (ticked === null ? text : []));
  if (items.length > 0) refuse({ name: 'unticked', items });
}
