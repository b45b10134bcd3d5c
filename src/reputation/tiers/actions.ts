// C-02, S-01: carries out what a night judged of domains on shared pools, and what staff decide against it.
import { isDeepStrictEqual } from 'node:util';
import { can, type Permission } from '../../accounts/permissions.ts';
import type { Actor, Person } from '../../accounts/person.ts';
import { listStaff } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { AuditEvent } from '../../audit/event.ts';
import type { Db } from '../../database.ts';
import { type Day, dayOf } from '../../day.ts';
import { noteAccountChange } from '../../domains/actions.ts';
import { tellOfDomain } from '../../domains/notify.ts';
import { stopPoor } from '../../domains/standing/actions.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { poolOfDomain } from '../../policy/document/pools.ts';
import type { Result } from '../../result.ts';
import { showsNothing } from '../../visible.ts';
import { type Outcome, raisedFrom } from './judge.ts';
import { moves } from './moves.ts';
import { findSending, lockSending, putPlaces, type Sending, updateStopped } from './store.ts';

/** A domain with what the night of a UTC day judged of it. */
export type Judged = { readonly sending: Sending; readonly outcome: Outcome; readonly day: Day };

type Rules = Pick<Policy, 'reputation' | 'pools'>;

/** Keeps where domains are, in the transaction of the night; each change is recorded and told. */
export async function placeDomains(act: Act, judged: readonly Judged[], policy: Rules): Promise<void> {
  const places = judged.map(({ sending, outcome, day }) => ({
    ...{ id: sending.id, place: outcome.place },
    pool: poolKey(sending, outcome.place.tier, policy),
    done: outcome.move === 'stay' ? null : { on: day, from: sending.pool, move: outcome.move, why: outcome.why },
  }));
  const changed = places.filter(({ pool, place, done }, nth) => {
    const sending = judged[nth]?.sending;
    return done !== null || pool !== sending?.pool || !isDeepStrictEqual(place, sending.place);
  });
  await putPlaces(act.trx, changed);
  for (const one of judged) if (one.outcome.move !== 'stay') await carryOut(act, one, policy);
}

const poolKey = ({ name, region, route }: Sending, tier: number, { pools }: Rules): string =>
  poolOfDomain(pools, { kind: route, region, tier, name })?.key ?? '';

async function carryOut(act: Act, { sending, outcome, day }: Judged, { reputation }: Rules): Promise<void> {
  const { id, accountId, name: domain } = sending;
  const { move, why, place } = outcome;
  if (move === 'stay') return;
  if (move === 'stop') return stop(act, sending, why);
  const subject = { type: 'domain', id } as const;
  const tiers = { before: sending.place.tier, after: place.tier };
  const facts =
    move === 'clear' ? { domain } : move === 'warn' || move === 'report' ? { domain, why } : { domain, ...tiers, why };
  const eventId = await record(act, { name: moves[move].event, subject, accountId, facts } as AuditEvent);
  const { tiers: found, removal } = reputation;
  if (move === 'warn') {
    const isLast = sending.route === 'transactional' || found.value === null || place.tier >= found.value.from.length;
    const onDay = day + (removal.value?.graceDays ?? 0);
    const isPooled = sending.route === 'transactional';
    const facts = { why, onDay, isLast, isPooled, stopAt: removal.value?.stopAt ?? null };
    await tellOfDomain(act, sending, moves.warn.mail, { eventId, facts });
  }
  if (move === 'clear') await tellOfDomain(act, sending, moves.clear.mail, { eventId, facts: { tier: place.tier } });
  if (move === 'report') await tellReviewers(act, sending, 'review requests', { eventId, why, isStopped: false });
  if (move === 'raise')
    await tellOfDomain(act, sending, moves.raise.mail, { eventId, facts: { why, tier: place.tier } });
  if (move === 'lower') {
    const { from = [], margin = 0, raiseDays = 0 } = found.value ?? {};
    const facts = { why, tier: place.tier, backFrom: raisedFrom({ from, margin }, place.tier), raiseDays };
    await tellOfDomain(act, sending, moves.lower.mail, { eventId, facts });
  }
  if (move === 'raise' || move === 'lower') await noteAccountChange(act.trx, accountId, act.actor.at);
}

/** C-02: at the last limit it is stopped, and somebody has to look at it. */
async function stop(act: Act, sending: Sending, why: string): Promise<void> {
  const eventId = await stopPoor(act, sending, why);
  if (eventId === null) return;
  await updateStopped(act.trx, sending.id, act.actor.at);
  await tellReviewers(act, sending, 'manage domains', { eventId, why, isStopped: true });
}

/** Mails the staff who may decide about a domain; nobody of its own account. */
async function tellReviewers(
  act: Act,
  { id, accountId, account, name: domain }: Sending,
  permission: Permission,
  { eventId, ...said }: { readonly eventId: number; readonly why: string; readonly isStopped: boolean },
): Promise<void> {
  const staff = (await listStaff(act.trx)).filter((one) => can(one, permission) && one.accountId !== accountId);
  const facts = { domain, account, path: `/customers/${accountId}/domains/${id}`, ...said };
  await queueMail(
    act,
    staff.map((one) => ({
      ...{ eventId, template: moves.report.mail, facts, thread: null },
      to: { id: one.id, email: one.email, name: one.name, timeZone: one.timeZone },
    })),
  );
}

export type PlacingProblem = 'not-found' | 'own-account' | 'stopped' | 'reason-missing' | 'no-tiers';

/** What staff decide about a domain's tier: up to and with the UTC day `until` no night moves it. */
export type Placing = {
  readonly accountId: number;
  readonly id: number;
  readonly tier: number;
  readonly until: Day;
  readonly reason: string;
};

/** Puts a domain into a tier, whatever its reputation says. R-05: of their own account nobody of the staff decides. */
export const placeByStaff = (
  db: Db,
  actor: Actor & { readonly person: Person },
  policy: Rules,
  { accountId, id, tier, until, reason }: Placing,
): Promise<Result<void, PlacingProblem>> =>
  act<void, PlacingProblem>(db, actor, async (act) => {
    const { trx, refuse } = act;
    await lockSending(trx, [accountId]);
    const sending = (await findSending(trx, accountId, id)) ?? refuse('not-found');
    if (actor.person.accountId === accountId) return refuse('own-account');
    if (sending.isStopped) return refuse('stopped');
    const { value: tiers } = policy.reputation.tiers;
    if (tiers === null || tier < 1 || tier > tiers.from.length) return refuse('no-tiers');
    if (showsNothing(reason)) return refuse('reason-missing');
    const today = dayOf(actor.at);
    const { place, pool: from, name: domain } = sending;
    const movedOn = tier === place.tier ? place.movedOn : today;
    const done = { on: today, from, move: 'placed', why: reason.trim() } as const;
    const pool = poolKey(sending, tier, policy);
    await putPlaces(trx, [{ id, pool, place: { tier, movedOn, warnedOn: null, keptUntil: until }, done }]);
    const facts = { domain, before: place.tier, after: tier, until };
    const subject = { type: 'domain', id } as const;
    const eventId = await record(act, { name: 'domain.placed', subject, accountId, facts }, reason.trim());
    await tellOfDomain(act, sending, 'pool-placed', { eventId, facts: { tier, until, reason: reason.trim() } });
    await noteAccountChange(trx, accountId, actor.at);
  });
