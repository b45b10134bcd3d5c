import type { Act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { dayLength } from '../../day.ts';
import { takeDue } from '../store-due.ts';
import type { ListVerdict } from './look.ts';
import {
  type AskedIp,
  type InTurn,
  insertListing,
  type Listing,
  listListings,
  updateAsked,
  updateListing,
} from './store.ts';

const HOUR = dayLength / 24;
/** How many are asked about in one piece, and for how long no other process takes them. */
const PIECE = 100;
const TAKEN_FOR_MS = 5 * 60_000;

/** Takes IPs that are due at the instant `at`, for this process alone. Returns their ids. */
export const claimDue = (db: Db, at: number): Promise<number[]> =>
  takeDue(db, 'lists_due_at', { at, limit: PIECE, forMs: TAKEN_FOR_MS });

/** An IP that was found on lists just now. `eventId`: the record of the first. */
export type Hit = { readonly ip: AskedIp; readonly names: readonly string[]; readonly eventId: number };

/**
 * Keeps what the lists said of IPs: new listings, and those that are over, each recorded. What a list did not say stays as it
 * was. Returns the IPs that are newly on a list.
 */
export async function keepListings(
  act: Act,
  ips: readonly AskedIp[],
  said: ReadonlyMap<string, readonly ListVerdict[]>,
): Promise<Hit[]> {
  const open = await listListings(
    act.trx,
    ips.map(({ id }) => id),
  );
  const hits: Hit[] = [];
  for (const ip of ips) {
    const verdicts = said.get(ip.address) ?? [];
    const own = open.filter(({ ipId }) => ipId === ip.id);
    const hit = await keepListed(act, ip, verdicts, own);
    if (hit !== null) hits.push(hit);
    await endListings(act, ip, verdicts, own);
  }
  return hits;
}

/** Keeps that the lists were asked about IPs in their turn, what kept one from answering, and when they are asked next. */
export async function keepAsked(
  { trx, actor }: Act,
  ips: readonly AskedIp[],
  said: ReadonlyMap<string, readonly ListVerdict[]>,
): Promise<void> {
  for (const { id, address } of ips) {
    const trouble = troubleIn(said.get(address) ?? []);
    // A list that could not be asked is asked again within the hour, the others once a day, spread by the id.
    const dueAt = actor.at + (trouble === null ? dayLength - (id % 60) * 60_000 : HOUR);
    await updateAsked(trx, id, { at: actor.at, dueAt, trouble });
  }
}

/** Whether what the lists said of an IP is so new at `at`, or what kept them from it, that they need not be asked before it is given. */
export const wereAskedLately = ({ askedAt, trouble, dueAt }: InTurn, at: number): boolean =>
  trouble === null ? askedAt !== null && askedAt > at - HOUR : dueAt > at;

async function keepListed(
  act: Act,
  ip: AskedIp,
  verdicts: readonly ListVerdict[],
  open: readonly Listing[],
): Promise<Hit | null> {
  const { trx, actor } = act;
  const names: string[] = [];
  let first: number | null = null;
  for (const { list, verdict } of verdicts) {
    if (verdict.state !== 'listed') continue;
    const { codes } = verdict;
    const known = open.find(({ zone }) => zone === list.zone);
    if (known) await updateListing(trx, known.id, { codes, seenAt: actor.at });
    else if (await insertListing(trx, { ipId: ip.id, ...list, codes, foundAt: actor.at })) {
      const eventId = await record(act, { name: 'ip.listed', ...aboutIp(ip, list.name) });
      first ??= eventId;
      names.push(list.name);
    }
  }
  return first === null ? null : { ip, names, eventId: first };
}

/** Ends the listings that are over, and those of lists that the policy has no more. */
async function endListings(
  act: Act,
  ip: AskedIp,
  verdicts: readonly ListVerdict[],
  open: readonly Listing[],
): Promise<void> {
  for (const { id, zone, name } of open) {
    const said = verdicts.find(({ list }) => list.zone === zone)?.verdict;
    if (said !== undefined && said.state !== 'clean') continue;
    if (await updateListing(act.trx, id, { goneAt: act.actor.at }))
      await record(act, { name: 'ip.unlisted', ...aboutIp(ip, name) });
  }
}

const aboutIp = ({ id, address }: AskedIp, list: string) => ({
  subject: { type: 'ip', id } as const,
  accountId: null,
  facts: { address, list },
});

/** What kept lists from answering, a sentence each; null where all of them did. */
function troubleIn(verdicts: readonly ListVerdict[]): string | null {
  const sentences = verdicts.flatMap(({ list, verdict }) =>
    verdict.state === 'unknown' ? [`${list.name} ${verdict.says}.`] : [],
  );
  return sentences.length === 0 ? null : sentences.join(' ');
}
