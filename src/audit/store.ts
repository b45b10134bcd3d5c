import { type Db, lockSubject } from '../database.ts';
import { insertListed, insertWords } from '../dialect.ts';
import type { AuditEvent, AuditRecord, EventName, SubjectType } from './event.ts';
import { wordsOf } from './words.ts';

/**
 * Adds one record, numbered within its subject. Returns its id. Who waited for another to finish acted after them: the
 * times of one subject never run backwards, no matter who read the clock first.
 */
export async function insertEvent(trx: Db, actorId: number | null, at: number, event: AuditEvent): Promise<number> {
  const { type, id } = event.subject;
  await lockSubject(trx, type, id);
  const earlier = () => trx('audit_events').where({ subject_type: type, subject_id: id });
  const [row] = await trx('audit_events')
    .insert({
      subject_type: type,
      subject_id: id,
      seq: earlier().select(trx.raw('coalesce(max(seq), 0) + 1')),
      name: event.name,
      from_status: event.from ?? null,
      to_status: event.to ?? null,
      account_id: event.accountId,
      actor_id: actorId,
      at: earlier()
        .where('at', '>', at)
        .select(trx.raw('coalesce(max(at), ?)', [at])),
      facts: JSON.stringify(event.facts),
    })
    .returning('id');
  return row.id;
}

const COLUMNS = {
  subject_type: 'text',
  subject_id: 'integer',
  seq: 'integer',
  name: 'text',
  to_status: 'text',
  account_id: 'integer',
  actor_id: 'integer',
  at: 'bigint',
  facts: 'text',
} as const;

/** Adds the first record of each of many subjects that the running transaction made. */
export async function insertFirstEvents(
  trx: Db,
  actorId: number | null,
  at: number,
  events: readonly AuditEvent[],
): Promise<void> {
  const rows = events.map(({ subject, name, to, accountId, facts }) => [
    ...[subject.type, subject.id, 1, name, to ?? null, accountId, actorId, at, JSON.stringify(facts)],
  ]);
  await insertListed(trx, 'audit_events', COLUMNS, rows);
}

/** Keeps what somebody wrote with what they did. */
export async function insertMessage(trx: Db, eventId: number, body: string): Promise<void> {
  await trx('messages').insert({ event_id: eventId, body });
}

/** Keeps the words of a text by which a record is found. */
export const insertWordsOf = (trx: Db, eventId: number, text: string): Promise<void> =>
  insertWords(trx, eventId, wordsOf(text));

export type HistoryFilter = {
  readonly accountId?: number;
  readonly subject?: { readonly type: SubjectType; readonly id: number };
  readonly without?: readonly EventName[];
  /** Only records older than this id: the next page. */
  readonly before?: number;
  readonly limit: number;
};

/** Records, newest first, at most `limit`. */
export async function listEvents(db: Db, filter: HistoryFilter): Promise<AuditRecord[]> {
  const rows = await db('audit_events as e')
    .leftJoin('people as p', 'p.id', 'e.actor_id')
    .leftJoin('accounts as a', 'a.id', 'e.account_id')
    .leftJoin('people as s', (join) => join.on('s.id', 'e.subject_id').andOnVal('e.subject_type', 'person'))
    .modify((query) => {
      if (filter.accountId !== undefined) query.where('e.account_id', filter.accountId);
      if (filter.subject) query.where({ 'e.subject_type': filter.subject.type, 'e.subject_id': filter.subject.id });
      if (filter.without) query.whereNotIn('e.name', [...filter.without]);
      if (filter.before !== undefined) query.where('e.id', '<', filter.before);
    })
    .orderBy('e.id', 'desc')
    .limit(filter.limit)
    .select('e.*', 'p.name as actor_name', 'p.staff_role', 'p.account_id as actor_account')
    .select('a.name as account_name', 's.name as about');
  return rows.map(toRecord);
}

/** What was written with these records, by the record's id. */
export async function listMessages(db: Db, eventIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await db('messages')
    .whereIn('event_id', [...eventIds])
    .select('event_id', 'body');
  return new Map(rows.map((row) => [row.event_id, row.body]));
}

type Row = Record<string, unknown> & { facts: string };

function toRecord(row: Row): AuditRecord {
  return {
    id: row.id,
    seq: row.seq,
    at: row.at,
    name: row.name,
    subject: { type: row.subject_type, id: row.subject_id },
    accountId: row.account_id,
    account: row.account_name,
    from: row.from_status,
    to: row.to_status,
    facts: JSON.parse(row.facts),
    actor: row.actor_id ? actorOf(row) : null,
    about: row.about,
  } as AuditRecord;
}

const actorOf = (row: Row) => ({
  id: row.actor_id,
  name: row.actor_name,
  staff: row.staff_role !== null,
  accountId: row.actor_account,
});
