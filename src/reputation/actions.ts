// Keeps what a night found of accounts and their domains, and tells people whose daily limit fell (S-02).
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Db } from '../database.ts';
import { type Day, dayLength } from '../day.ts';
import { noteAccountChanges } from '../domains/actions.ts';
import { isLowered } from './limit.ts';
import { tellLowered } from './notify.ts';
import {
  type AccountRated,
  endNight,
  listAccountsRated,
  putAccounts,
  putDomains,
  type Rated,
  takeNight,
} from './store.ts';

/** For how long no other process does a night's work that one has begun. */
const TAKEN_FOR_MS = dayLength / 48;

/** Takes the night of a day for this process. False where it is over, or another process works on it. */
export async function claimNight(db: Db, day: Day, at: number): Promise<boolean> {
  const done = await act<boolean, never>(db, { person: null, at }, ({ trx }) =>
    takeNight(trx, day, { at, until: at + TAKEN_FOR_MS }),
  );
  return done.ok && done.value;
}

export async function closeNight(
  db: Db,
  day: Day,
  of: { readonly at: number; readonly domains: number },
): Promise<void> {
  await act<void, never>(db, { person: null, at: of.at }, async ({ trx }) => {
    await endNight(trx, day, of);
  });
}

/** What a night found of some accounts and all of their domains in use. */
export type Found = {
  readonly accounts: readonly (AccountRated & { readonly accountId: number; readonly account: string })[];
  readonly domains: readonly (Rated & { readonly domainId: number })[];
};

/** Keeps it. Routers follow limits that changed; those that fell to a lower step are recorded and told. */
export async function keepFound(act: Act, { accounts, domains }: Found): Promise<void> {
  const { trx, actor } = act;
  const before = await listAccountsRated(
    trx,
    accounts.map(({ accountId }) => accountId),
  );
  await putDomains(trx, domains);
  await putAccounts(
    trx,
    accounts.map(({ account: _, ...one }) => one),
  );
  const isMoved = ({ accountId, limit }: AccountRated & { readonly accountId: number }) =>
    (before.get(accountId)?.limit.perDay ?? null) !== limit.perDay;
  const changed = accounts.filter(isMoved).map(({ accountId }) => accountId);
  await noteAccountChanges(trx, changed, actor.at);
  for (const now of accounts) {
    const was = before.get(now.accountId) ?? null;
    const { accountId, limit, score } = now;
    if (!isLowered(was?.limit ?? null, limit) || score === null || limit.perDay === null) continue;
    const facts = { score, perDay: limit.perDay };
    const subject = { type: 'account', id: accountId } as const;
    const eventId = await record(act, { name: 'account.limited', subject, accountId, facts });
    await tellLowered(act, { ...now, perDay: limit.perDay, score }, eventId);
  }
}
