import type { Knex } from 'knex';

const REFUSAL = 'the ledger of charges is only ever added to';
const UNKNOWN = 'a line of the ledger names a month, an account or an IP that does not have it';

/** Keys that are looked up for each line, which a closing writes by the ten thousand: more than half of what it costs. */
const KEYS = {
  month: 'charge_months (month)',
  account_id: 'accounts (id)',
  allocation_id: 'allocations (id)',
} as const;

export async function up(db: Knex): Promise<void> {
  await (isPostgres(db) ? checkTogether(db) : rebuild(db, ['allocation_id']));
  if (isPostgres(db)) {
    await db.raw('drop index charge_lines_once');
    await db.raw('drop index charge_lines_month_account_id_index');
  }
  // One index in place of two: it finds the lines of a month and an account, and keeps each of them from being there twice.
  await db.raw(`create unique index charge_lines_once_in_month on charge_lines
    (month, account_id, allocation_id, from_day, monthly_cents, coalesce(credits_id, 0))`);
}

export async function down(db: Knex): Promise<void> {
  if (isPostgres(db)) {
    await db.raw('drop index charge_lines_once_in_month');
    await checkEach(db);
  } else await rebuild(db, ['month', 'account_id', 'allocation_id']);
  await db.schema.alterTable('charge_lines', (t) => t.index(['month', 'account_id']));
  await db.raw(`create unique index charge_lines_once on charge_lines (allocation_id, month, from_day, monthly_cents)
    where credits_id is null`);
}

const isPostgres = (db: Knex): boolean => db.client.config.client === 'pg';

/** The lines of a statement are compared with what they name all at once. Nothing that they name is ever deleted. */
async function checkTogether(db: Knex): Promise<void> {
  for (const column of Object.keys(KEYS))
    await db.raw(`alter table charge_lines drop constraint charge_lines_${column}_foreign`);
  await db.raw(`create function charge_lines_check_added() returns trigger language plpgsql as $$ begin
    if exists (select 1 from added l left join charge_months m on m.month = l.month
      left join allocations a on a.id = l.allocation_id and a.account_id = l.account_id
      where m.month is null or a.id is null)
    then raise foreign_key_violation using message = '${UNKNOWN}'; end if;
    return null;
  end $$`);
  await db.raw(`create trigger charge_lines_are_known after insert on charge_lines referencing new table as added
    for each statement execute function charge_lines_check_added()`);
  await db.raw(`create function charged_stays() returns trigger language plpgsql as $$ begin
    raise foreign_key_violation using message = 'the ledger of charges names it'; end $$`);
  for (const table of ['charge_months', 'allocations'])
    await db.raw(
      `create trigger ${table}_stay before delete on ${table} for each statement execute function charged_stays()`,
    );
}

async function checkEach(db: Knex): Promise<void> {
  for (const table of ['charge_months', 'allocations']) await db.raw(`drop trigger ${table}_stay on ${table}`);
  await db.raw('drop trigger charge_lines_are_known on charge_lines');
  for (const name of ['charge_lines_check_added', 'charged_stays']) await db.raw(`drop function ${name}`);
  for (const [column, to] of Object.entries(KEYS))
    await db.raw(
      `alter table charge_lines add constraint charge_lines_${column}_foreign foreign key (${column}) references ${to}`,
    );
}

/** SQLite changes no keys of a table: it is made again, with these, and its other indexes and triggers. */
async function rebuild(db: Knex, keys: readonly (keyof typeof KEYS)[]): Promise<void> {
  const key = (column: keyof typeof KEYS) => (keys.includes(column) ? ` references ${KEYS[column]}` : '');
  await db.raw(`create table charge_lines_again (id integer not null primary key autoincrement,
    month integer not null${key('month')}, account_id integer not null${key('account_id')},
    allocation_id integer not null${key('allocation_id')}, from_day integer not null, to_day integer not null,
    monthly_cents integer not null, cents bigint not null, currency text not null,
    credits_id integer references charge_lines_again (id), written_at bigint not null,
    constraint charge_lines_days check (from_day <= to_day and monthly_cents >= 0),
    constraint charge_lines_sign check (case when credits_id is null then cents >= 0 else cents <= 0 end))`);
  const columns =
    'id, month, account_id, allocation_id, from_day, to_day, monthly_cents, cents, currency, credits_id, written_at';
  await db.raw(`insert into charge_lines_again (${columns}) select ${columns} from charge_lines order by id`);
  await db.raw('drop table charge_lines');
  await db.raw('alter table charge_lines_again rename to charge_lines');
  await db.raw(
    'create unique index charge_lines_credited_once on charge_lines (credits_id) where credits_id is not null',
  );
  for (const act of ['update', 'delete'])
    await db.raw(
      `create trigger charge_lines_no_${act} before ${act} on charge_lines begin select raise(abort, '${REFUSAL}'); end`,
    );
}
