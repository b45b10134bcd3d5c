// All that a database holds, to see whether something changed.
import { type Db, isPostgres } from '../../src/database.ts';

// Who is signed in, who looked at what, how often somebody tried and what was typed and not sent has nothing to do with what is stored about customers.
const ASIDE = new Set([
  'sessions',
  'known_devices',
  'answered_challenges',
  'rate_limits',
  'drafts',
  'request_openings',
  'rejected_pages',
  'knex_migrations',
  'knex_migrations_lock',
  'sqlite_sequence',
]);

// When blocklists were asked about an IP, and what kept them from answering.
const COLUMNS_ASIDE = new Set(['lists_due_at', 'lists_asked_at', 'lists_trouble']);
const kept = (name: string, value: unknown): unknown => (COLUMNS_ASIDE.has(name) ? undefined : value);

/** Every row of every table but sessions, tries and migrations. */
export async function everythingStored(db: Db): Promise<Record<string, string[]>> {
  const stored: Record<string, string[]> = {};
  for (const name of await tables(db)) {
    const rows: unknown[] = await db(name);
    stored[name] = rows.map((row) => JSON.stringify(row, kept)).sort();
  }
  return stored;
}

async function tables(db: Db): Promise<string[]> {
  const query = isPostgres(db)
    ? db('pg_tables').where({ schemaname: 'public' }).select('tablename as name')
    : db('sqlite_master').where({ type: 'table' }).select('name');
  const names = (await query).map(({ name }: { name: string }) => name);
  return names.filter((name) => !ASIDE.has(name)).sort();
}
