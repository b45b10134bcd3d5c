// The evidence on a request with other answers, as its reviewers would see it.
import type { Db } from '../../database.ts';
import { findPolicyVersion } from '../../policy/store.ts';
import { listNameable } from '../customer/gather.ts';
import { type Evidence, gatherEvidence } from '../evidence/gather.ts';
import type { Answers, IpRequest } from '../request.ts';

/**
 * Judges what a sent request would be with these answers, under the policy under which it was sent. Undefined where a domain
 * is not its account's.
 */
export async function gatherEdited(
  db: Db,
  request: IpRequest,
  answers: Answers,
  at: number,
): Promise<Evidence | undefined> {
  const { account, requester } = request;
  const own = await listNameable(db, account.id, answers.kind);
  const domains = own.filter(({ id }) => answers.domainIds.includes(id));
  if (domains.length !== answers.domainIds.length) return undefined;
  const policy = await findPolicyVersion(db, request.policyVersionId);
  const by = { name: requester.name, role: requester.role ?? ('member' as const) };
  const subject = { answers, account, requester: by, domains, openRequest: null, policy };
  return (await gatherEvidence(db, [subject], at))[0];
}
