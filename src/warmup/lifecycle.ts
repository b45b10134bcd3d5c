// The lifecycle of a warm-up, as a table: every change of its status, and every step back, is one of these steps.
// The pages draw their forms from it, the acts enforce it, a test walks every cell of it.
import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import type { AllocationStatus } from '../ips/allocation.ts';
import type { Taker, Transition } from './lifecycle-line.ts';
import type { WarmupStatus } from './state.ts';

export type { Transition } from './lifecycle-line.ts';

const UNDER_WAY: readonly WarmupStatus[] = ['running', 'paused'];

/** A step that Warmdesk takes by itself. */
const ITSELF = { by: 'Warmdesk', reason: 'none', proposed: null } as const;

export const warmupTransitions = {
  begin: {
    from: ['planned'],
    to: 'running',
    ...ITSELF,
    label: 'Begin',
    event: 'warmup.began',
    mail: 'warmup-started',
    staffMail: null,
  },
  brake: {
    from: ['running'],
    to: 'paused',
    ...ITSELF,
    label: 'Pause after a bad day',
    event: 'warmup.paused',
    mail: 'warmup-paused',
    // Until one of them has looked at it, it stands still.
    staffMail: { template: 'warmup-to-resume', next: 'resume' },
  },
  cool: {
    from: UNDER_WAY,
    to: 'same',
    ...ITSELF,
    label: 'Begin again after idle days',
    event: 'warmup.cold',
    mail: 'warmup-cold',
    staffMail: null,
  },
  follow: {
    from: ['running'],
    to: 'same',
    ...ITSELF,
    label: 'Plan again for the mail that comes',
    event: 'warmup.followed',
    mail: 'warmup-followed',
    staffMail: null,
  },
  stand: {
    from: UNDER_WAY,
    to: 'same',
    ...ITSELF,
    label: 'Tell that it stands still',
    event: 'warmup.stood',
    mail: 'warmup-stands',
    staffMail: { template: 'warmup-to-look-at', next: 'look' },
  },
  reopen: {
    from: ['complete'],
    to: 'running',
    ...ITSELF,
    label: 'Begin again above what it is warmed to',
    event: 'warmup.reopened',
    mail: 'warmup-reopened',
    staffMail: null,
  },
  recool: {
    from: ['complete'],
    to: 'running',
    ...ITSELF,
    label: 'Begin again after idle days',
    event: 'warmup.cold',
    mail: 'warmup-reopened',
    staffMail: null,
  },
  alarm: {
    from: ['complete'],
    to: 'same',
    ...ITSELF,
    label: 'Ask for a look',
    event: 'warmup.alarmed',
    mail: null,
    staffMail: { template: 'warmup-to-look-at', next: 'look' },
  },
  complete: {
    from: ['running'],
    to: 'complete',
    ...ITSELF,
    label: 'Complete',
    event: 'warmup.completed',
    mail: 'warmup-complete',
    staffMail: null,
  },
  /** The IP is given back. Its mail is that of the release, which tells of it. */
  end: {
    ...ITSELF,
    from: ['planned', 'running', 'paused', 'complete'],
    to: 'ended',
    label: 'End with the release of its IP',
    event: 'warmup.ended',
    mail: null,
    staffMail: null,
  },
  pause: {
    from: ['running'],
    to: 'paused',
    by: 'staff',
    reason: 'required',
    proposed: null,
    label: 'Pause',
    event: 'warmup.paused',
    mail: 'warmup-paused',
    staffMail: null,
  },
  /** The list is clean, please resume: nothing moves, but it waits on the staff's board. */
  askToGoOn: {
    from: ['paused'],
    to: 'same',
    by: 'customer',
    reason: 'required',
    proposed: null,
    label: 'Ask to resume',
    event: 'warmup.goOnAsked',
    mail: null,
    staffMail: { template: 'warmup-go-on-asked', next: 'resume' },
  },
  resume: {
    from: ['paused'],
    to: 'running',
    by: 'staff',
    reason: 'optional',
    proposed: null,
    label: 'Resume',
    event: 'warmup.resumed',
    mail: 'warmup-resumed',
    staffMail: null,
  },
  setBack: {
    from: UNDER_WAY,
    to: 'same',
    by: 'staff',
    reason: 'required',
    proposed: null,
    label: 'Set back',
    event: 'warmup.setBack',
    mail: 'warmup-set-back',
    staffMail: null,
  },
  replan: {
    from: UNDER_WAY,
    to: 'same',
    by: 'staff',
    reason: 'required',
    proposed: null,
    label: 'Plan again',
    event: 'warmup.replanned',
    mail: 'warmup-replanned',
    staffMail: null,
  },
  propose: {
    from: UNDER_WAY,
    to: 'same',
    by: 'staff',
    reason: 'required',
    proposed: false,
    label: 'Propose to complete early',
    event: 'warmup.earlyProposed',
    mail: null,
    staffMail: { template: 'warmup-early-proposed', next: 'agree' },
  },
  agree: {
    from: UNDER_WAY,
    to: 'complete',
    by: 'second person',
    reason: 'optional',
    proposed: true,
    label: 'Complete now',
    event: 'warmup.completed',
    mail: 'warmup-complete',
    staffMail: null,
  },
  drop: {
    from: UNDER_WAY,
    to: 'same',
    by: 'staff',
    reason: 'optional',
    proposed: true,
    label: 'Drop the proposal',
    event: 'warmup.earlyDropped',
    mail: null,
    staffMail: null,
  },
} satisfies Record<string, Transition>;

export type WarmupTransitionName = keyof typeof warmupTransitions;
export const warmupTransitionNames = Object.keys(warmupTransitions) as WarmupTransitionName[];

/** The state of the allocation of an IP whose warm-up has a status. */
export const ALLOCATION_OF: Readonly<Record<WarmupStatus, AllocationStatus>> = {
  planned: 'warming',
  running: 'warming',
  paused: 'paused',
  complete: 'active',
  ended: 'releasing',
};

/** Why somebody may not take a step. */
export type WarmupBar = 'not-open' | 'not-yours' | 'own-account' | 'own-proposal';

type Movable = {
  readonly status: WarmupStatus;
  readonly stage: number;
  readonly accountId: number;
  readonly early: { readonly by: number } | null;
};

/** What keeps `person` (null: Warmdesk itself) from taking a step on this warm-up now; null where nothing does. */
export function barToTransition(name: WarmupTransitionName, warmup: Movable, person: Person | null): WarmupBar | null {
  const { from, by, proposed }: Transition = warmupTransitions[name];
  const bar = barOf(by, warmup, person);
  if (bar !== null) return bar;
  const isOpen = from.includes(warmup.status) && (proposed === null || proposed === (warmup.early !== null));
  // From the first stage there is nothing to be set back to.
  return isOpen && (name !== 'setBack' || warmup.stage > 1) ? null : 'not-open';
}

/** The steps that `person` may take now. */
export const openWarmupTransitions = (warmup: Movable, person: Person | null): WarmupTransitionName[] =>
  warmupTransitionNames.filter((name) => barToTransition(name, warmup, person) === null);

function barOf(by: Taker, { accountId, early }: Movable, person: Person | null): WarmupBar | null {
  if (by === 'Warmdesk' || person === null) return by === 'Warmdesk' && person === null ? null : 'not-yours';
  if (by === 'customer') return person.accountId === accountId ? null : 'not-yours';
  if (!can(person, 'run warm-ups')) return 'not-yours';
  // nobody decides about what belongs to their own account.
  if (person.accountId === accountId) return 'own-account';
  return by === 'second person' && person.id === early?.by ? 'own-proposal' : null;
}
