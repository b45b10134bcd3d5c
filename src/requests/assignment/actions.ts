// An administrator sets which requests a reviewer is assigned. One act, one transaction.
import type { Actor, Person } from '../../accounts/person.ts';
import { act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, lockSubject } from '../../database.ts';
import { type Scope, scopeInWords } from './scope.ts';
import { listScopes, putScope } from './store.ts';

/** Keeps which requests somebody takes from now on; undefined: all. What they have on the desk stays. */
export async function setScope(db: Db, actor: Actor, person: Person, scope: Scope | undefined): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    await lockSubject(act.trx, 'reviewer-scope', person.id);
    const before = scopeInWords((await listScopes(act.trx, [person.id])).get(person.id));
    const after = scopeInWords(scope);
    if (before === after) return;
    await putScope(act.trx, person.id, scope);
    const subject = { type: 'person', id: person.id } as const;
    await record(act, { name: 'person.scopeSet', subject, accountId: null, facts: { before, after } });
  });
}
