import { createHash } from 'node:crypto';
import session, { type SessionData } from 'express-session';
import type { Db } from '../../database.ts';
import type { Deps } from '../../deps.ts';
import type { Typed } from '../../form.ts';
import type { Ranges } from '../addresses/ranges.ts';
import { listsOf } from '../addresses/store.ts';
import type { Person } from '../person.ts';
import type { Need } from '../second-factor/need.ts';
import { ofNoClosedAccount, type PersonRow, personColumns, toPerson } from '../store.ts';

declare module 'express-session' {
  interface SessionData {
    /** When the person signed in (UTC milliseconds). */
    begunAt: number;
    /**
     * When the person showed who they are (UTC milliseconds); null: a provider let them in that may have asked for
     * nothing, because they were signed in there.
     */
    shownAt: number | null;
    /** Of the password that was given: a session does not outlive it. */
    passwordMark: string;
    /** When the stored row was last written (UTC milliseconds). */
    seenAt: number;
    /** From where the person signed in. */
    from: { readonly address: string; readonly device: string };
    /** The lists of addresses that hold for the person, as they are now; never stored with the session. */
    addressLists?: readonly Ranges[];
    passport: { user?: Person };
    /** Somebody who has shown one thing, a password say, and still has to show another: not signed in. */
    begun?: BegunSignIn;
  }
}

/** A sign-in that is not complete, and what comes after it. */
export type BegunSignIn = {
  readonly person: Person;
  readonly needs: Need;
  /** Where to go on: a path of this site. */
  readonly next: string;
  /** A form that was sent after the session had ended. */
  readonly kept: Typed | null;
};

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A session ends after this time without a request. */
const IDLE_MS = 12 * HOUR;
/** A session ends this long after the sign-in, used or not. */
export const LONGEST_MS = 7 * 24 * HOUR;
/** Somebody has this long for the second step after the first. */
const BEGUN_LASTS_MS = 15 * MINUTE;
/** The row is written again only after this time, so that reading pages writes next to nothing. */
const TOUCH_STEP_MS = 5 * MINUTE;

/** What a session is stored under: its cookie's id is worth a password. */
export const sessionKey = (sid: string): string => sha256(sid);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a session keeps of the password's hash, to notice that it was changed. */
export const passwordMark = (passwordHash: string): string => sha256(passwordHash).slice(0, 32);

type Done = (error?: unknown) => void;
type Row = PersonRow & {
  data: string;
  seen_at: number | null;
  password_hash: string;
  account_ranges: string | null;
  staff_ranges: string | null;
};

/**
 * Sessions in our own database; the cookie's id is stored only as a hash. Reading one reads its person too, in the
 * same query. Every failure goes to the callback: nothing is thrown, nothing rejects unheard.
 */
export class SessionStore extends session.Store {
  readonly #db: Db;
  readonly #now: () => number;
  readonly #log: Deps['log'];

  constructor({ db, now, log }: Pick<Deps, 'db' | 'now' | 'log'>) {
    super();
    this.#db = db;
    this.#now = now;
    this.#log = log;
  }

