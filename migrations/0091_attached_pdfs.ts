import type { Knex } from 'knex';

const REFUSAL = 'attachments are never changed';
const TYPES = ['png', 'jpeg', 'gif', 'webp', 'text'];

/** Lets PDFs be attached, where a policy takes them. */
export const up = (db: Knex): Promise<void> => allow(db, [...TYPES, 'pdf']);

export async function down(db: Knex): Promise<void> {
  if (await db('attachments').where({ type: 'pdf' }).first('id'))
    throw new Error('PDFs are attached, which the version before does not know');
  await allow(db, TYPES);
}

async function allow(db: Knex, types: readonly string[]): Promise<void> {
  const check = `constraint attachments_of_safe_types check (type in (${types.map((type) => `'${type}'`).join(', ')}))`;
  if (db.client.config.client !== 'pg') return rebuild(db, check);
  await db.raw('alter table attachments drop constraint attachments_of_safe_types');
  await db.raw(`alter table attachments add ${check}`);
}

/** SQLite changes no checks of a table: it is made again, with its indexes and triggers. */
async function rebuild(db: Knex, check: string): Promise<void> {
  await db.raw(`create table attachments_again (id integer not null primary key autoincrement,
    event_id integer not null references audit_events (id), account_id integer not null references accounts (id),
    name text not null, type text not null, bytes integer not null, sha256 text not null, file_key text not null,
    attached_at bigint not null,
    constraint attachments_not_empty check (bytes > 0), ${check},
    constraint attachments_hashed check (length(sha256) = 64),
    constraint attachments_keyed check (length(file_key) = 36))`);
  const columns = 'id, event_id, account_id, name, type, bytes, sha256, file_key, attached_at';
  await db.raw(`insert into attachments_again (${columns}) select ${columns} from attachments order by id`);
  await db.raw('drop table attachments');
  await db.raw('alter table attachments_again rename to attachments');
  await db.raw('create unique index attachments_file_key_unique on attachments (file_key)');
  await db.raw('create index attachments_event_id_index on attachments (event_id)');
  await db.raw('create index attachments_account_id_attached_at_index on attachments (account_id, attached_at)');
  for (const act of ['update', 'delete'])
    await db.raw(
      `create trigger attachments_no_${act} before ${act} on attachments begin select raise(abort, '${REFUSAL}'); end`,
    );
}
