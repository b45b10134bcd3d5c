// Keeping, changing and deleting views of the queue. What others see is recorded.
import { type Act, act } from '../../../act.ts';
import { record } from '../../../audit/actions.ts';
import { type Db, isDuplicate, lockSubject } from '../../../database.ts';
import { type Result, refused } from '../../../result.ts';
import type { Reviewer } from '../decide.ts';
import { countViewsOf, deleteView, findView, insertView, type Kept, updateView } from './store.ts';
import { MOST_VIEWS, mayChange, type QueueView } from './view.ts';

export type ViewProblem = 'not-found' | 'not-yours' | 'name-taken' | 'too-many';
type Outcome = Promise<Result<number, ViewProblem>>;

/** Keeps what the queue shows under a name. Returns the view's id. */
export const keepView = (db: Db, actor: Reviewer, view: Kept): Outcome =>
  named(db, actor, async (act) => {
    const { id: personId } = actor.person;
    await lockSubject(act.trx, 'person', personId);
    if ((await countViewsOf(act.trx, personId)) >= MOST_VIEWS) return act.refuse('too-many');
    const id = await insertView(act.trx, personId, view, actor.at);
    if (view.isShared) await recordView(act, 'view.shared', view.name);
    return id;
  });

/** Renames a view, shares it or keeps it for its owner. What it shows stays. */
export const changeView = (db: Db, actor: Reviewer, id: number, to: Omit<Kept, 'query'>): Outcome =>
  named(db, actor, async (act) => {
    const view = await changeable(act, id);
    await updateView(act.trx, id, { ...to, query: view.query });
    if (view.isShared || to.isShared) await recordView(act, to.isShared ? 'view.shared' : 'view.unshared', to.name);
    return id;
  });

/** Deletes a view. */
export const removeView = (db: Db, actor: Reviewer, id: number): Outcome =>
  named(db, actor, async (act) => {
    const view = await changeable(act, id);
    await deleteView(act.trx, id);
    if (view.isShared) await recordView(act, 'view.unshared', view.name);
    return id;
  });

type Views = Act<ViewProblem, Reviewer>;

/** Runs an act that gives a view its name; two at once with one name are told, too. */
async function named(db: Db, actor: Reviewer, work: (act: Views) => Promise<number>): Outcome {
  try {
    return await act<number, ViewProblem, Reviewer>(db, actor, work);
  } catch (error) {
    if (isDuplicate(error)) return refused('name-taken');
    throw error;
  }
}

async function changeable({ trx, actor, refuse }: Views, id: number): Promise<QueueView> {
  const view = await findView(trx, id, actor.person.id);
  if (!view) return refuse('not-found');
  return mayChange(view, actor.person) ? view : refuse('not-yours');
}

const recordView = (act: Views, name: 'view.shared' | 'view.unshared', view: string): Promise<unknown> =>
  record(act, { name, subject: { type: 'person', id: act.actor.person.id }, accountId: null, facts: { view } });
