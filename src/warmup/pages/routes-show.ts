// The page of one warm-up, for its customer and for staff.
import type { Request, Response } from 'express';
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { type Day, dayLength, dayOf, startOfDay } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { type FieldErrors, type Typed, typedOf } from '../../form.ts';
import { listSubusersWithIps } from '../../ips/assignments/store.ts';
import { alongsideIp, SHARED_POOL } from '../../routing/alongside.ts';
import { findSendersOf } from '../../routing/snapshot.ts';
import { listSpentHours } from '../../routing/store.ts';
import { listIpDayCounts } from '../../sending/store.ts';
import { listDayShares } from '../../sending/store-reports.ts';
import { NotFound } from '../../web/errors.ts';
import { idOf } from '../../web/params.ts';
import { listed } from '../../wording.ts';
import { findMovedIn, type MovedIn } from '../moving-in/store.ts';
import { findPastDays, type PastDays } from '../retention/store.ts';
import { gatherSteps } from '../staff/gather.ts';
import { type ReplanView, replanView } from '../staff/replan.ts';
import { type Shown, type StepsView, staffSteps, type WarmupEntry } from '../staff/wording.ts';
import { findOriginOf, findWarmupFor, type Warmup } from '../store.ts';
import { type MarkedDay, markDays, type Run, runsOf } from './days.ts';
import { capsAhead, type Forecast, forecastOf, plannedCaps, plannedSince } from './forecast.ts';
import { withHolds } from './holds.ts';
import { type ProviderRates, providerRates } from './rates.ts';
import { listDomainsOver, listWarmupDays } from './store-days.ts';
import {
  delayWords,
  MARKS,
  overflowWords,
  pausedAt,
  reasonOf,
  type ScheduleWords,
  scheduleWords,
  type WarmupState,
  warmupState,
} from './wording.ts';

declare module '../../web/page.ts' {
  interface Views {
    'warm-ups/show': {
      title: string;
      warmup: Warmup;
      state: WarmupState;
      today: Day;
      domains: readonly string[];
      schedule: ScheduleWords;
      /** Where mail above the cap goes. */
      overflow: string;
      /** Why nothing is sent for its domains at all; null: something is. */
      refusal: string | null;
      /** What carries the mail that a provider's limit keeps from a complete one. */
      beyondLimit: string;
      /** What carries its domains' mail today alongside the IP: null for nothing; and all that does, the IP first. */
      others: string | null;
      carriers: string;
      /** Whether what the others may not carry waits. */
      othersWait: boolean;
      /** null: the account had the IP before Warmdesk came. */
      request: { readonly reference: string; readonly href: string } | null;
      /** What goes over the IP today, by hours of UTC, and the hour that runs. */
      hours: readonly number[];
      hour: number;
      sentToday: number;
      /** The IP's share of its domains' mail on the last day that was counted. */
      share: { readonly day: Day; readonly share: number } | null;
      days: readonly MarkedDay[];
      /** What days came to that are not kept one by one any more; null: all are. */
      past: PastDays | null;
      runs: readonly Run[];
      marks: typeof MARKS;
      /** When the IP was moved in with its plan; null: the plan is ours from its first day on. */
      movedIn: MovedIn | null;
      /** What each day from the first on was to allow: the plan's, or the one on which it was moved in. */
      planned: readonly number[];
      ahead: readonly { readonly day: Day; readonly cap: number }[];
      forecast: Forecast;
      /** Why the end moved. */
      delay: string;
      providers: readonly ProviderRates[];
      windowDays: number;
      coldAfter: number;
      minimumDays: number;
      /** Why it is in this state; null: nothing was judged. */
      reason: string | null;
      /** When it was paused (UTC milliseconds). */
      pausedAt: number | null;
      /** What a customer typed who asks to let it go on, and what is wrong with it. */
      typed: Typed;
      errors: FieldErrors;
      steps: StepsView;
      /** Both curves of a plan that is made again; null: none is. */
      replan: ReplanView | null;
      /** what happened, newest first, with the reasons that were given. */
      story: readonly WarmupEntry[];
      mayRun: boolean;
    };
  }
}

const SHARE_DAYS = 7;

const isOver = ({ status }: Warmup): boolean => status === 'complete' || status === 'ended';

