// The page of one warm-up, for its customer and for staff.
import type { Request, Response } from 'express';
import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import { INTERNAL_EVENTS } from '../audit/event.ts';
import { type Reader, sentence, who } from '../audit/sentence.ts';
import { type Day, dayLength, dayOf, startOfDay } from '../day.ts';
import type { Deps } from '../deps.ts';
import { reference } from '../requests/request.ts';
import { listSpentHours } from '../routing/store.ts';
import { listIpDayCounts } from '../sending/store.ts';
import { listDayShares } from '../sending/store-shares.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import { type MarkedDay, markDays, type Run, runsOf } from './days.ts';
import { capsAhead, type Outlook, outlookOf } from './outlook.ts';
import { type ProviderRates, providerRates } from './rates.ts';
import { stageOn } from './schedule.ts';
import { findOriginOf, findWarmupFor, listDomainNamesOf, type Warmup } from './store.ts';
import { listAllocationHistory, listDomainIdsOf, listWarmupDays } from './store-days.ts';
import {
  delayWords,
  MARKS,
  overflowWords,
  reasonOf,
  type ScheduleWords,
  scheduleWords,
  type Tone,
  type WarmupState,
  warmupState,
} from './words.ts';

type Happened = {
  readonly who: string;
  readonly what: string;
  readonly at: number;
  readonly body: string | null;
  readonly tone: Tone | null;
};

declare module '../web/page.ts' {
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
      request: { readonly reference: string; readonly href: string };
      /** What goes over the IP today, by hours of UTC, and the hour that runs. */
      hours: readonly number[];
      hour: number;
      sentToday: number;
      /** The IP's share of its domains' mail on the last day that was counted. */
      share: { readonly day: Day; readonly share: number } | null;
      days: readonly MarkedDay[];
      runs: readonly Run[];
      marks: typeof MARKS;
      ahead: readonly { readonly day: Day; readonly cap: number }[];
      outlook: Outlook;
      /** Why the end moved. */
      delay: string;
      providers: readonly ProviderRates[];
      windowDays: number;
      coldAfter: number;
      minimumDays: number;
      /** Why it stands as it does; null: nothing was judged. */
      reason: string | null;
      history: readonly Happened[];
      may: { readonly run: boolean; readonly complete: boolean };
      /** Why the last step was not taken. */
      problem: string | null;
    };
  }
}

const SHARE_DAYS = 7;

/** answers with the page of the warm-up in the address. `problem`: why a step on it was not taken. */
export async function showWarmup(
  deps: Deps,
  req: Request,
  res: Response,
  problem: string | null = null,
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
  const hours = await listSpentHours(db, warmup.ipId, today);
  const counts = await listIpDayCounts(db, [warmup.ipId], today - windowDays, today);
  const countedToday = counts.filter(({ day }) => day === today).reduce((sum, { sent }) => sum + sent, 0);
  const domainIds = await listDomainIdsOf(db, warmup.allocationId);
  const shares = await listDayShares(db, domainIds, warmup.ipId, today - SHARE_DAYS, today);
  const lastShare = shares.findLast(({ all }) => all > 0);
  const days = markDays(await listWarmupDays(db, warmup.id), warmup.plan, minimumDays);
  const { schedule } = warmup.plan;
  const runsIt = can(person, 'run warm-ups');
  const events = await listAllocationHistory(db, warmup.allocationId);
  res.page(
    'warm-ups/show',
    {
      title: `Warm-up of ${warmup.address}`,
      warmup,
      state: warmupState(warmup, minimumDays),
      today,
      domains: await listDomainNamesOf(db, warmup.allocationId),
      schedule: scheduleWords(schedule, document.schedules[schedule]),
      overflow: overflowWords(document.warmup.overflow.value),
      request: {
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
      runs: runsOf(days),
      marks: MARKS,
      ahead: capsAhead(warmup, today, minimumDays),
      outlook: outlookOf(warmup, today, minimumDays),
      delay: delayWords(days, warmup.stage),
      providers: providerRates(
        counts.filter(({ day }) => day < today),
        warmup.slowed,
        document,
      ),
      windowDays,
      coldAfter: document.warmup.coldAfterIdleDays.value,
      minimumDays,
      reason: reasonOf(warmup, events),
      history: historyOf(events, person),
      may: { run: runsIt, complete: runsIt && isThrough(warmup, today) },
      problem,
    },
    problem === null ? 200 : 409,
  );
}

type Told = Awaited<ReturnType<typeof listAllocationHistory>>;

/** What happened to the warm-up, with the reasons that were given, oldest first. */
function historyOf(events: Told, person: Person): Happened[] {
  const isStaff = person.staffRole !== null;
  const reader: Reader = { staff: isStaff, accountId: person.accountId };
  return events
    .filter(({ name }) => isStaff || !INTERNAL_EVENTS.includes(name))
    .map((event) => ({
      who: who(event, reader),
      what: sentence(event, reader, reference),
      at: event.at,
      body: event.body,
      tone: toneOf(event.name),
    }))
    .reverse();
}

/** What an event of a warm-up means for it, by its name. */
const toneOf = (name: string): Tone | null => {
  if (/paused/i.test(name)) return 'bad';
  if (/held|back|cold|slowed/i.test(name)) return 'look';
  return /resumed|completed/i.test(name) ? 'good' : null;
};

const isThrough = ({ plan, status }: Warmup, today: Day): boolean => status !== 'complete' && stageOn(plan, today).done;
