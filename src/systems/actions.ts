import type { Actor } from '../accounts/person.ts';
import { act } from '../act.ts';
import { record } from '../audit/actions.ts';
import { type Db, isDuplicate } from '../database.ts';
import { type Result, refused } from '../result.ts';
import { insertSystem, revokeToken } from './store.ts';
import { makeToken } from './token.ts';

/** Adds a mail system. Returns its token, which can be read only now. Refused where the name is taken. */
export async function addSystem(
  db: Db,
  actor: Actor,
  name: string,
): Promise<Result<{ readonly id: number; readonly token: string }, 'name taken'>> {
  const { token, hash, start } = makeToken();
  try {
    return await act<{ id: number; token: string }, 'name taken'>(db, actor, async (act) => {
      const id = await insertSystem(act.trx, { name, hash, start, madeBy: actor.person?.id ?? null, at: actor.at });
      const subject = { type: 'system', id } as const;
      await record(act, { name: 'system.added', subject, accountId: null, facts: { name } });
      return { id, token };
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('name taken');
    throw error;
  }
}

/** Ends a mail system's token for good. Refused where it is not there or revoked already. */
export function revokeSystem(db: Db, actor: Actor, id: number): Promise<Result<string, 'no such token'>> {
  return act<string, 'no such token'>(db, actor, async (act) => {
    const name = (await revokeToken(act.trx, id, actor.at)) ?? act.refuse('no such token');
    const subject = { type: 'system', id } as const;
    await record(act, { name: 'system.revoked', subject, accountId: null, facts: { name } });
    return name;
  });
}
