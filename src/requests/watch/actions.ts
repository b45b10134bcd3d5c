// Somebody waits until they qualify, or does so no longer. One act, one transaction each.
import type { Person } from '../../accounts/person.ts';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { deleteWatchOf, insertWatch } from './store.ts';
import { LOOK_EVERY_MS, type Watched } from './watch.ts';

type Waiting = { readonly person: Person; readonly at: number };

/** From now on it is looked whether all checks pass; once they do, the person is mailed, and the wait is over. */
export async function startWatch(db: Db, actor: Waiting, watched: Watched): Promise<void> {
  const { person, at } = actor;
  await act<void, never>(db, actor, ({ trx }) =>
    insertWatch(trx, person.id, watched, { at, lookAt: at + LOOK_EVERY_MS }),
  );
}

/** The person no longer waits for it. */
export async function endWatch(db: Db, actor: Waiting, watched: Watched): Promise<void> {
  await act<void, never>(db, actor, ({ trx }) => deleteWatchOf(trx, actor.person.id, watched));
}
