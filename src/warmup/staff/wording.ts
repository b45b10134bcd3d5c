// What people read about the steps of a warm-up: what each would do, why one was not taken, what happened. Pure.
import type { Person } from '../../accounts/person.ts';
import type { AuditRecord } from '../../audit/event.ts';
import { sentence, who } from '../../audit/sentence.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { counted, grouped } from '../../wording.ts';
import { barToTransition, openWarmupTransitions, type WarmupTransitionName, warmupTransitions } from '../lifecycle.ts';
import { capOfStage } from '../state.ts';
import type { Warmup } from '../store.ts';
import type { StaffProblem, StaffStep } from './actions.ts';
import type { WarmupBasis } from './basis.ts';

/** What one wanted to do and how it went, to be shown again. */
export type Shown = {
  readonly open: StaffStep | null;
  readonly typed: Typed;
  readonly errors: FieldErrors;
  readonly problem: { readonly sentence: string; readonly differences: readonly string[] } | null;
};

export const staffSteps = [
  'pause',
  'resume',
  'setBack',
  'replan',
  'propose',
  'agree',
  'drop',
] as const satisfies readonly StaffStep[];

/** Where each step is posted to, below `/warm-ups/…/`, and how the page names it in its own address. */
export const STEP_PATHS: Readonly<Record<StaffStep, string>> = {
  pause: 'pause',
  resume: 'resumption',
  setBack: 'setback',
  replan: 'plan',
  propose: 'proposal',
  agree: 'completion',
  drop: 'refusal',
};

/** All that the part `warm-ups/steps` shows. */
export type StepsView = Shown & {
  readonly seen: WarmupBasis;
  readonly steps: readonly {
    readonly name: StaffStep;
    readonly path: string;
    readonly label: string;
    readonly reason: 'optional' | 'required';
    readonly effects: readonly string[];
    readonly isSafe: boolean;
  }[];
  /** Why this person may take none, or not all; null where nothing bars them. */
  readonly bar: string | null;
  readonly proposal: { readonly by: string; readonly at: number; readonly reason: string } | null;
};

/** What `person` may do with a warm-up now. Customers may do nothing, and see no form. */
export function stepsView(person: Person, warmup: Warmup, proposal: StepsView['proposal'], shown: Shown): StepsView {
  const open = openWarmupTransitions(warmup, person).filter(isStaffStep);
  const { status, stage, nextDay } = warmup;
  return {
    ...shown,
    open: shown.open !== null && open.includes(shown.open) ? shown.open : null,
    seen: { status, stage, nextDay },
    steps: open.map((name) => ({
      name,
      path: STEP_PATHS[name],
      label: warmupTransitions[name].label,
      reason: warmupTransitions[name].reason,
      effects: effectsOf(name, warmup),
      isSafe: name === 'resume' || name === 'agree',
    })),
    bar: barSentence(person, warmup),
    proposal,
  };
}

const isStaffStep = (name: WarmupTransitionName): name is StaffStep => (staffSteps as readonly string[]).includes(name);

const isUnderWay = ({ status }: Warmup): boolean => status === 'running' || status === 'paused';

function barSentence(person: Person, warmup: Warmup): string | null {
  if (person.staffRole === null || !isUnderWay(warmup)) return null;
  if (barToTransition('agree', warmup, person) === 'own-account')
    return 'This IP belongs to your own account, so another member of staff has to decide about it.';
  return warmup.early !== null && barToTransition('agree', warmup, person) === 'own-proposal'
    ? 'You proposed to complete it early; another member of staff has to agree.'
    : null;
}

const STILL_SLOWED =
  'A mailbox provider that is slowed keeps its limit, where a shared pool can take the rest, until it accepts more';

