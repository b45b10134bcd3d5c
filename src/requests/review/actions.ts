import { act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Reviewer } from './decide.ts';

/** Records that somebody takes requests out of the desk as a file. `filter`: as the queue's address has it. */
export const recordExport = (
  db: Db,
  actor: Reviewer,
  facts: { readonly requests: number; readonly filter: string },
): Promise<unknown> =>
  act(db, actor, (act) =>
    record(act, {
      name: 'queue.exported',
      subject: { type: 'person', id: actor.person.id },
      accountId: null,
      facts,
    }),
  );
