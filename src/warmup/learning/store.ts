// Whose patterns are to be learned, and what was learned.
import { type Db, skippingLocked } from '../../database.ts';
import type { Day } from '../../day.ts';
import { numbersInJson, rowsInJson } from '../../dialect.ts';
import type { Stream } from '../../policy/checks/facts.ts';

export type Unlearned = {
  readonly id: number;
  readonly allocationId: number;
  /** Which of its domains' mail its IP is for. */
  readonly stream: Stream;
};

/** Takes hold of at most `limit` warm-ups, complete ones too, whose pattern was not learned for `today` yet. */
export async function claimUnlearned(trx: Db, today: Day, limit: number): Promise<Unlearned[]> {
  const rows = trx('warmups')
    .where('learned_on', '<', today)
    .orderBy(['learned_on', 'id'])
    .limit(limit)
    .select('id', { allocationId: 'allocation_id' })
    .select(trx('allocations as a').whereRaw('a.id = warmups.allocation_id').select('a.stream').as('stream'));
  return skippingLocked(trx, rows);
}

/** A domain that uses an IP. `only`: the kind of its mail that it sends to the pools of the IP (S-07); null: all that the IP is for. */
export type Using = { readonly domainId: number; readonly only: 'marketing' | 'transactional' | null };

/** The domains that use each of these allocations. */
export async function listDomainsOf(db: Db, allocationIds: readonly number[]): Promise<Map<number, Using[]>> {
  const rows = await db('allocation_domains')
    .whereRaw(`allocation_id in ${numbersInJson(db)}`, [JSON.stringify(allocationIds)])
    .select('allocation_id', 'domain_id', 'marketing_weight', 'transactional_weight');
  const found = new Map<number, Using[]>();
  for (const { allocation_id: id, domain_id: domainId, ...weights } of rows) {
    const only =
      weights.marketing_weight === 0 ? 'transactional' : weights.transactional_weight === 0 ? 'marketing' : null;
    found.set(id, [...(found.get(id) ?? []), { domainId, only }]);
  }
  return found;
}

/** Keeps what was learned for `today`, as JSON; null where there was too little to learn from. */
export async function updatePatterns(
  trx: Db,
  learned: readonly { readonly id: number; readonly pattern: string | null }[],
  { today, at }: { readonly today: Day; readonly at: number },
): Promise<void> {
  const given = rowsInJson(trx, { id: 'integer', pattern: 'text' });
  // What routes reads a plan again when its pattern changed.
  await trx.raw(
    `update warmups set learned_on = ${today}, pattern = coalesce(x.pattern, warmups.pattern),
       changed_at = case when x.pattern is null or x.pattern = warmups.pattern then warmups.changed_at else ${at} end
     from (${given}) as x where x.id = warmups.id`,
    [JSON.stringify(learned.map(({ id, pattern }) => [id, pattern]))],
  );
}
