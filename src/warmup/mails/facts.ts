// The mails about warm-ups and their facts. Pure. What they say is in letters.ts next to this one.
import type { StateFacts, WarmupStatus } from '../state.ts';

/** What every mail about one warm-up says. */
export type WarmupFacts = {
  /** Of the request by which the IP came; null: the account had it before Warmdesk came. */
  reference: string | null;
  /** The account's name. */
  account: string;
  address: string;
  domains: string[];
  /** The warm-up's page. */
  path: string;
};

/** One IP of the weekly mail. */
export type Progress = StateFacts & {
  address: string;
  path: string;
  status: WarmupStatus;
  /** Messages that went over it in the seven days before, and the stages that passed in them. */
  sent: number;
  passed: number;
  /** Why it does not go on, where it does not. */
  hold: string | null;
};

/**
 * `reason`: what staff wrote who completed it early, or why its plan was made again in the same night. `limits`: what
 * mailbox providers that deferred mail get for now, as `at most 300 messages a day to Yahoo`; not given or empty: nothing limits them.
 */
type Completed = { early: boolean; reason: string; limits?: string };

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `also`: the account's other IPs of which the same is to be said. */
    'warmup-started': WarmupFacts & StateFacts & { also?: (WarmupFacts & StateFacts)[] };
    /** `why`: the brake's sentence; null where staff paused it. `reason`: what staff wrote. */
    'warmup-paused': WarmupFacts & { stage: number; stages: number; why: string | null; reason: string };
    'warmup-resumed': WarmupFacts & StateFacts & { reason: string };
    'warmup-set-back': WarmupFacts & StateFacts & { before: number; paused: boolean; reason: string };
    /** `before`, `target`: messages on the busiest day, of the old plan and the new one. */
    'warmup-replanned': WarmupFacts & StateFacts & { before: number; target: number; paused: boolean; reason: string };
    /** `why`: the mail for which the plan was cut, raised, or made again. */
    'warmup-followed': WarmupFacts & StateFacts & { why: string; paused: boolean };
    'warmup-cold': WarmupFacts & StateFacts & { idleDays: number; paused: boolean };
    /** `why`: what holds it up; `help`: what would get it going again. */
    'warmup-stands': WarmupFacts & { stage: number; stages: number; why: string; help: string };
    /** A completed IP warms up again. */
    'warmup-reopened': WarmupFacts & StateFacts & { why: string };
    'warmup-to-look-at': WarmupFacts & { why: string; help: string };
    'warmup-complete': WarmupFacts & Completed & { also?: (WarmupFacts & Completed)[] };
    /** `why`: the brake's sentence. */
    'warmup-to-resume': WarmupFacts & { stage: number; stages: number; why: string };
    /** `note`: what the customer did about the pause's cause. */
    'warmup-go-on-asked': WarmupFacts & { by: string; note: string };
    'warmup-early-proposed': WarmupFacts & StateFacts & { by: string; reason: string };
    /** `week`: the Monday of the seven days that it tells of. */
    'warmup-progress': { account: string; week: number; warmups: Progress[] };
  }
}
