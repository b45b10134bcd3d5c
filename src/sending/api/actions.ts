import { createHash } from 'node:crypto';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { ok, type Result, refused } from '../../result.ts';
import { faultAt } from '../counts.ts';
import { refreshPools } from '../pools/actions.ts';
import { added, keyOf, type Reported, type Resolved, resolve, summed } from '../reported.ts';
import { addListed, lockTotals, replaceCounts } from '../store-bulk.ts';
import { Directory } from '../store-directory.ts';
import type { Batch, BatchProblem } from './batch.ts';
import { findBatchHash, insertBatch } from './store.ts';

/** `again`: it was taken in before, and nothing was added now. */
export type TakenBatch = { readonly again: boolean; readonly counts: number };
export type RefusedBatch =
  | { readonly name: 'other content' }
  | { readonly name: 'wrong'; readonly problems: readonly BatchProblem[] };

/**
 * Adds a batch of counts to the stored ones, once for each source and name, even when others send it at the same time.
 * All or nothing: refused with every count that cannot be, or where the name came with other content before.
 */
export async function acceptBatch(
  db: Db,
  policy: Policy,
  batch: Batch & { readonly source: string },
  now: number,
): Promise<Result<TakenBatch, RefusedBatch>> {
  const contentHash = hashOf(batch.counts);
  const taken = await sameAs(db, batch, contentHash);
  if (taken) return taken;
  const resolved = await resolveAll(db, policy, batch.counts, now);
  if (!resolved.ok) return refused({ name: 'wrong', problems: resolved.problem });
  const row = { source: batch.source, name: batch.name, contentHash, counts: batch.counts.length, at: now };
  const store = (add: Add) =>
    act<boolean, RefusedBatch>(db, { person: null, at: now }, async ({ trx, refuse }) => {
      if ((await insertBatch(trx, row)) === undefined) return false;
      const problems = await add(trx, resolved.value, now);
      if (problems.length > 0) refuse({ name: 'wrong', problems });
      await refreshPools(trx, resolved.value, now);
      return true;
    });
  let stored = await store(addAtOnce);
  if (!stored.ok) stored = await store(addEach);
  if (!stored.ok) return stored;
  // Somebody sent the same one at the same moment, and was first.
  if (!stored.value) return (await sameAs(db, batch, contentHash)) ?? refused({ name: 'other content' });
  return ok({ again: false, counts: batch.counts.length });
}

async function sameAs(
  db: Db,
  { source, name, counts }: Batch & { readonly source: string },
  contentHash: string,
): Promise<Result<TakenBatch, RefusedBatch> | undefined> {
  const hash = await findBatchHash(db, source, name);
  if (hash === undefined) return undefined;
  return hash === contentHash ? ok({ again: true, counts: counts.length }) : refused({ name: 'other content' });
}

/** The same counts in any order have the same hash: that of their fields by name, as JSON. */
function hashOf(counts: readonly Reported[]): string {
  const lines = counts.map(lineOf).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

// Written out, because sorting the fields of each of some thousand counts took two fifths of taking them in.
const lineOf = ({
  bounced,
  complained,
  day,
  deferred,
  delivered,
  domain,
  engagement,
  opened,
  provider,
  sent,
  stream,
  via,
}: Reported) =>
  `[["bounced",${bounced}],["complained",${complained}],["day",${day}],["deferred",${deferred}],["delivered",${delivered}],${`["domain",${JSON.stringify(domain)}],["opened",${opened}],["provider",${JSON.stringify(provider)}],["sent",${sent}],`}["stream","${stream}"],["via",${JSON.stringify(via)}]${engagement ? `,${JSON.stringify(engagement)}` : ''}]`;

async function resolveAll(
  db: Db,
  policy: Policy,
  counts: readonly Reported[],
  now: number,
): Promise<Result<Resolved[], BatchProblem[]>> {
  const directory = new Directory(db, policy);
  await directory.learn(counts);
  const resolved: Resolved[] = [];
  const problems: BatchProblem[] = [];
  for (const [index, count] of counts.entries()) {
    const read = resolve(count, directory, dayOf(now));
    if (read.ok) resolved.push(read.count);
    else problems.push(...read.problems.map((one) => ({ index, ...one })));
  }
  return problems.length > 0 ? refused(problems) : ok(resolved);
}

/** Adds counts to the totals. Returns what cannot be then. */
type Add = (trx: Db, counts: readonly Resolved[], at: number) => Promise<readonly BatchProblem[]>;

/** Adds counts that are true by themselves, as most are, in one statement; it does not say which of the others is wrong. */
const addAtOnce: Add = async (trx, counts, at) => {
  const sums = [...summed(counts).values()];
  const added = sums.every((sum) => faultAt(sum) === undefined) && (await addListed(trx, sums, at));
  return added ? [] : [{ index: null, field: 'counts', sentence: 'One of the counts cannot be added.' }];
};

/** Adds each to what is stored. Says what cannot be then, at the last count of each total. */
const addEach: Add = async (trx, counts, at) => {
  const sums = summed(counts);
  const there = await lockTotals(trx, sums.values(), at);
  const totals = new Map([...sums].map(([key, sum]) => [key, added(there.get(key) ?? NONE, sum)]));
  const last = new Map(counts.map((count, index) => [keyOf(count), index]));
  const problems: BatchProblem[] = [];
  for (const [key, total] of totals) {
    const fault = faultAt(total);
    if (fault)
      problems.push({
        index: last.get(key) ?? null,
        field: fault.field,
        sentence: `Together with the counts already stored for that day: ${fault.sentence}`,
      });
  }
  if (problems.length === 0) await replaceCounts(trx, totals.values(), at);
  return problems;
};

const NONE = { sent: 0, delivered: 0, deferred: 0, bounced: 0, complained: 0, opened: null };
