// Requests as they are sent.
import type { Db } from '../../database.ts';
import { insertListed } from '../../dialect.ts';
import { answerColumns } from '../answer-columns.ts';
import type { Clock } from '../clock/clock.ts';
import { clockColumns } from '../clock/store.ts';
import type { Answers } from '../request.ts';

type NewRequest = {
  readonly accountId: number;
  readonly requesterId: number;
  readonly formToken: string;
  readonly policyVersionId: number;
  readonly answers: Answers;
  readonly at: number;
  readonly dueAt: number;
  readonly clock: Clock;
  /** When Warmdesk looks whether it approves it by itself (UTC milliseconds); null: it does not. */
  readonly automaticAt: number | null;
};

/** Adds a sent request with its domains. Returns its id. */
export async function insertRequest(trx: Db, request: NewRequest): Promise<number> {
  const { answers } = request;
  const [row] = await trx('requests')
    .insert({
      account_id: request.accountId,
      requester_id: request.requesterId,
      kind: answers.kind,
      status: 'submitted',
      version: 1,
      form_token: request.formToken,
      policy_version_id: request.policyVersionId,
      ...answerColumns(answers),
      submitted_at: request.at,
      due_at: request.dueAt,
      automatic_at: request.automaticAt,
      ...clockColumns(request.clock),
    })
    .returning('id');
  const domains = answers.domainIds.map((id) => [row.id, id]);
  await insertListed(trx, 'request_domains', { request_id: 'integer', domain_id: 'integer' }, domains);
  return row.id;
}
