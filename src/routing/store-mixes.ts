// How the mail of domains was spread over mailbox providers.
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import { CARRIES } from '../ips/own-pools/store.ts';

const MIX_DAYS = 28;

/**
 * How the mail of the domains that use IPs was spread over mailbox providers in the four weeks before a day, by allocation: each
 * provider's part, from 0 to 1. Without those of which there was none, or for most of it the provider is not known.
 */
export async function listMixes(
  db: Db,
  allocationIds: readonly number[],
  today: Day,
): Promise<ReadonlyMap<number, ReadonlyMap<string, number>>> {
  const rows = await db('sending_counts as s')
    .join('allocation_domains as l', 'l.domain_id', 's.domain_id')
    .join('allocations as a', 'a.id', 'l.allocation_id')
    .whereIn('l.allocation_id', allocationIds)
    .whereRaw(`a.stream in ('both', s.stream) and ${CARRIES}`)
    .whereBetween('s.day', [today - MIX_DAYS, today - 1])
    .groupBy('l.allocation_id', 's.provider')
    .select({ id: 'l.allocation_id', provider: 's.provider' })
    .sum('s.sent as sent');
  const mixes = [...Map.groupBy(rows, (row) => Number(row.id))].flatMap(([id, of]) => {
    const mix = mixOf(of.map(({ provider, sent }) => [String(provider), Number(sent)]));
    return mix === null ? [] : [[id, mix] as const];
  });
  return new Map(mixes);
}

function mixOf(sent: readonly (readonly [provider: string, count: number])[]): ReadonlyMap<string, number> | null {
  const sumOf = (some: typeof sent) => some.reduce((sum, [, count]) => sum + count, 0);
  // Reports by hand name no provider, and what is all 'other' says nothing of a mix.
  const isNamed = sent.some(([provider]) => provider !== '' && provider !== 'other');
  const named = isNamed ? sent.filter(([provider]) => provider !== '') : [];
  const sum = sumOf(named);
  return sum === 0 || sum * 2 < sumOf(sent) ? null : new Map(named.map(([provider, count]) => [provider, count / sum]));
}
