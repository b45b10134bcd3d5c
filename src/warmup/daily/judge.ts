// The day's step: what a plan makes of what was counted on a day. Pure: the same day gives the same step, whoever asks.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type Counts, sumOf } from '../../sending/counts.ts';
import { counted, grouped, listed, percent } from '../../wording.ts';
import { capNow, type PlanState } from '../state.ts';
import type { DayFacts } from './day-facts.ts';
import { slow } from './throttled-providers.ts';

export type Verdict = 'advance' | 'hold' | 'step-back' | 'pause' | 'complete';

type Next = Pick<PlanState, 'stage' | 'capPercent' | 'slowed' | 'idleDays' | 'judgedFrom'>;
export type Evaluation = Next & {
  readonly verdict: Verdict;
  /** Why, in sentences for the customer and the staff. */
  readonly why: string;
  /** True where the IP became cold: the plan begins again. */
  readonly cold: boolean;
};

type Rules = Pick<Policy, 'warmup' | 'providers'>;

const NOT_JUDGED = 'Staff resumed the warm-up or set it back after this day began, so the day is not judged.';

/**
 * Judges one day of a plan that runs or is paused: at most one stage on; held, cut, stepped back or paused by what went
 * wrong (S-26); complete at the target volume and not before the policy's least days (C-14). Providers that put mail
 * off are slowed by themselves, without holding the plan. A day before `judgedFrom` moves nothing.
 */
export function evaluateDay(standing: PlanState, facts: DayFacts, { warmup, providers }: Rules): Evaluation {
  const today = sumOf(Object.values(facts.counts));
  const idleDays = today.sent === 0 ? standing.idleDays + 1 : 0;
  const { slowed, sentence: slowing } = slow(standing, facts, { warmup, providers });
  const next: Next = { ...nextOf(standing), idleDays, slowed };
  const say = (verdict: Verdict, why: string, change: Partial<Next> = {}): Evaluation => ({
    ...next,
    ...change,
    verdict,
    why: [why, slowing].filter(Boolean).join(' '),
    cold: false,
  });

  if (standing.status === 'running' && facts.day < standing.judgedFrom)
    return { ...nextOf(standing), idleDays, verdict: 'hold', why: NOT_JUDGED, cold: false };
  if (idleDays >= warmup.coldAfterIdleDays.value && standing.stage > 1) return coldAgain(next, facts.day);
  if (standing.status === 'paused')
    return say(
      'hold',
      today.sent === 0
        ? 'Paused: nothing goes over the IP.'
        : 'Paused before the day’s mail was judged, so the stage is held.',
    );
  if (today.sent === 0 && standing.clock === 'progress')
    return say('hold', 'No mail went over the IP, so the day does not count.');

  const rates = judge(sumOf(Object.values(facts.window)), warmup, facts.day - standing.judgedFrom + 1);
  if (rates.pause !== null) {
    const stage = Math.max(1, standing.stage - 1);
    const back = stage < standing.stage ? 'The plan goes one stage back and is paused' : 'The plan is paused';
    const why = `${rates.pause} ${back} until somebody has looked at it.`;
    // Nothing goes to any provider now, so none is slowed by itself.
    return {
      ...nextOf(standing),
      stage,
      capPercent: 100,
      judgedFrom: facts.day + 1,
      verdict: 'pause',
      why,
      cold: false,
    };
  }
  if (rates.hold !== null) {
    const capPercent = Math.round(warmup.brakes.heldCap.value * 100);
    return say('hold', `${rates.hold} The stage is held, with ${capPercent} % of its cap.`, { capPercent });
  }
  if (rates.weak !== null) {
    const capPercent = Math.round(warmup.brakes.weakCap.value * 100);
    return say('hold', `${rates.weak} The stage is held, with ${capPercent} % of its cap, before it gets worse.`, {
      capPercent,
    });
  }
  const mail = judgedMail(today, facts.counts, slowed);
  const undelivered = deliveryFault(mail, warmup);
  if (undelivered !== null) return say('hold', undelivered);
  if (standing.capPercent < 100)
    return say('hold', 'Bounces and complaints are well within the limits again: the stage has its whole cap back.', {
      capPercent: 100,
    });
  return progress(standing, { day: facts.day, offered: today.sent, mail }, warmup, say);
}

const nextOf = ({ stage, capPercent, slowed, idleDays, judgedFrom }: PlanState): Next => ({
  stage,
  capPercent,
  slowed,
  idleDays,
  judgedFrom,
});

function coldAgain(next: Next, day: Day): Evaluation {
  const why = `No mail went over the IP for ${counted(next.idleDays, 'day')}, so receivers have forgotten it: warm-up begins again at its first stage.`;
  return {
    stage: 1,
    capPercent: 100,
    slowed: {},
    idleDays: 0,
    judgedFrom: day + 1,
    verdict: 'step-back',
    why,
    cold: true,
  };
}

