// The days of warm-ups that ended long ago, and their sums.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import { dayOf } from '../../day.ts';
import type { Old, Piece } from '../../retention/actions.ts';

/** Warm-ups that one transaction looks at, and those whose days it removes: each has a month or two of them. */
const LOOKED_AT = 500;
const REMOVED = 20;

/** Removes all days of warm-ups that are over and had none since; their sums stay. The number of days is returned. */
export async function deleteOldDays(trx: Db, { before, after }: Old): Promise<Piece> {
  const through: number[] = await trx('warmups').where('id', '>', after).orderBy('id').limit(LOOKED_AT).pluck('id');
  const last = through.at(-1);
  if (last === undefined) return { removed: 0, next: null };
  const days = () => trx('warmup_days as d').whereRaw('d.warmup_id = w.id').select('d.day');
  const ids: number[] = await trx('warmups as w')
    .where('w.id', '>', after)
    .where('w.id', '<=', last)
    .whereIn('w.status', ['complete', 'ended'])
    .whereRaw('coalesce(w.completed_at, 0) < ?', [before])
    .whereExists(days())
    .whereNotExists(days().where('d.day', '>=', dayOf(before)))
    .orderBy('w.id')
    .limit(REMOVED)
    .pluck('w.id');
  const removed = await sumUp(trx, ids);
  if (ids.length === REMOVED) return { removed, next: ids.at(-1) ?? null };
  return { removed, next: through.length < LOOKED_AT ? null : last };
}

async function sumUp(trx: Db, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const of = () => trx('warmup_days').whereIn('warmup_id', [...ids]);
  const sums: Record<string, number>[] = await of()
    .groupBy('warmup_id')
    .select('warmup_id', trx.raw('min(day) as first_day, max(day) as last_day, count(*) as days'))
    .select(trx.raw('sum(sent) as sent, sum(delivered) as delivered'))
    .select(trx.raw(`sum(case when verdict = 'complete' then 1 else 0 end) as completions`));
  // An IP that warmed up once more after it was cold has sums of its first days already.
  const added = ['days', 'sent', 'delivered', 'completions'].map((name) => [
    name,
    trx.raw('warmup_totals.?? + excluded.??', [name, name]),
  ]);
  await trx('warmup_totals')
    .insert(sums)
    .onConflict('warmup_id')
    .merge({ last_day: trx.raw('excluded.last_day'), ...Object.fromEntries(added) });
  return of().delete();
}

/** What the days of a warm-up came to that are not kept one by one any more. */
export type PastDays = {
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly days: number;
  readonly sent: number;
  readonly delivered: number;
};

/** The sums of a warm-up's removed days; undefined: none was removed. */
export async function findPastDays(db: Db, warmupId: number): Promise<PastDays | undefined> {
  const row = await db('warmup_totals').where({ warmup_id: warmupId }).first();
  return (
    row && {
      firstDay: row.first_day,
      lastDay: row.last_day,
      days: row.days,
      sent: Number(row.sent),
      delivered: Number(row.delivered),
    }
  );
}
