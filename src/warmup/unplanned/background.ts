// S-15: brakes watch IPs without automated warm-up, too. They have no plan to hold, so staff are asked to look.
import { listStaff } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { dayLength, dayOf } from '../../day.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { NOTHING } from '../../sending/counts.ts';
import { listIpSums } from '../../sending/store-reports.ts';
import { judgeRates } from '../daily/rates.ts';
import { findOriginOf, listDomainNamesOf } from '../store.ts';
import { listUnplanned, lockAllocations, type Unplanned } from './store.ts';

const HOUR = dayLength / 24;
/** Days after which staff are notified of the same IP again. */
const NOTIFIED_AGAIN_AFTER = 28;

type Alarm = Unplanned & { readonly why: string };

/**
 * Looks at the bounces and complaints of IPs in use without a plan, by the policy's brakes, and asks staff to look where
 * they would hold a plan. The customer chose to warm the IP up, so nothing is held back. Returns of how many IPs staff
 * were notified; any number of processes may run it at once.
 */
export async function watchUnplanned(db: Db, policy: Pick<Policy, 'warmup'>, now: number): Promise<number> {
  const found = await listAlarms(db, policy, now);
  if (found.length === 0) return 0;
  const ids = found.map(({ allocationId }) => allocationId);
  const notified = await act<number, never>(db, { person: null, at: now }, async (act) => {
    await lockAllocations(act.trx, ids);
    const alarms = await listAlarms(act.trx, policy, now, ids);
    for (const alarm of alarms) await notify(act, alarm);
    return alarms.length;
  });
  return notified.ok ? notified.value : 0;
}

async function listAlarms(
  db: Db,
  { warmup }: Pick<Policy, 'warmup'>,
  now: number,
  ids?: readonly number[],
): Promise<Alarm[]> {
  const { brakes, judgeAfterHours } = warmup;
  const until = dayOf(now - judgeAfterHours.value * HOUR) - 1;
  const since = until - brakes.windowDays.value + 1;
  const span = { since, until, quietSince: now - NOTIFIED_AGAIN_AFTER * dayLength };
  const all = await listUnplanned(db, span, ids);
  if (all.length === 0) return [];
  const ips = all.map(({ ipId }) => ipId);
  const sums = await listIpSums(db, ips, since, until);
  return all.flatMap((one) => {
    const window = { ...NOTHING, ...sums.get(one.ipId) };
    const { hold } = judgeRates(window, brakes, until - dayOf(one.allocatedAt) + 1);
    return hold === null ? [] : [{ ...one, why: hold }];
  });
}

const HELP =
  'It has no automated warm-up, so nothing is held back: write to the customer on the page of the request, and look at how receivers respond.';

async function notify(act: Act, alarm: Alarm): Promise<void> {
  const { trx } = act;
  const { allocationId, ipId, address, accountId, account, why } = alarm;
  const { reference } = await findOriginOf(trx, alarm);
  const eventId = await record(act, {
    name: 'warmup.alarmed',
    subject: { type: 'allocation', id: allocationId },
    accountId,
    facts: { address, why },
  });
  const domains = await listDomainNamesOf(trx, allocationId);
  const facts = { reference, account, address, domains, path: `/ips/${ipId}/sending`, why, help: HELP };
  // not those of the staff who belong to the account.
  const staff = (await listStaff(trx)).filter((one) => one.accountId !== accountId);
  await queueMail(
    act,
    staff.map(({ id, email, name, timeZone }) => ({
      eventId,
      to: { id, email, name, timeZone },
      template: 'warmup-to-look-at',
      facts,
      thread: reference,
    })),
  );
}
