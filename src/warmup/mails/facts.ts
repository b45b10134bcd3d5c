// The mails about warm-ups and their facts. Pure. What they say stands in letters.ts beside this one.
import type { WarmupStatus } from '../state.ts';

/** What every mail about one warm-up tells. */
export type WarmupFacts = {
  /** Of the request by which the IP came. */
  reference: string;
  /** The account's name. */
  account: string;
  address: string;
  domains: string[];
  /** The warm-up's page. */
  path: string;
};

/** Where a plan stands: the stage of all, messages a day, the day on which it ends if every day passes (UTC). */
export type Stands = { stage: number; stages: number; cap: number; finishesOn: number };

/** One IP of the weekly mail. */
export type Progress = Stands & {
  address: string;
  path: string;
  status: WarmupStatus;
  /** Messages that went over it in the seven days before, and the stages that passed in them. */
  sent: number;
  passed: number;
  /** Why it does not go on, where it does not. */
  hold: string | null;
};

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'warmup-started': WarmupFacts & Stands;
    /** `why`: the brake's sentence; null where staff paused it. `reason`: what staff wrote. */
    'warmup-paused': WarmupFacts & { stage: number; stages: number; why: string | null; reason: string };
    'warmup-resumed': WarmupFacts & Stands & { reason: string };
    'warmup-set-back': WarmupFacts & Stands & { before: number; paused: boolean; reason: string };
    'warmup-cold': WarmupFacts & Stands & { idleDays: number; paused: boolean };
    'warmup-complete': WarmupFacts & { early: boolean; reason: string };
    /** `why`: the brake's sentence. */
    'warmup-to-resume': WarmupFacts & { stage: number; stages: number; why: string };
    'warmup-early-proposed': WarmupFacts & Stands & { by: string; reason: string };
    /** `week`: the Monday of the seven days that it tells of. */
    'warmup-progress': { account: string; week: number; warmups: Progress[] };
  }
}
