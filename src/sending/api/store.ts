import type { Db } from '../../database.ts';

/** Keeps that a batch is taken in. Returns its id; undefined where its source sent one of that name before. */
export async function insertBatch(
  trx: Db,
  batch: { source: string; name: string; contentHash: string; counts: number; at: number },
): Promise<number | undefined> {
  const [row] = await trx('sending_batches')
    .insert({
      source: batch.source,
      name: batch.name,
      content_hash: batch.contentHash,
      counts: batch.counts,
      taken_at: batch.at,
    })
    .onConflict(['source', 'name'])
    .ignore()
    .returning('id');
  return row?.id;
}

/** The hash of what was in a batch; undefined where no batch of that name was accepted. */
export async function findBatchHash(db: Db, source: string, name: string): Promise<string | undefined> {
  return (await db('sending_batches').where({ source, name }).first('content_hash'))?.content_hash;
}
