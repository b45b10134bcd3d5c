// In which tier of the shared pools domains are, what the nights did, and what staff decided.
import { type Db, lockingRows } from '../../database.ts';
import type { Day } from '../../day.ts';
import { putListed } from '../../dialect.ts';
import type { Region, SendingRoute } from '../../policy/checks/facts.ts';
import type { Counts } from '../../sending/counts.ts';
import { listPostmasterDaysAsColumn, listPostmasterDaysIn, type PostmasterSeen } from '../../sending/outside/store.ts';
import { SEEN_DAYS } from '../../sending/outside/wording.ts';
import { type Rated, ratedFrom } from '../store.ts';
import { type Move, NEW_PLACE, type Place } from './judge.ts';

type Row = Record<string, unknown>;

const placeFrom = (row: Row | undefined): Place =>
  row === undefined || row.tier === null
    ? NEW_PLACE
    : {
        tier: Number(row.tier),
        movedOn: row.moved_on as Day | null,
        warnedOn: row.warned_on as Day | null,
        keptUntil: row.kept_until as Day | null,
      };

/** A domain that sends over a shared pool, as a night judges it. */
export type Sending = {
  readonly id: number;
  readonly name: string;
  readonly accountId: number;
  readonly account: string;
  readonly region: Region | null;
  readonly route: Exclude<SendingRoute, 'dedicated'>;
  readonly isStopped: boolean;
  readonly place: Place;
  /** null: no night has placed it. */
  readonly pool: string | null;
};

const selectDomains = (db: Db) =>
  db('domains as d')
    .join('accounts as a', 'a.id', 'd.account_id')
    .leftJoin('domain_tiers as t', 't.domain_id', 'd.id')
    .whereNull('d.removed_at')
    .select('d.id', 'd.name', 'd.account_id', 'd.route', 'd.stopped_at', 'a.name as account', 'a.region')
    .select('t.tier', 't.moved_on', 't.warned_on', 't.kept_until', 't.pool');

const selectSending = (db: Db) => selectDomains(db).whereNot('d.route', 'dedicated');

const sendingFrom = (row: Row): Sending => ({
  id: Number(row.id),
  name: String(row.name),
  accountId: Number(row.account_id),
  account: String(row.account),
  region: row.region as Region | null,
  route: row.route as Sending['route'],
  isStopped: row.stopped_at !== null,
  place: placeFrom(row),
  pool: row.pool as string | null,
});

/** Makes nights and staff who place domains of these accounts wait for each other. */
export async function lockSending(trx: Db, accountIds: readonly number[]): Promise<void> {
  const query = trx('domains')
    .whereIn('account_id', [...accountIds])
    .orderBy('id')
    .select('id');
  await lockingRows(trx, query, 'domains');
}

/** The domains of these accounts that send over shared pools. One that was removed and added again begins where it was. */
export async function listSending(db: Db, accountIds: readonly number[]): Promise<Sending[]> {
  const rows: Row[] = await selectSending(db)
    .whereIn('d.account_id', [...accountIds])
    .orderBy('d.id');
  const earlier = rows.some(({ tier }) => tier === null) ? await listEarlierPlaces(db, accountIds) : null;
  return rows.map((row) => {
    const sending = sendingFrom(row);
    const place = row.tier === null ? earlier?.get(keyOf(row)) : undefined;
    return place === undefined ? sending : { ...sending, place };
  });
}

const keyOf = (row: Row): string => `${row.account_id} ${row.name}`;

/** Where domains were that these accounts removed, by `keyOf`: of one name the last. */
async function listEarlierPlaces(db: Db, accountIds: readonly number[]): Promise<ReadonlyMap<string, Place>> {
  const rows: Row[] = await db('domain_tiers as t')
    .join('domains as d', 'd.id', 't.domain_id')
    .whereIn('d.account_id', [...accountIds])
    .whereNotNull('d.removed_at')
    .orderBy('d.id')
    .select('d.account_id', 'd.name', 't.tier', 't.moved_on', 't.warned_on', 't.kept_until');
  return new Map(rows.map((row) => [keyOf(row), placeFrom(row)]));
}

/** One of them; undefined where it does not send over a shared pool. */
export async function findSending(db: Db, accountId: number, id: number): Promise<Sending | undefined> {
  const row = await selectSending(db).where({ 'd.id': id, 'd.account_id': accountId }).first();
  return row && sendingFrom(row);
}

/** What a domain's page reads at once. `seen`: what Google reported of it (S-25). */
type DomainShown = {
  readonly rated: Rated | null;
  readonly sending: Sending | undefined;
  readonly seen: PostmasterSeen[];
};

