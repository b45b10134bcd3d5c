import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../accounts/person.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import { type Db, isDuplicate } from '../database.ts';
import type { Policy } from './document/policy.ts';
import type { PolicyVersion } from './document/version.ts';
import { findNewestPolicy, insertPolicyVersion } from './store.ts';

/**
 * Makes `document` the policy in force. A changed document becomes a new version; the same one again changes nothing.
 * Requests that are already sent keep the version under which they were sent.
 */
export async function adoptPolicy(db: Db, actor: Actor, document: Policy): Promise<PolicyVersion> {
  try {
    const adopted = await act(db, actor, (act) => adopt(act, document));
    if (adopted.ok) return adopted.value;
    throw new Error('a policy cannot be refused');
  } catch (error) {
    // Another process adopted a version at the same moment; look again.
    if (isDuplicate(error)) return adoptPolicy(db, actor, document);
    throw error;
  }
}

async function adopt(act: Act, document: Policy): Promise<PolicyVersion> {
  const { trx, actor } = act;
  const { name } = document;
  const newest = await findNewestPolicy(trx, name);
  if (newest && isDeepStrictEqual(newest.document, document)) return newest;
  const number = (newest?.number ?? 0) + 1;
  const id = await insertPolicyVersion(trx, {
    name,
    number,
    document: JSON.stringify(document),
    effectiveFrom: actor.at,
  });
  await record(act, {
    name: 'policy.adopted',
    subject: { type: 'policy', id },
    accountId: null,
    facts: { name, number },
  });
  return { id, name, number, document };
}
