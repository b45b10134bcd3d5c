// The daily evaluation of all plans: however often and by however many processes it is run, each plan is judged once for each UTC day.
import { type Act, act, actingNow } from '../../act.ts';
import { type Db, isDiskFault } from '../../database.ts';
import { type Day, dayLength, dayOf } from '../../day.ts';
import type { Log } from '../../log.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { sumOf } from '../../sending/counts.ts';
import { countUploadsUnderWay } from '../../sending/upload/store.ts';
import { stateFacts } from '../forecast.ts';
import type { WarmupStatus } from '../state.ts';
import { followUpTogether, type Moved } from '../transition.ts';
import { watchClaimed } from '../warm/background.ts';
import type { DayFacts } from './day-facts.ts';
import { type Evaluation, nextOf } from './evaluation.ts';
import { gatherFacts } from './gather.ts';
import { evaluateDay } from './judge.ts';
import { announceAll, type Change, type Outcome } from './notify.ts';
import { standsStill } from './stands-still.ts';
import { beginWarmups, claimPlans, type DuePlan, type DueRow, duePlan, listInFull, writeJudged } from './store.ts';

/** Plans in one transaction, each with one day: few enough that nobody waits long for it and memory stays flat. */
const BATCH = 1_000;

const HOUR = dayLength / 24;

/** A day is judged once, so not while a file of counts is stored; a file that cannot be stored holds it up no longer than this. */
const LONGEST_UPLOAD = HOUR;

type Rules = Pick<Policy, 'warmup' | 'providers' | 'pools' | 'schedules'>;

/** What is due: plans in a status whose next day is `until` or earlier. `take` moves claimed ones and returns how many. */
type Work = {
  readonly status: WarmupStatus;
  readonly until: Day;
  /** Whether it judges by counts. */
  readonly judges: boolean;
  take(act: Act, claimed: readonly DueRow[]): Promise<number>;
};

/**
 * Begins the plans whose first day has come, and judges every plan that runs or is paused for each day that is over and
 * counted: a day is, the policy's `judgeAfterHours` after its end (UTC). After a standstill it catches up day by day.
 * `policy` is the one in force: its brakes apply to plans that were made under an earlier one, too. A plan that cannot
 * be moved is logged and left as it is until the next run; all others move. Without a log its error is thrown. Returns how
 * many plans it began and how many days it judged; what another process does at the same time is not among them.
 */
export async function evaluateDue(db: Db, policy: Rules, now: number, log?: Pick<Log, 'error'>): Promise<number> {
  const counted = dayOf(now - policy.warmup.judgeAfterHours.value * HOUR) - 1;
  const judged = {
    until: counted,
    judges: true,
    take: (act: Act, claimed: readonly DueRow[]) => judgeClaimed(act, policy, claimed),
  };
  const works: readonly Work[] = [
    {
      status: 'planned',
      until: dayOf(now),
      judges: false,
      take: (act, claimed) => beginClaimed(act, policy, claimed),
    },
    { status: 'running', ...judged },
    { status: 'paused', ...judged },
    {
      status: 'complete',
      until: counted,
      judges: true,
      take: (act, claimed) => watchClaimed(act, policy, claimed),
    },
  ];
  let done = 0;
  for (const work of works) done += await takeAll(db, work, now, log);
  return done;
}

