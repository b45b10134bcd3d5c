// What a customer writes about an open request without being asked.
import { act } from '../../act.ts';
import { type Said, saidOf } from '../../attachments/attachment.ts';
import type { Db } from '../../database.ts';
import type { Customer } from '../customer/actions.ts';
import type { TransitionProblem } from '../transition.ts';
import { comment } from './transition.ts';

/**
 * Adds a comment of a customer to an open request of theirs, and mails it to the person who has it on the desk; where nobody
 * has, to those who may decide it. It changes no status, so nobody's open page becomes stale.
 */
export const addComment = (db: Db, actor: Customer, id: number, said: string | Said) =>
  act<number, TransitionProblem, Customer>(db, actor, (act) => comment(act, id, saidOf(said)));
