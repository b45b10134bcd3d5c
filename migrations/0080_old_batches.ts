import type { Knex } from 'knex';

/** Batches that are old enough are found and removed; those of uploads are on record and stay. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`create index sending_batches_taken on sending_batches (taken_at) where source <> 'upload'`);
}

export async function down(db: Knex): Promise<void> {
  await db.raw('drop index sending_batches_taken');
}