/** Takes all that is due: a batch at a time, and one by one where a batch fails, so that one plan never stops others. */
async function takeAll(db: Db, work: Work, now: number, log: Pick<Log, 'error'> | undefined): Promise<number> {
  const failed: number[] = [];
  const since = performance.now();
  let done = 0;
  for (let oneByOne = 0; ; oneByOne -= 1) {
    let claimed: readonly DueRow[] = [];
    try {
      const taken = await act<number, never>(db, actingNow({ person: null, at: now }, since), async (act) => {
        claimed = [];
        claimed = await claimPlans(act.trx, work, oneByOne > 0 ? 1 : BATCH, failed);
        // Asked only where something is due, which it is once a day.
        const waits = work.judges && claimed.length > 0;
        if (waits && (await countUploadsUnderWay(act.trx, now - LONGEST_UPLOAD)) > 0) claimed = [];
        return claimed.length === 0 ? 0 : work.take(act, claimed);
      });
      if (claimed.length === 0) return done;
      done += taken.ok ? taken.value : 0;
    } catch (error) {
      const [first] = claimed;
      // Without a plan in hand it is the database that fails, and would for all others.
      if (first === undefined || isDiskFault(error)) throw error;
      if (claimed.length > 1) oneByOne = claimed.length + 1;
      else if (log === undefined) throw error;
      else {
        log.error({ err: error, warmup: first.id }, 'could not move a warm-up');
        failed.push(first.id);
      }
    }
  }
}

async function beginClaimed(act: Act, policy: Rules, claimed: readonly DueRow[]): Promise<number> {
  const { trx, actor } = act;
  const today = dayOf(actor.at);
  const ids = claimed.map(({ id }) => id);
  const plans = await listInFull(trx, ids);
  await beginWarmups(trx, ids, actor.at);
  const begun = plans.map((before): Moved => {
    const after = { ...before, status: 'running' as const };
    const stateNow = stateFacts(after, today, policy);
    const facts = { address: after.address, stages: stateNow.stages, cap: stateNow.cap };
    return { before, after, facts, notifications: { 'warmup-started': stateNow } };
  });
  for (const together of Map.groupBy(begun, ({ after }) => after.accountId).values())
    await followUpTogether(act, 'begin', together);
  return plans.length;
}

async function judgeClaimed(act: Act, policy: Rules, claimed: readonly DueRow[]): Promise<number> {
  const { trx, actor } = act;
  const [first] = claimed;
  if (!first) return 0;
  // All of them are judged for the earliest day; those of a later one come in a later batch.
  const day = first.next_day;
  const plans = claimed.filter((row) => row.next_day === day).map(duePlan);
  const facts = await gatherFacts(trx, plans, day, policy);
  const outcomes = plans.map((plan) => judge(plan, facts.get(plan.ipId) ?? nothingOn(day), policy));
  await writeJudged(
    trx,
    outcomes.map(({ judged }) => judged),
    actor.at,
  );
  await announceAll(act, outcomes, policy);
  return plans.length;
}

const nothingOn = (day: Day): DayFacts => ({ day, counts: {}, window: {} });

function judge(before: DuePlan, facts: DayFacts, policy: Rules): Outcome {
  const step = evaluateDay(before, facts, policy);
  const { sent, delivered } = sumOf(Object.values(facts.counts));
  const moved = afterStep(before, step);
  const hasMoved = moved.stageSince !== before.stageSince;
  const still = hasMoved || before.notifiedOn !== null ? null : standsStill(moved, facts.day, step.why);
  const notifiedOn = hasMoved || moved.status === 'complete' ? null : still ? facts.day : before.notifiedOn;
  const change: Change | null = changeOf(step) ?? (still === null ? null : 'stand');
  const follows: readonly Change[] = step.remade === undefined ? [] : ['follow'];
  const changes = change === null ? follows : [...follows, change];
  return { judged: { before, after: { ...moved, notifiedOn }, step, sent, delivered }, changes, still };
}

function afterStep(before: DuePlan, step: Evaluation): DuePlan {
  const { verdict } = step;
  const status = verdict === 'pause' ? 'paused' : verdict === 'complete' ? 'complete' : before.status;
  return { ...before, ...nextOf(step), status, nextDay: before.nextDay + 1 };
}

/** The step of the lifecycle that a verdict is; null for one that moves the plan within its stages. */
function changeOf({ verdict, cold }: Evaluation): 'brake' | 'cool' | 'complete' | null {
  if (cold) return 'cool';
  if (verdict === 'pause') return 'brake';
  return verdict === 'complete' ? 'complete' : null;
}
