import type { Act } from '../act.ts';
import type { NewFile } from './attachment.ts';
import { insertAttachments } from './store.ts';

/**
 * Attaches files of the folder to a record, in the transaction in which what they came with is stored. Until it commits they
 * belong to nothing: who had them written removes them where it does not, and each night what a crash left is removed.
 */
export const attach = (
  { trx, actor }: Act,
  record: { readonly eventId: number; readonly accountId: number },
  files: readonly NewFile[],
): Promise<void> => insertAttachments(trx, { ...record, at: actor.at }, files);
