// Keeping, changing and deleting texts that reviewers use. Each act is recorded.
import { type Act, act } from '../../../act.ts';
import { record } from '../../../audit/actions.ts';
import { type Db, isDuplicate, lockSubject } from '../../../database.ts';
import { type Result, refused } from '../../../result.ts';
import type { Reviewer } from '../decide.ts';
import { type CannedText, countCanned, deleteCanned, findCanned, insertCanned, updateCanned } from './store.ts';

/** More would be a list to search in. */
export const MOST_CANNED = 100;

export type CannedProblem = 'not-found' | 'name-taken' | 'too-many';
type Outcome = Promise<Result<number, CannedProblem>>;
type Canning = Act<CannedProblem, Reviewer>;

const by = ({ person, at }: Reviewer) => ({ personId: person.id, at });

/** Keeps a text for one form. Returns its id. */
export const addCanned = (db: Db, actor: Reviewer, text: CannedText): Outcome =>
  named(db, actor, async (act) => {
    await lockSubject(act.trx, 'canned', 0);
    if ((await countCanned(act.trx)) >= MOST_CANNED) return act.refuse('too-many');
    const id = await insertCanned(act.trx, text, by(actor));
    await recordCanned(act, 'canned.added', text);
    return id;
  });

/** Changes a text. What was written with it before stays as it was written. */
export const changeCanned = (db: Db, actor: Reviewer, id: number, text: CannedText): Outcome =>
  named(db, actor, async (act) => {
    if (!(await findCanned(act.trx, id))) return act.refuse('not-found');
    await updateCanned(act.trx, id, text, by(actor));
    await recordCanned(act, 'canned.changed', text);
    return id;
  });

/** Deletes a text. */
export const removeCanned = (db: Db, actor: Reviewer, id: number): Outcome =>
  named(db, actor, async (act) => {
    const text = (await findCanned(act.trx, id)) ?? act.refuse('not-found');
    await deleteCanned(act.trx, id);
    await recordCanned(act, 'canned.removed', text);
    return id;
  });

/** Runs an act that gives a text its name; two at once with one name are told, too. */
async function named(db: Db, actor: Reviewer, work: (act: Canning) => Promise<number>): Outcome {
  try {
    return await act<number, CannedProblem, Reviewer>(db, actor, work);
  } catch (error) {
    if (isDuplicate(error)) return refused('name-taken');
    throw error;
  }
}

type Recorded = 'canned.added' | 'canned.changed' | 'canned.removed';

/** Its words are kept with the record, so that the history shows what was offered to reviewers when. */
const recordCanned = (act: Canning, name: Recorded, { purpose, name: text, body }: CannedText): Promise<unknown> =>
  record(act, { name, subject: { type: 'settings', id: 1 }, accountId: null, facts: { text, purpose } }, body);