function effectsOf(name: StaffStep, { address, plan, stage, capPercent, slowed }: Warmup): string[] {
  const cap = `up to ${counted(capOfStage(plan, stage), 'message')} a day`;
  const mailed =
    'The person who asked for the IP, and the account’s admins and billing contacts, get your words by mail';
  switch (name) {
    case 'pause':
      return [
        `Nothing goes over ${address} until it is resumed`,
        'Its mail goes over other warm IPs of the account, if there are any, or the shared pool',
        mailed,
      ];
    case 'resume':
      return [`It continues at stage ${stage}, with ${cap}`, 'Rates count only the days from today on', mailed];
    case 'setBack':
      return [
        `The plan climbs again from the stage that you name${capPercent < 100 ? ', with its whole cap' : ''}`,
        'Rates count only the days from today on',
        mailed,
      ];
    case 'replan':
      return [
        'What the IP has carried stays its level, and the plan goes on from there',
        'It follows the mail that comes, as every plan does',
        mailed,
      ];
    case 'propose':
      return [
        'Nothing changes until another member of staff agrees',
        `Then all mail of its domains goes over ${address}, ${grouped(plan.caps.length - stage)} stages before the plan’s end`,
        'The rest of the staff is mailed your reason; the customer reads it on this page',
      ];
    case 'agree':
      return [
        `All mail of its domains goes over ${address} from now on`,
        ...(Object.keys(slowed).length === 0 ? [] : [STILL_SLOWED]),
        'It cannot be taken back',
        mailed,
      ];
    case 'drop':
      return ['The plan carries on', 'The customer reads your words on this page'];
  }
}

/** Why a step was not taken, and what is so now. */
export function problemWords(problem: Exclude<StaffProblem, { name: 'not-found' }>): Shown['problem'] {
  switch (problem.name) {
    case 'changed':
      return {
        sentence: 'The warm-up has moved on since you opened this page, so nothing was done. Look at it again.',
        differences: problem.differences,
      };
    case 'not-open':
      return { sentence: 'This step is no longer possible, so nothing was done. Look at it again.', differences: [] };
    case 'own-account':
      return { sentence: 'The IP belongs to your own account; somebody else has to decide.', differences: [] };
    case 'own-proposal':
      return { sentence: 'You proposed it; another member of staff has to agree.', differences: [] };
    case 'not-yours':
      return { sentence: 'Only staff can do this. Nothing was changed.', differences: [] };
    case 'reason-missing':
    case 'not-earlier':
      return null;
  }
}

/** One entry of what happened, newest first, as the part `timeline` shows it. */
export type WarmupEntry = {
  readonly who: string | null;
  readonly what: string;
  readonly at: number;
  readonly body?: string;
  readonly tone?: 'good' | 'look' | 'bad' | 'busy';
};

const TONES: Readonly<Record<string, WarmupEntry['tone']>> = {
  'warmup.began': 'busy',
  'warmup.paused': 'bad',
  'warmup.cold': 'look',
  'warmup.setBack': 'look',
  'warmup.replanned': 'busy',
  'warmup.followed': 'busy',
  'warmup.goOnAsked': 'look',
  'warmup.resumed': 'busy',
  'warmup.stood': 'look',
  'warmup.reopened': 'busy',
  'warmup.alarmed': 'look',
  'warmup.completed': 'good',
  'warmup.ended': 'look',
};

/** What happened to a warm-up, with what was written, as this person reads it: customers not by whom of the staff. */
export function warmupStory(
  records: readonly AuditRecord[],
  messages: ReadonlyMap<number, string>,
  person: Person,
): WarmupEntry[] {
  const reader = { staff: person.staffRole !== null, accountId: person.accountId };
  return records
    .filter((one) => one.name.startsWith('warmup.') || one.name === 'allocation.movedIn')
    .map((one) => {
      const body = messages.get(one.id);
      const tone = TONES[one.name];
      return {
        who: who(one, reader),
        what: sentence(one, reader, String),
        at: one.at,
        ...(body === undefined ? {} : { body }),
        ...(tone === undefined ? {} : { tone }),
      };
    });
}
