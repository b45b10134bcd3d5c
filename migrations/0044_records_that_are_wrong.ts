import type { Knex } from 'knex';

const KINDS = ['spf', 'dkim', 'dmarc'] as const;

export async function up(db: Knex): Promise<void> {
  // Which of SPF, DKIM and DMARC are there but not right, as words with spaces between: the others that are lacking are missing.
  await db.raw("alter table domains add column wrong text not null default ''");
  for (const kind of KINDS)
    await db.raw(
      `update domains set wrong = trim(wrong || ' ' || ?) where not ?? and exists (select 1 from domain_records r
        where r.domain_id = domains.id and r.kind = ? and r.state = 'wrong' and r.tried_at =
          (select max(t.tried_at) from domain_records t where t.domain_id = domains.id))`,
      [kind, kind, kind],
    );
}

export async function down(db: Knex): Promise<void> {
  // In plain SQL: the builder would drop and remake the whole table, which others refer to.
  await db.raw('alter table domains drop column wrong');
}
