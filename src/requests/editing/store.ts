import type { Db } from '../../database.ts';
import { insertListed } from '../../dialect.ts';
import { answerColumns } from '../answer-columns.ts';
import type { Answers } from '../request.ts';

/** Replaces the answers of a request, which the caller holds. Its kind stays. */
export async function updateAnswers(trx: Db, id: number, answers: Answers): Promise<void> {
  await trx('requests').where({ id }).update(answerColumns(answers));
  await trx('request_domains').where({ request_id: id }).delete();
  const domains = answers.domainIds.map((domainId) => [id, domainId]);
  await insertListed(trx, 'request_domains', { request_id: 'integer', domain_id: 'integer' }, domains);
}
