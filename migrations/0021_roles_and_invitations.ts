import type { Knex } from 'knex';

const BEFORE = ['reviewer', 'admin'];
const AFTER = ['reviewer', 'deliverability', 'billing', 'admin'];

export async function up(db: Knex): Promise<void> {
  await allowRoles(db, BEFORE, AFTER);
  await db.schema.alterTable('people', (t) => {
    t.bigInteger('signed_in_at');
    // Since when somebody has the role that they have on the staff; null: since they were added.
    t.bigInteger('staff_since');
  });
  await db.schema.alterTable('password_resets', (t) => {
    // 'invitation': for somebody who has not chosen a password yet.
    t.text('kind').notNullable().defaultTo('reset');
  });
}

/**
 * Lets people have these roles on the staff. SQLite has no statement that changes a check, and the table cannot be
 * remade while others refer to it, so the check's text is changed in the schema, as SQLite's manual says.
 */
async function allowRoles(db: Knex, from: readonly string[], to: readonly string[]): Promise<void> {
  const list = (roles: readonly string[]) => roles.map((role) => `'${role}'`).join(',');
  if (db.client.config.client === 'pg') {
    await db.raw('alter table people drop constraint people_staff_role_check');
    await db.raw(`alter table people add constraint people_staff_role_check check (staff_role in (${list(to)}))`);
    return;
  }
  const [{ schema_version: version }] = await db.raw('PRAGMA schema_version');
  await db.raw('PRAGMA writable_schema=ON');
  const changed = await db('sqlite_master')
    .where({ type: 'table', name: 'people' })
    .where('sql', 'like', `%\`staff_role\` in (${list(from)})%`)
    .update({
      sql: db.raw('replace(sql, ?, ?)', [`\`staff_role\` in (${list(from)})`, `\`staff_role\` in (${list(to)})`]),
    });
  await db.raw(`PRAGMA schema_version=${Number(version) + 1}`);
  await db.raw('PRAGMA writable_schema=OFF');
  if (changed !== 1) throw new Error('the check of the roles of staff was not found');
}

export async function down(db: Knex): Promise<void> {
  await db('people').whereIn('staff_role', ['deliverability', 'billing']).update({ staff_role: 'reviewer' });
  await allowRoles(db, AFTER, BEFORE);
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  for (const column of ['signed_in_at', 'staff_since']) await db.raw('alter table people drop column ??', [column]);
  await db.raw('alter table password_resets drop column kind');
}