type Brakes = Policy['warmup']['brakes'];
type Judged = { pause: string | null; hold: string | null; weak: string | null };

/**
 * Bounces and complaints against the policy's limits: the worst sentence of each kind, null where none applies.
 * `judgedDays`: how many there are since the plan began or began anew.
 */
function judge(window: Counts, { brakes }: { readonly brakes: Brakes }, judgedDays: number): Judged {
  const days = Math.min(brakes.windowDays.value, judgedDays);
  const kinds = [
    {
      rate: window.sent < brakes.minimumSample.value ? 0 : window.bounced / window.sent,
      limits: brakes.bounce,
      what: 'of the mail bounced',
    },
    {
      rate: window.delivered < brakes.minimumComplaintSample.value ? 0 : window.complained / window.delivered,
      limits: brakes.complaint,
      what: 'of the delivered mail was reported as spam',
    },
  ];
  const over = (limitOf: (limits: Brakes['bounce']) => number): string | null => {
    const found = kinds.filter(({ rate, limits }) => rate > limitOf(limits));
    if (found.length === 0) return null;
    const said = found.map(
      ({ rate, limits, what }) => `${percent(rate, 2)} ${what} (limit ${percent(limitOf(limits), 2)})`,
    );
    return `Over the last ${days === 1 ? 'day' : counted(days, 'day')}, ${listed(said)}.`;
  };
  return {
    pause: over((limits) => limits.pause.value),
    hold: over((limits) => limits.hold.value),
    weak: over((limits) => limits.hold.value * brakes.weakFrom.value),
  };
}

/**
 * The day's mail by which delivery is judged: without the providers that are slowed by themselves, as long as the
 * others got at least half of it. What most of the mail meets concerns the whole plan.
 */
function judgedMail(all: Counts, counts: DayFacts['counts'], slowed: PlanState['slowed']): Counts {
  if (Object.keys(slowed).length === 0) return all;
  const others = sumOf(Object.entries(counts).flatMap(([key, one]) => (key in slowed ? [] : [one])));
  return others.sent * 2 >= all.sent ? others : all;
}

/** The sentence where too little of the day's mail was delivered. */
function deliveryFault({ sent, delivered }: Counts, { brakes }: Policy['warmup']): string | null {
  if (sent < brakes.minimumSample.value || delivered / sent > brakes.deliveryHold.value) return null;
  return `Only ${percent(delivered / sent, 2)} of the day’s mail was delivered; it takes more than ${percent(brakes.deliveryHold.value)}. The stage is held.`;
}

function progress(
  standing: PlanState,
  { day, offered, mail }: { readonly day: Day; readonly offered: number; readonly mail: Counts },
  warmup: Policy['warmup'],
  say: (verdict: Verdict, why: string, change?: Partial<Next>) => Evaluation,
): Evaluation {
  const { stage, plan } = standing;
  const cap = capNow({ ...standing, status: 'running' }) ?? plan.targetPerDay;
  if (standing.clock === 'progress') {
    const least = Math.ceil(cap * warmup.countsFrom.value);
    if (offered < least)
      return say('hold', `${counted(offered, 'message')} went over the IP; the day counts from ${grouped(least)} on.`);
    // What went over the IP above its cap was not asked of it. Where a standstill left a smaller cap in force, the mail
    // itself has to show that the IP carries this stage: otherwise days that are caught up would pass several at once.
    const asked = day < (standing.capSince ?? day) ? cap : Math.min(mail.sent, cap);
    if (asked > 0 && mail.delivered / asked < warmup.passedShare.value)
      return say(
        'hold',
        `${grouped(mail.delivered)} of ${counted(asked, 'message')} were delivered; the stage passes at ${percent(warmup.passedShare.value)}.`,
      );
  }
  if (stage < plan.caps.length) {
    const why =
      standing.clock === 'calendar'
        ? `Day ${stage} is over: on to stage ${stage + 1}.`
        : `${grouped(mail.delivered)} of ${counted(mail.sent, 'message')} were delivered: on to stage ${stage + 1}.`;
    return say('advance', why, { stage: stage + 1 });
  }
  const nth = day - plan.startsOn + 1;
  if (nth < warmup.minimumDays.value)
    return say(
      'hold',
      `The last stage is passed on day ${nth}; warm-up takes at least ${counted(warmup.minimumDays.value, 'day')}.`,
    );
  const why = `The last stage, ${counted(plan.targetPerDay, 'message')} a day, is passed: warm-up is complete.`;
  // Nothing limits the IP from here on, so what the day said of single providers is not said.
  return { ...say('complete', why, { slowed: {} }), why };
}