  override get(sid: string, done: (error: unknown, data?: SessionData | null) => void): void {
    this.#db('sessions as s')
      .join('people as p', 'p.id', 's.person_id')
      .leftJoin('address_limits as own', 'own.account_id', 'p.account_id')
      .leftJoin('address_limits as team', (join) => join.onVal('team.holder', 'staff').andOnNotNull('p.staff_role'))
      .where('s.id', sessionKey(sid))
      .where('s.expires_at', '>', this.#now())
      .whereNull('p.disabled_at')
      .where(ofNoClosedAccount)
      .select('s.data', 's.seen_at', 'p.password_hash', ...personColumns(this.#db))
      .select('own.ranges as account_ranges', 'team.ranges as staff_ranges')
      .first()
      .then((row: Row | undefined) => (row ? readSession(row) : null))
      .then(
        (data) => done(null, data),
        (error: unknown) => done(error),
      );
  }

  override set(sid: string, data: SessionData, done: Done = () => {}): void {
    const { passport, seenAt: _, addressLists: __, begun, from, ...kept } = data;
    const person = passport?.user ?? begun?.person;
    // Only people who are signed in, or about to be, have sessions.
    if (!person) {
      done();
      return;
    }
    const stored = begun ? { ...kept, begun: { ...begun, person: undefined } } : kept;
    const row = {
      ...{ person_id: person.id, data: JSON.stringify(stored), expires_at: this.#end(data) },
      ...{ seen_at: this.#now(), begun_at: data.begunAt, is_half: begun !== undefined },
      ...from,
    };
    this.#db('sessions')
      .insert({ id: sessionKey(sid), ...row })
      .onConflict('id')
      .merge()
      .then(() => done(), done);
  }

  override touch(sid: string, data: SessionData, done: Done = () => {}): void {
    const now = this.#now();
    if (!data.passport?.user || now - (data.seenAt ?? 0) <= TOUCH_STEP_MS) {
      done();
      return;
    }
    this.#db('sessions')
      .where({ id: sessionKey(sid) })
      .update({ expires_at: this.#end(data), seen_at: now })
      .then(undefined, (error: unknown) => this.#log.error({ err: error }, 'a session could not be prolonged'))
      // The page is already on its way: it must not fail for this.
      .then(() => done());
  }

  override destroy(sid: string, done: Done = () => {}): void {
    this.#db('sessions')
      .where({ id: sessionKey(sid) })
      .delete()
      .then(() => done(), done);
  }

  #end(data: SessionData): number {
    if (data.begun) return (data.begunAt ?? this.#now()) + BEGUN_LASTS_MS;
    return Math.min(this.#now() + IDLE_MS, (data.begunAt ?? this.#now()) + LONGEST_MS);
  }
}

function readSession(row: Row): SessionData | null {
  const kept = JSON.parse(row.data) as SessionData;
  if (kept.passwordMark !== passwordMark(row.password_hash)) return null;
  const person = toPerson(row);
  // Whose sign-in is not complete is nobody yet.
  const who = kept.begun ? { begun: { ...kept.begun, person } } : { passport: { user: person } };
  const addressLists = listsOf(row.account_ranges, row.staff_ranges);
  return { ...kept, ...who, seenAt: row.seen_at ?? 0, addressLists } as SessionData;
}

/** Ends all sessions of a person. */
export async function deleteSessionsOf(trx: Db, personId: number): Promise<void> {
  await trx('sessions').where({ person_id: personId }).delete();
}

/** A session as its owner is shown it; what is null was not kept when it began. */
export type ShownSession = {
  readonly id: string;
  readonly begunAt: number | null;
  readonly seenAt: number | null;
  readonly address: string | null;
  readonly device: string | null;
};

/** Where somebody is signed in at the instant `now`, the session that was used last first. */
export async function listSessionsOf(db: Db, personId: number, now: number): Promise<ShownSession[]> {
  const rows = await db('sessions')
    .where({ person_id: personId, is_half: false })
    .where('expires_at', '>', now)
    .orderByRaw('coalesce(seen_at, 0) desc')
    .limit(100)
    .select('id', 'begun_at', 'seen_at', 'address', 'device');
  return rows.map(({ id, begun_at: begunAt, seen_at: seenAt, address, device }) => ({
    ...{ id, begunAt, seenAt, address, device },
  }));
}

/** Ends one session of a person. False where there is none with this id. */
export async function deleteSession(trx: Db, personId: number, id: string): Promise<boolean> {
  return (await trx('sessions').where({ person_id: personId, id }).delete()) === 1;
}

/** Ends all sessions of a person but the one with this id. Returns how many there were, those half signed in left out. */
export async function deleteOtherSessions(trx: Db, personId: number, id: string): Promise<number> {
  const others = () => trx('sessions').where({ person_id: personId }).whereNot({ id });
  await others().where({ is_half: true }).delete();
  return await others().delete();
}

/** Deletes the sessions that have run out at `now`. Returns how many there were. */
export async function deleteExpiredSessions(db: Db, now: number): Promise<number> {
  return await db('sessions').where('expires_at', '<=', now).delete();
}
