// What an administrator set on pages, and what the Set up page asks of the rest.
import type { Calendar } from '../calendar/calendar.ts';
import type { Db } from '../database.ts';
import type { RecordSetting } from '../domains/records/setting.ts';
import type { ChatSetting } from '../requests/chat/chat.ts';

/** Each setting and what its value is. */
export type Settings = {
  provider: { name: string; colour: string | null };
  /** `data` is base64. */
  logo: { type: string; data: string; version: string } | null;
  /** What customers publish in DNS. */
  records: RecordSetting;
  /** When the desk works. */
  hours: Calendar;
  /** The staff's chat; null: none. */
  chat: ChatSetting | null;
  /** `shipped`: a policy of seeds/policies; `file`: one that was uploaded, by its name. */
  policy: { source: 'shipped' | 'file'; name: string };
  /** Steps of the Set up page that somebody passed over. */
  skipped: string[];
};

/** All settings that are set. */
export async function findSettings(db: Db): Promise<Partial<Settings>> {
  const rows: { name: string; value: string }[] = await db('settings').select('name', 'value');
  return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)]));
}

/** One setting; undefined where it is not set. */
export async function findSetting<Name extends keyof Settings>(
  db: Db,
  name: Name,
): Promise<Settings[Name] | undefined> {
  const row = await db('settings').where({ name }).first('value');
  return row && JSON.parse(row.value);
}

export async function putSetting<Name extends keyof Settings>(
  trx: Db,
  name: Name,
  value: Settings[Name],
  at: number,
): Promise<void> {
  const row = { name, value: JSON.stringify(value), changed_at: at };
  await trx('settings').insert(row).onConflict('name').merge();
}

/** What there is of each thing that a provider begins with. */
export type Begun = {
  readonly ips: boolean;
  readonly pools: boolean;
  readonly staff: number;
  readonly customers: boolean;
};

export async function findBegun(db: Db): Promise<Begun> {
  const has = async (table: string): Promise<boolean> => (await db(table).first(db.raw('1 as one'))) !== undefined;
  const staff = await db('people').whereNotNull('staff_role').whereNull('disabled_at').limit(2).select('id');
  return {
    ips: await has('ips'),
    pools: await has('pool_addresses'),
    staff: staff.length,
    customers: await has('accounts'),
  };
}

export type TestMail = {
  readonly to: string;
  readonly at: number;
  readonly status: string;
  readonly reply: string | null;
};

/** The last test mail, and what became of it. */
export async function findTestMail(db: Db): Promise<TestMail | undefined> {
  const row = await db('outbox').where({ template: 'test-mail' }).orderBy('id', 'desc').first();
  return row && { to: row.to_address, at: row.created_at, status: row.status, reply: row.smtp_reply };
}
