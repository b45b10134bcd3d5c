// Who has how much on the desk, and which requests they take.
import type { Db } from '../../database.ts';
import type { Scope } from './scope.ts';

export type Load = { readonly load: number; readonly lastAt: number };

/** How many requests each of these people has on the desk at the instant `at`, and when the last one came (UTC milliseconds). */
export async function listLoads(db: Db, ids: readonly number[], at: number): Promise<Map<number, Load>> {
  const rows: { id: number; load: number; last: number }[] = await db('requests')
    .whereIn('claimed_by', [...ids])
    .where('claimed_until', '>', at)
    .groupBy('claimed_by')
    .select('claimed_by as id', db.raw('count(*) as load'), db.raw('max(claimed_at) as last'));
  return new Map(rows.map(({ id, load, last }) => [Number(id), { load: Number(load), lastAt: Number(last) }]));
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
