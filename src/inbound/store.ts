// Mails that came in: stored as they are before they are read.
import type { Db } from '../database.ts';
import type { Purpose } from './address.ts';
import { type InboundStatus, type InboundTransition, inboundTransitions } from './lifecycle.ts';

export type NewInbound = {
  /** The mail of ours that it answers, or that came back. */
  readonly mailId: number;
  readonly requestId: number | null;
  /** To whom the address was given. */
  readonly personId: number;
  readonly purpose: Purpose;
  readonly envelopeFrom: string;
  readonly raw: Buffer;
  readonly rawHash: string;
};

/** A file that was left out; `why`: a sentence without its beginning, which is the file's name. */
export type LeftOut = { readonly name: string; readonly why: string };

export type Inbound = {
  readonly id: number;
  readonly mailId: number;
  readonly requestId: number | null;
  readonly personId: number;
  readonly purpose: Purpose;
  readonly envelopeFrom: string;
  readonly receivedAt: number;
  readonly status: InboundStatus;
  /** Who it says it is from; '' where it was not read yet. */
  readonly from: string;
  readonly subject: string;
  readonly body: string;
  readonly quoted: string;
  /** The number of files that came with it. */
  readonly files: number;
  /** Those of them that were not attached where it was filed; null: it was not, or before there were attachments. */
  readonly leftOut: readonly LeftOut[] | null;
  /** Why it was not filed, a sentence; null where it was. */
  readonly why: string | null;
};

/** Stores a mail, unless the same came to the same address before. Returns it as it is stored. */
export async function insertInbound(trx: Db, mail: NewInbound, at: number): Promise<Inbound> {
  const { mailId, rawHash } = mail;
  await trx('inbound_mails')
    .insert({
      mail_id: mailId,
      request_id: mail.requestId,
      person_id: mail.personId,
      purpose: mail.purpose,
      envelope_from: mail.envelopeFrom,
      raw: mail.raw,
      raw_hash: rawHash,
      received_at: at,
      status: 'received',
    })
    .onConflict(['raw_hash', 'mail_id'])
    .ignore();
  return toInbound(
    await trx('inbound_mails')
      .where({ raw_hash: rawHash, mail_id: mailId })
      .first(...COLUMNS),
  );
}

const COLUMNS = [
  'id',
  'mail_id',
  'request_id',
  'person_id',
  'purpose',
  'envelope_from',
  'received_at',
  'status',
  'from_address',
  'subject',
  'body',
  'quoted',
  'files',
  'left_out',
  'why',
] as const;

/** One mail, which nobody else changes until the transaction ends. */
export async function lockInbound(trx: Db, id: number): Promise<Inbound | undefined> {
  const row = await trx('inbound_mails')
    .where({ id })
    .forUpdate()
    .first(...COLUMNS);
  return row && toInbound(row);
}

export type Change = Partial<Pick<Inbound, 'from' | 'subject' | 'body' | 'quoted' | 'files' | 'leftOut' | 'why'>> & {
  /** By what it is known that it was filed. */
  readonly filedAs?: string;
  /** The record of what it became. */
  readonly eventId?: number;
  /** Who of the staff decided, and when (UTC milliseconds). */
  readonly decided?: { readonly by: number; readonly at: number };
  /** Deletes the mail as it came. */
  readonly forgets?: true;
};

/** Moves a mail by its lifecycle. False where it was moved before. */
export async function moveInbound(trx: Db, id: number, step: InboundTransition, change: Change): Promise<boolean> {
  const { from, to } = inboundTransitions[step];
  const { filedAs, eventId, decided, forgets, leftOut, from: address, ...texts } = change;
  const columns = {
    ...texts,
    status: to,
    ...(address === undefined ? {} : { from_address: address }),
    ...(leftOut == null ? {} : { left_out: JSON.stringify(leftOut) }),
    ...(filedAs === undefined ? {} : { filed_as: filedAs }),
    ...(eventId === undefined ? {} : { event_id: eventId }),
    ...(decided === undefined ? {} : { decided_by: decided.by, decided_at: decided.at }),
    ...(forgets ? { raw: null } : {}),
  };
  return (await trx('inbound_mails').where({ id, status: from }).update(columns)) === 1;
}

