// The daily evaluation of completed IPs: each is watched once for each UTC day.
import type { Act } from '../../act.ts';
import { type Day, dayOf } from '../../day.ts';
import { hasPoolIn, poolTakesBeyondWarm, routesBeforeWaiting } from '../../policy/document/overflow.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { NOTHING, sumOf } from '../../sending/counts.ts';
import { listDayAndWindow } from '../../sending/store-reports.ts';
import { type DuePlan, type DueRow, duePlan, listInFull } from '../daily/store.ts';
import { listWhole } from '../daily/store-whole.ts';
import { stateFacts } from '../forecast.ts';
import { followUp } from '../transition.ts';
import { listBusiest, listHomes, markNotified, writeWatched } from './store.ts';
import { levelDays, type WarmFacts, type Watched, watchDay } from './watch.ts';

/** Days after which staff are notified of the same IP again. */
const NOTIFIED_AGAIN_AFTER = 28;

type Rules = Pick<Policy, 'warmup' | 'providers' | 'pools' | 'schedules'>;

/** Watches claimed IPs for the earliest of their days, and notifies people of the outcome. Returns how many it watched. */
export async function watchClaimed(act: Act, policy: Rules, claimed: readonly DueRow[]): Promise<number> {
  const [first] = claimed;
  if (!first) return 0;
  const day = first.next_day;
  const plans = claimed.filter((row) => row.next_day === day).map(duePlan);
  const facts = await factsOf(act, plans, day, policy);
  const watched = plans.map((before) => ({ before, watched: watchDay(before, facts(before), policy) }));
  const rows = watched.map(({ before, watched: { state } }) => ({ id: before.id, before, after: state }));
  await writeWatched(act.trx, rows, act.actor.at);
  await notifyAll(act, watched, day, policy);
  return plans.length;
}

async function factsOf({ trx }: Act, plans: readonly DuePlan[], day: Day, { warmup, pools }: Rules) {
  const since = day - warmup.brakes.windowDays.value + 1;
  const ids = plans.map(({ allocationId }) => allocationId);
  const whole = await listWhole(trx, ids, day, day);
  const counts = await listDayAndWindow(
    trx,
    plans.map(({ ipId }) => ipId),
    since,
    day,
  );
  const homes = await listHomes(trx, ids);
  const routes = routesBeforeWaiting(warmup);
  const overflowOf = (id: number): Pick<WarmFacts, 'hasOverflow' | 'isPoolBeyond'> => {
    const { region = null, hasWarm = false } = homes.get(id) ?? {};
    const isPool = routes.includes('pool') && hasPoolIn(pools, region);
    return {
      hasOverflow: isPool || (routes.includes('warm-ips') && hasWarm),
      isPoolBeyond: isPool && poolTakesBeyondWarm(warmup),
    };
  };
  const busiest = new Map<number, number>();
  for (const [days, some] of Map.groupBy(plans, ({ pattern }) => levelDays(pattern.period))) {
    const ips = some.map(({ ipId }) => ipId);
    for (const [ipId, most] of await listBusiest(trx, ips, day - days + 1, day)) busiest.set(ipId, most);
  }
  return ({ ipId, allocationId }: DuePlan): WarmFacts => {
    const over = counts.get(ipId);
    return {
      day,
      counts: over?.counts ?? {},
      today: sumOf(Object.values(over?.counts ?? {})),
      window: over?.window ?? NOTHING,
      all: whole.get(allocationId)?.[0]?.all ?? 0,
      busiest: busiest.get(ipId) ?? 0,
      ...overflowOf(allocationId),
    };
  };
}

type WatchedPlan = { readonly before: DuePlan; readonly watched: Watched };

const HELP =
  'Check how receivers respond to it and where its mail comes from. You can write to the customer on the page of the request.';

/** Notifies people of IPs that warm up again, and staff of those that want a look, unless they were notified lately. */
async function notifyAll(act: Act, all: readonly WatchedPlan[], day: Day, policy: Rules): Promise<void> {
  const isDue = ({ before, watched }: WatchedPlan): boolean =>
    watched.change === 'alarm'
      ? before.notifiedOn === null || day - before.notifiedOn >= NOTIFIED_AGAIN_AFTER
      : watched.change !== 'steady';
  const due = all.filter(isDue);
  const ids = due.map(({ before }) => before.id);
  const full = new Map((await listInFull(act.trx, ids)).map((one) => [one.id, one]));
  for (const { before, watched } of due) {
    const after = full.get(before.id);
    if (!after) continue;
    const { why, change } = watched;
    const name = change === 'cool' ? 'recool' : change === 'reopen' ? 'reopen' : 'alarm';
    const { address, stage } = after;
    const facts = name === 'recool' ? { address, idleDays: before.idleDays + 1 } : { address, stage, why };
    const stateNow = { ...stateFacts(after, dayOf(act.actor.at), policy), why };
    const news = { 'warmup-reopened': stateNow, 'warmup-to-look-at': { why, help: HELP } };
    await followUp(act, name, { before: { ...after, ...before }, after }, { facts, notifications: news });
  }
  const alarmed = due.filter(({ watched }) => watched.change === 'alarm');
  await markNotified(
    act.trx,
    alarmed.map(({ before }) => before.id),
    day,
  );
}
