// Taking in what mailbox providers report of our domains and IPs (S-25).
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { type Day, dayOf } from '../../day.ts';
import { listDomainsByName, listIpsByAddress } from '../store-directory.ts';
import { readPostmaster } from './postmaster.ts';
import type { Fault, PostmasterDay, Read, SndsDay } from './seen.ts';
import { readSnds } from './snds.ts';
import { upsertPostmasterDays, upsertSndsDays } from './store.ts';

export const outsideSources = ['postmaster', 'snds'] as const;
export type OutsideSource = (typeof outsideSources)[number];

/** What a run took. `unknown`: domains or IPs that are not here; `without`: values that the provider left out. */
export type TakenOutside = {
  readonly stored: number;
  readonly unknown: number;
  readonly without: number;
  readonly faults: readonly Fault[];
};

/**
 * Takes in a report of a mailbox provider, all that can be read of it in one transaction. The same report twice changes
 * nothing. `at`: UTC milliseconds.
 */
export async function takeOutside(db: Db, source: OutsideSource, text: string, at: number): Promise<TakenOutside> {
  // Read before the transaction: on SQLite everybody else who writes waits for that.
  const take = source === 'snds' ? snds(past(readSnds(text), at)) : postmaster(past(readPostmaster(text), at));
  const done = await act<TakenOutside, never>(db, { person: null, at }, ({ trx }) => take(trx, at));
  if (!done.ok) throw new Error('nothing refuses this');
  return done.value;
}

type Take = (trx: Db, at: number) => Promise<TakenOutside>;

/** Without days that are still to come, which are faults. */
function past<T extends { readonly day: Day }>({ days, faults, without }: Read<T>, at: number): Read<T> {
  const today = dayOf(at);
  const isPast = ({ day }: T) => day <= today;
  const future = days.filter((one) => !isPast(one)).length;
  const fault = { line: null, sentence: `${future === 1 ? 'One day is' : `${future} days are`} in the future.` };
  return { days: days.filter(isPast), faults: future > 0 ? [...faults, fault] : faults, without };
}

const postmaster =
  ({ days, faults, without }: Read<PostmasterDay>): Take =>
  async (trx, at) => {
    const known = await listDomainsByName(trx, [...new Set(days.map(({ domain }) => domain))]);
    const ours = days.flatMap((one) => {
      const domainId = known.get(one.domain)?.id;
      return domainId === undefined ? [] : [{ ...one, domainId }];
    });
    await upsertPostmasterDays(trx, ours, at);
    return { stored: ours.length, unknown: days.length - ours.length, without, faults };
  };

const snds =
  ({ days, faults, without }: Read<SndsDay>): Take =>
  async (trx, at) => {
    const known = await listIpsByAddress(trx, [...new Set(days.map(({ address }) => address))]);
    // Of two rows about one IP and day the later one is what SNDS says now.
    const ours = new Map(
      days.flatMap((one) => {
        const ipId = known.get(one.address)?.id;
        return ipId === undefined ? [] : [[`${ipId} ${one.day}`, { ...one, ipId }] as const];
      }),
    );
    await upsertSndsDays(trx, [...ours.values()], at);
    const unknown = days.filter(({ address }) => !known.has(address)).length;
    return { stored: ours.size, unknown, without, faults };
  };
