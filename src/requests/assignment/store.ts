// Who has how much on the desk, and which requests they take.
import type { Db } from '../../database.ts';
import type { Scope } from './scope.ts';

/** `lastAt`: when they last got or took one (UTC milliseconds); null: never. */
export type Load = { readonly load: number; readonly lastAt: number | null };

/** How many requests each of these people has on the desk at the instant `at`, and when the last one came, also if it is gone again. */
export async function listLoads(db: Db, ids: readonly number[], at: number): Promise<Map<number, Load>> {
  const rows: { id: number; load: number; last: number }[] = await db('requests')
    .whereIn('claimed_by', [...ids])
    .where('claimed_until', '>', at)
    .groupBy('claimed_by')
    .select('claimed_by as id', db.raw('count(*) as load'), db.raw('max(claimed_at) as last'));
  const before: { id: number; last: number }[] = await db('last_assignments')
    .whereIn('person_id', [...ids])
    .select('person_id as id', 'assigned_at as last');
  const now = new Map(rows.map(({ id, load, last }) => [Number(id), { load: Number(load), last: Number(last) }]));
  const ever = new Map(before.map(({ id, last }) => [Number(id), Number(last)]));
  return new Map(
    ids.map((id) => {
      const { load, last } = now.get(id) ?? { load: 0, last: 0 };
      return [id, { load, lastAt: Math.max(last, ever.get(id) ?? 0) || null }];
    }),
  );
}

/** Keeps that somebody was assigned a request, which is known still once it is decided. */
export async function putAssigned(trx: Db, personId: number, at: number): Promise<void> {
  await trx('last_assignments').insert({ person_id: personId, assigned_at: at }).onConflict('person_id').merge();
}

/** What each of these people takes; who takes everything is left out. */
export async function listScopes(db: Db, ids: readonly number[]): Promise<Map<number, Scope>> {
  const rows = await db('reviewer_scopes').whereIn('person_id', [...ids]);
  return new Map(
    rows.map(({ person_id: id, kinds, regions }) => [id, { kinds: JSON.parse(kinds), regions: JSON.parse(regions) }]),
  );
}

/** Keeps what somebody takes; undefined: everything. */
export async function putScope(trx: Db, personId: number, scope: Scope | undefined): Promise<void> {
  if (scope === undefined) return void (await trx('reviewer_scopes').where({ person_id: personId }).delete());
  const columns = { kinds: JSON.stringify(scope.kinds), regions: JSON.stringify(scope.regions) };
  await trx('reviewer_scopes')
    .insert({ person_id: personId, ...columns })
    .onConflict('person_id')
    .merge();
}
