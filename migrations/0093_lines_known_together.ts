import type { Knex } from 'knex';

const UNKNOWN = 'a line of the ledger names a month, an account, an IP or a line that does not have it';
const UNKNOWN_BEFORE = 'a line of the ledger names a month, an account or an IP that does not have it';

/** PostgreSQL looked at each new line by itself for the one that it takes back, though nearly none does; now at all of a statement. */
export async function up(db: Knex): Promise<void> {
  if (db.client.config.client !== 'pg') return;
  await db.raw('alter table charge_lines drop constraint charge_lines_credits_id_foreign');
  // Only IPs between the first and the last of the lines are read. What is known of tables that are new may be wrong, so each IP
  // is never looked up by itself; lines that are taken back always are, as they are few in a ledger that is large.
  await db.raw(`create or replace function charge_lines_check_added() returns trigger language plpgsql
    set enable_nestloop = off as $$
  declare lines bigint; lowest integer; highest integer;
  begin
    select count(*), min(allocation_id), max(allocation_id) into lines, lowest, highest from added;
    if lines <> (select count(*) from added l
        join allocations a on a.id = l.allocation_id and a.account_id = l.account_id
        join charge_months m on m.month = l.month where a.id between lowest and highest)
      or exists (select 1 from added l where l.credits_id is not null
        and (select o.id from charge_lines o where o.id = l.credits_id) is null)
    then raise foreign_key_violation using message = '${UNKNOWN}'; end if;
    return null;
  end $$`);
}

export async function down(db: Knex): Promise<void> {
  if (db.client.config.client !== 'pg') return;
  await db.raw(`create or replace function charge_lines_check_added() returns trigger language plpgsql as $$ begin
    if exists (select 1 from added l left join charge_months m on m.month = l.month
      left join allocations a on a.id = l.allocation_id and a.account_id = l.account_id
      where m.month is null or a.id is null)
    then raise foreign_key_violation using message = '${UNKNOWN_BEFORE}'; end if;
    return null;
  end $$`);
  await db.raw(`alter table charge_lines add constraint charge_lines_credits_id_foreign
    foreign key (credits_id) references charge_lines (id)`);
}