/** Whether a mail was filed under this key. */
export const findFiled = async (db: Db, filedAs: string): Promise<boolean> =>
  (await db('inbound_mails').where({ filed_as: filedAs }).first('id')) !== undefined;

/** How many mails to a person's addresses about a request came since an instant (UTC milliseconds). */
export async function countInboundSince(
  db: Db,
  { requestId, personId }: Pick<Inbound, 'requestId' | 'personId'>,
  since: number,
): Promise<number> {
  const row = await db('inbound_mails')
    .where({ request_id: requestId, person_id: personId })
    .where('received_at', '>=', since)
    .count({ n: '*' })
    .first();
  return Number(row?.['n'] ?? 0);
}

export type Listed = Inbound & {
  /** To whom the address was given. */
  readonly person: string;
  readonly account: string | null;
};

/** Mails of a status, newest first: `limit` of them after the first `skip`. `notOf`: none about requests of this account. */
export async function listInbound(
  db: Db,
  status: InboundStatus,
  { skip, limit, notOf }: { readonly skip: number; readonly limit: number; readonly notOf: number | null },
): Promise<Listed[]> {
  const rows = await db('inbound_mails as i')
    .join('people as p', 'p.id', 'i.person_id')
    .leftJoin('requests as r', 'r.id', 'i.request_id')
    .leftJoin('accounts as a', 'a.id', 'r.account_id')
    .where('i.status', status)
    .where((others) => others.whereNull('r.account_id').orWhere('r.account_id', '<>', notOf ?? 0))
    .orderBy('i.id', 'desc')
    .offset(skip)
    .limit(limit)
    .select(...COLUMNS.map((column) => `i.${column}`), 'p.name as person', 'a.name as account');
  return rows.map((row) => ({ ...toInbound(row), person: row.person, account: row.account }));
}

/** How many mails wait in quarantine. `notOf`: those about requests of this account are not counted. */
export async function countQuarantined(db: Db, notOf: number | null): Promise<number> {
  const row = await db('inbound_mails as i')
    .where('i.status', 'quarantined')
    .modify((query) => {
      if (notOf !== null) query.join('requests as r', 'r.id', 'i.request_id').whereNot('r.account_id', notOf);
    })
    .count({ n: '*' })
    .first();
  return Number(row?.['n'] ?? 0);
}

/** Mails that came before an instant (UTC milliseconds) and were not read, the oldest first; each with what came. */
export async function listUnread(db: Db, before: number, limit: number): Promise<{ mail: Inbound; raw: Buffer }[]> {
  const rows = await db('inbound_mails')
    .where({ status: 'received' })
    .where('received_at', '<', before)
    .orderBy('id')
    .limit(limit)
    .select(...COLUMNS, 'raw');
  return rows.map((row) => ({ mail: toInbound(row), raw: Buffer.from(row.raw) }));
}

/** A mail as it came; undefined where it is not kept any more. */
export async function findRaw(db: Db, id: number): Promise<Buffer | undefined> {
  const row = await db('inbound_mails').where({ id }).first('raw');
  return row?.raw == null ? undefined : Buffer.from(row.raw);
}

function toInbound(row: Record<string, unknown>): Inbound {
  return {
    id: row.id,
    mailId: row.mail_id,
    requestId: row.request_id,
    personId: row.person_id,
    purpose: row.purpose,
    envelopeFrom: row.envelope_from,
    receivedAt: row.received_at,
    status: row.status,
    from: row.from_address,
    subject: row.subject,
    body: row.body,
    quoted: row.quoted,
    files: row.files,
    leftOut: row.left_out === null ? null : JSON.parse(String(row.left_out)),
    why: row.why,
  } as Inbound;
}
