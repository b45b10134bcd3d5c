// What a customer does with a warm-up: ask to let a paused one go on.
import type { Actor, Person } from '../../accounts/person.ts';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { showsNothing } from '../../visible.ts';
import { barToTransition, type WarmupBar } from '../lifecycle.ts';
import { lockWarmup, moveWarmup, type Warmup } from '../store.ts';
import { followUp } from '../transition.ts';

type Customer = Actor & { readonly person: Person };
/** Why nobody was asked. `asked`: it was asked already since the pause. */
export type AskProblem = 'not-found' | WarmupBar | 'asked' | 'reason-missing';

/**
 * Asks the staff to let a paused warm-up go on, with a note of what was done about its cause. Once for each pause: it stays on
 * the staff's board until somebody has looked.
 */
export function askToGoOn(db: Db, actor: Customer, id: number, note: string) {
  return act<Warmup, AskProblem, Customer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const before = await lockWarmup(trx, id);
    if (!before) return refuse('not-found');
    const bar = barToTransition('askToGoOn', before, actor.person);
    if (bar !== null) return refuse(bar);
    if (before.goOnAskedAt !== null) return refuse('asked');
    if (showsNothing(note)) return refuse('reason-missing');
    const change = { goOnAskedAt: actor.at };
    const after: Warmup = { ...before, ...change };
    if (!(await moveWarmup(trx, id, { from: 'paused', to: 'paused', at: actor.at }, change))) return refuse('not-open');
    const { address, stage } = before;
    await followUp(
      act,
      'askToGoOn',
      { before, after },
      {
        facts: { address, stage },
        notifications: { 'warmup-go-on-asked': { by: actor.person.name, note: note.trim() } },
        message: note.trim(),
      },
    );
    return after;
  });
}
