// How far old rows are removed, by subject.
import { type Db, lockSubject } from '../database.ts';

/** What is removed by age. `check-data` asks for some by name: a mark outlives its setting. */
export type Subject =
  | 'counts'
  | 'batches'
  | 'mails'
  | 'withheld mails'
  | 'incoming mails'
  | 'incoming mails as they came'
  | 'warm-up days'
  | 'google days'
  | 'microsoft days'
  | 'blocklist entries'
  | 'used links';

/** How far the last sweep was. */
export type Mark = {
  /** UTC milliseconds: what is older than this may be gone. */
  readonly goneBefore: number;
  /** The id up to which it is through; null: it is finished. */
  readonly throughId: number | null;
};

export async function findMark(db: Db, subject: Subject): Promise<Mark | undefined> {
  const row = await db('retention').where({ subject }).first();
  return row && { goneBefore: row.gone_before, throughId: row.through_id };
}

/** Makes those who remove the same wait for each other until the transaction ends. */
export const lockSweep = (trx: Db, subject: Subject): Promise<void> => lockSubject(trx, `old ${subject}`, 0);

/** Keeps how far a sweep is, and that it removed `removed` rows more. */
export async function putMark(trx: Db, subject: Subject, mark: Mark & { readonly removed: number }): Promise<void> {
  const columns = { gone_before: mark.goneBefore, through_id: mark.throughId };
  await trx('retention')
    .insert({ subject, ...columns, removed: mark.removed })
    .onConflict('subject')
    .merge({ ...columns, removed: trx.raw('retention.removed + excluded.removed') });
}
