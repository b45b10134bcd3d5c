import type { Knex } from 'knex';

/** A mail that is not tried again has *failed*; a name that another account has is *taken*. Both were called held. */
const CHANGES = [
  { table: 'outbox', column: 'status', others: ['waiting', 'sending', 'sent'], to: 'failed' },
  { table: 'pending_domains', column: 'state', others: ['unseen', 'missing', 'wrong', 'alias'], to: 'taken' },
] as const;

export async function up(db: Knex): Promise<void> {
  for (const { table, column, others, to } of CHANGES) {
    await rename(db, { table, column, from: 'held', to, others });
  }
}

type Renamed = {
  readonly table: string;
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly others: readonly string[];
};

/** Lets the column have both values, moves the rows, and takes the old value away. */
async function rename(db: Knex, { table, column, from, to, others }: Renamed): Promise<void> {
  await allow(db, { table, column, from: [...others, from], to: [...others, from, to] });
  await db(table)
    .where({ [column]: from })
    .update({ [column]: to });
  await allow(db, { table, column, from: [...others, from, to], to: [...others, to] });
}

type Allowed = Omit<Renamed, 'from' | 'to' | 'others'> & {
  readonly from: readonly string[];
  readonly to: readonly string[];
};

/**
 * Changes the values that a column may have. SQLite has no statement that changes a check, and the table need not be
 * remade for it: the check's text is changed in the schema, as SQLite's manual says.
 */
async function allow(db: Knex, { table, column, from, to }: Allowed): Promise<void> {
  const list = (values: readonly string[]) => values.map((value) => `'${value}'`).join(',');
  if (db.client.config.client === 'pg') {
    await db.raw('alter table ?? drop constraint ??', [table, `${table}_${column}_check`]);
    await db.raw(`alter table ?? add constraint ?? check (?? in (${list(to)}))`, [
      table,
      `${table}_${column}_check`,
      column,
    ]);
    return;
  }
  const before = `\`${column}\` in (${list(from)})`;
  const [{ schema_version: version }] = await db.raw('PRAGMA schema_version');
  await db.raw('PRAGMA writable_schema=ON');
  const changed = await db('sqlite_master')
    .where({ type: 'table', name: table })
    .where('sql', 'like', `%${before}%`)
    .update({ sql: db.raw('replace(sql, ?, ?)', [before, `\`${column}\` in (${list(to)})`]) });
  await db.raw(`PRAGMA schema_version=${Number(version) + 1}`);
  await db.raw('PRAGMA writable_schema=OFF');
  if (changed !== 1) throw new Error(`the check of ${table}.${column} was not found`);
}

export async function down(db: Knex): Promise<void> {
  for (const { table, column, others, to } of CHANGES) {
    await rename(db, { table, column, from: to, to: 'held', others });
  }
}