/** A domain in use of an account: what the last night found of it, and its place where it sends over a shared pool. */
export async function findDomainRated(db: Db, accountId: number, id: number): Promise<DomainShown> {
  const row: Row | undefined = await selectDomains(db)
    .leftJoin('domain_reputations as r', 'r.domain_id', 'd.id')
    .where({ 'd.id': id, 'd.account_id': accountId })
    .select(listPostmasterDaysAsColumn(db, id, SEEN_DAYS))
    .first(RATED);
  if (row === undefined) return { rated: null, sending: undefined, seen: [] };
  return {
    seen: listPostmasterDaysIn(row['seen_by_google']),
    rated: row.day === null ? null : ratedFrom(row),
    sending: row.route === 'dedicated' ? undefined : sendingFrom(row),
  };
}

const RATED = ['day', 'score', 'sent', 'delivered', 'deferred', 'bounced', 'complained'].map((name) => `r.${name}`);

/** A member of a pool, with what its last night found. */
export type Member = Sending & { readonly score: number | null; readonly counts: Counts };

/** The members of a pool, the worst score first, those without one last: at most `limit`. */
export async function listMembers(db: Db, pool: string, limit: number): Promise<Member[]> {
  const rows: Row[] = await selectSending(db)
    .leftJoin('domain_reputations as r', 'r.domain_id', 'd.id')
    .where('t.pool', pool)
    .orderByRaw('case when r.score is null then 1 else 0 end, r.score, d.name')
    .limit(limit)
    .select(RATED);
  return rows.map((row) => {
    const { score, counts } = ratedFrom(row);
    return { ...sendingFrom(row), score, counts };
  });
}

/** How many domains each pool has, as the last night placed them. */
export async function countMembers(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db('domain_tiers as t')
    .join('domains as d', 'd.id', 't.domain_id')
    .whereNull('d.removed_at')
    .whereNot('d.route', 'dedicated')
    .groupBy('t.pool')
    .select('t.pool', db.raw('count(*) as members'));
  return new Map(rows.map((row) => [row.pool, Number(row.members)]));
}

/** What was done with a domain on a UTC day. `from`: the pool that it came from; null: none had been found yet. */
export type Done = {
  readonly on: Day;
  readonly from: string | null;
  readonly move: Move | 'placed';
  readonly why: string;
};

/** Where a domain is now, and what was done with it; `done` null: nothing. */
export type Placed = { readonly id: number; readonly pool: string; readonly place: Place; readonly done: Done | null };

const WHERE = {
  domain_id: 'integer',
  pool: 'text',
  tier: 'integer',
  moved_on: 'integer',
  warned_on: 'integer',
  kept_until: 'integer',
} as const;
const DONE = { last_on: 'integer', last_from: 'text', last_move: 'text', last_why: 'text' } as const;

const whereRow = ({ id, pool, place }: Placed) => [
  ...[id, pool, place.tier],
  ...[place.movedOn, place.warnedOn, place.keptUntil],
];

/** Keeps where domains are now; what was done last with one stays where nothing was done. */
export async function putPlaces(trx: Db, places: readonly Placed[]): Promise<void> {
  const idle = places.filter(({ done }) => done === null);
  await putListed(trx, 'domain_tiers', WHERE, idle.map(whereRow));
  const moved = places.flatMap((one) =>
    one.done === null ? [] : [[...whereRow(one), one.done.on, one.done.from, one.done.move, one.done.why]],
  );
  await putListed(trx, 'domain_tiers', { ...WHERE, ...DONE }, moved);
}

/** Ends the warnings of domains that have dedicated IPs: no night looks at them until they are back, perhaps much later. */
export const dropWarnings = (trx: Db, accountIds: readonly number[]): Promise<number> =>
  trx('domain_tiers')
    .whereNotNull('warned_on')
    .whereIn(
      'domain_id',
      trx('domains')
        .whereIn('account_id', [...accountIds])
        .where({ route: 'dedicated' })
        .select('id'),
    )
    .update({ warned_on: null });

/** What a night did with the domains that are in a pool now, or were. */
export type Moved = {
  readonly id: number;
  readonly domain: string;
  readonly accountId: number;
  readonly pool: string;
  readonly from: string | null;
  readonly move: Done['move'];
  readonly why: string;
};

export async function listMoved(db: Db, pool: string, day: Day, limit: number): Promise<Moved[]> {
  const rows = await db('domain_tiers as t')
    .join('domains as d', 'd.id', 't.domain_id')
    .where('t.last_on', day)
    .where((either) => either.where('t.pool', pool).orWhere('t.last_from', pool))
    .orderBy('d.name')
    .limit(limit)
    .select('d.id', 'd.name', 'd.account_id', 't.pool', 't.last_from', 't.last_move', 't.last_why');
  return rows.map((row) => ({
    ...{ id: row.id, domain: row.name, accountId: row.account_id, pool: row.pool },
    ...{ from: row.last_from, move: row.last_move, why: row.last_why },
  }));
}

/** Keeps that a night stopped a domain. */
export const updateStopped = (trx: Db, domainId: number, stoppedAt: number): Promise<number> =>
  trx('domain_tiers').where({ domain_id: domainId }).update({ stopped_at: stoppedAt });