/** answers with the page of the warm-up in the address, and a step that one wanted to take, and how it went. */
export async function showWarmup(
  deps: Deps,
  req: Request,
  res: Response,
  { status = 200, ...shown }: Partial<Shown> & { readonly status?: number } = {},
): Promise<void> {
  const { db } = deps;
  const at = deps.now();
  const person = req.person as Person;
  const warmup = await findWarmupFor(db, person, idOf(req));
  if (!warmup) throw new NotFound();
  const isOwn = person.accountId === warmup.accountId;
  const { document } = deps.policy;
  const minimumDays = document.warmup.minimumDays.value;
  const windowDays = document.warmup.brakes.windowDays.value;
  const today = dayOf(at);
  const origin = await findOriginOf(db, warmup);
  const movedIn = await findMovedIn(db, warmup);
  // Nobody asks for the hours of one that is over.
  const hours = isOver(warmup) ? [] : await listSpentHours(db, warmup.ipId, today);
  const counts = await listIpDayCounts(db, [warmup.ipId], today - windowDays, today);
  const countedToday = counts.filter(({ day }) => day === today).reduce((sum, { sent }) => sum + sent, 0);
  const domains = await listDomainsOver(db, warmup.allocationId);
  const domainIds = domains.map(({ id }) => id);
  const accountIds = [warmup.accountId, ...(await listSubusersWithIps(db, [warmup.accountId]))];
  const senders = (await findSendersOf(db, ...accountIds)).filter(({ id }) => domainIds.includes(id));
  const beside = alongsideIp(senders, warmup.address, document);
  // Once it is complete a limit holds only where a pool takes the rest, as the router has it.
  const limits = warmup.status !== 'complete' || beside.isWarmLimited ? warmup.slowed : {};
  const shares = await listDayShares(db, domainIds, warmup.ipId, { since: today - SHARE_DAYS, until: today });
  const lastShare = shares.findLast(({ all }) => all > 0);
  const days = markDays(await listWarmupDays(db, warmup.id), warmup.plan, minimumDays);
  const { schedule } = warmup.plan;
  const asked = staffSteps.find((name) => name === req.query.step) ?? null;
  const isAsked = asked === 'replan' && status === 200;
  const { steps, story, records } = await gatherSteps(db, person, warmup, {
    open: asked,
    typed: isAsked ? typedOf(req.query) : {},
    errors: {},
    problem: null,
    ...shown,
  });
  const titleOf = (key: string): string => scheduleWords(key, document.schedules[key]).title;
  const again = steps.open === 'replan' ? replanView(warmup, steps.typed, document, { today, titleOf }) : null;
  res.page(
    'warm-ups/show',
    {
      title: `Warm-up of ${warmup.address}`,
      warmup,
      state: warmupState(warmup, minimumDays),
      today,
      domains: domains.map(({ name }) => name),
      schedule: scheduleWords(schedule, document.schedules[schedule]),
      overflow: overflowWords(beside),
      refusal: beside.refusal,
      beyondLimit: listed([...new Set([...beside.over, SHARED_POOL])]),
      others: beside.over.length > 0 ? listed([...beside.over]) : null,
      carriers: listed([warmup.address, ...beside.over]),
      othersWait: beside.waits,
      request:
        origin.reference === null
          ? null
          : {
              reference: origin.reference,
              href: `/${isOwn ? 'requests' : 'review'}/${origin.reference}`,
            },
      hours,
      hour: Math.floor(((at - startOfDay(today)) / dayLength) * 24),
      sentToday: Math.max(
        countedToday,
        hours.reduce((sum, spent) => sum + spent, 0),
      ),
      share: lastShare ? { day: lastShare.day, share: lastShare.over / lastShare.all } : null,
      days,
      past: isOver(warmup) ? ((await findPastDays(db, warmup.id)) ?? null) : null,
      runs: runsOf(days),
      marks: MARKS,
      movedIn,
      planned: movedIn ? plannedSince(warmup, movedIn, document) : plannedCaps(warmup, document),
      ahead: capsAhead(warmup, today, document),
      forecast: forecastOf(warmup, today, document),
      delay: delayWords(days, warmup.stage),
      providers: providerRates(
        counts.filter(({ day }) => day < today),
        limits,
        document,
      ),
      windowDays,
      coldAfter: document.warmup.coldAfterIdleDays.value,
      minimumDays,
      reason: reasonOf(warmup, records),
      steps: again ? { ...steps, errors: { ...again.errors, ...steps.errors } } : steps,
      replan: again?.view ?? null,
      pausedAt: pausedAt(warmup, records),
      typed: shown.typed ?? {},
      errors: shown.errors ?? {},
      story: withHolds(story, runsOf(days)),
      mayRun: can(person, 'run warm-ups'),
    },
    isAsked && again && Object.keys(again.errors).length > 0 ? 422 : status,
  );
}
