// The mails about requests and their facts. Pure. What they say is in the letter files next to this one.
import type { Writer } from '../../notifications/letter.ts';
import type { MailName } from '../../notifications/mail.ts';
import { decisionLetters } from './decisions.ts';
import { dueLetters } from './due-times.ts';
import type { Files, Price, RequestFacts } from './facts.ts';
import { type MentionedIn, mentionLetters } from './mentions.ts';
import { customerLetters } from './to-customers.ts';
import { staffLetters } from './to-staff.ts';
import { waitlistLetters } from './waitlist.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `automaticAt` here and below (UTC milliseconds): when it is approved automatically if every check still passes. */
    'request-received': RequestFacts &
      Price & { decideBy: number; findings: { title: string; ok: boolean }[]; automaticAt?: number };
    /** `appeal`: why the customer appealed, where it is about an appeal. */
    'request-to-review': RequestFacts & { verdict: string; decideBy: number; appeal?: string };
    /** `until` (UTC milliseconds): when the claim lapses. */
    'request-assigned': RequestFacts & { verdict: string; decideBy: number; until: number };
    'request-question': RequestFacts & Files & { question: string; answerBy: number; asker: string };
    'request-answered': RequestFacts & Files & { answer: string; by: string };
    /** `changes`: a line each. */
    'request-changed': RequestFacts & Price & { by: string; changes: string[]; automaticAt?: number };
    'request-edited': RequestFacts & { by: string; changes: string[]; verdict: string };
    'request-commented': RequestFacts & Files & { by: string; comment: string };
    'request-second-review': RequestFacts;
    'request-to-confirm': RequestFacts & { reason: string; proposer: string; failedChecks: string[] };
    'request-sent-back': RequestFacts & { reason: string; by: string };
    'request-back-in-review': RequestFacts;
    /** `until` (UTC milliseconds): when the claim lapses. */
    'request-passed-on': RequestFacts & { by: string; note: string; until: number };
    /** `where`: of what the text is part; not given: of a note. */
    'request-mentioned': RequestFacts & { by: string; note: string; where?: MentionedIn };
    /** A decision of the reader’s that did not take effect, and why, in sentences. `reason`: what they wrote, if anything. */
    'request-lapsed': RequestFacts & { decision: string; why: string[]; reason: string };
    /** `holder`: the reader, who has it on the desk; null: nobody has. */
    'request-due-soon': RequestFacts & { dueAt: number; holder: string | null };
    'request-overdue': RequestFacts & { dueAt: number; holder: string | null };
    /** `holder`: the reviewer who has it on the desk. */
    'request-escalated': RequestFacts & { dueAt: number; holder: string | null };
    'request-offered': RequestFacts & Price & { asked: number; granted: number; reason: string; acceptBy: number };
    'request-waitlisted': RequestFacts & Price & { region: string; granted: number };
    'request-approved': RequestFacts &
      Price & {
        addresses: string[];
        quoteSentence: string;
        /** Days since 1970-01-01 UTC, as is `finishesOn`; all three are null without automated warm-up (S-15). */
        startsOn: number | null;
        finishesOn: number | null;
        /** Messages of the first day, over each IP. */
        firstCap: number | null;
        domains: string[];
        /** Approved without a person (S-12). */
        automatic?: true;
      };
    'request-approved-pool': RequestFacts & { domain: string };
    'request-declined': RequestFacts & { reason: string; remedies: string[]; codes?: string[] };
    'request-appealed': RequestFacts & { reason: string; decideBy: number };
    'request-withdrawn': RequestFacts & { by: string };
    'request-requoted': RequestFacts & Price & { beforeCents: number; plan: string | null; isBack: boolean };
    'request-looked-at-again': RequestFacts & { differences: string[]; decideBy: number };
    /** `offered`: an offer was accepted, nobody waited. */
    'request-pool-question': RequestFacts & { domains: string[]; answerBy: number; offered?: boolean };
    'request-pool-decided': RequestFacts & {
      domains: string[];
      leaves: boolean;
      by: string;
      decideBy: number;
      /** Whether it has a place on the waitlist. */
      waits?: boolean;
    };
    'request-expired': RequestFacts & { waitedForDays: number };
    'request-decided': RequestFacts & { outcome: string; by: string };
  }
}

export type RequestMailName = Extract<MailName, `request-${string}`>;

type RequestLetters = { readonly [Name in RequestMailName]: Writer<Name> };

const letters: RequestLetters = {
  ...customerLetters,
  ...decisionLetters,
  ...dueLetters,
  ...mentionLetters,
  ...staffLetters,
  ...waitlistLetters,
};

/** A letter to a stand-in says whose it is. */
function orInstead<Name extends RequestMailName>(write: Writer<Name>): Writer<Name> {
  return (facts, desk) => {
    const letter = write(facts, desk);
    const { insteadOf } = facts;
    if (insteadOf === undefined) return letter;
    const text = `${insteadOf} is away, and you are the stand-in: this mail is theirs.`;
    const why = `You get this mail because ${insteadOf} chose you as stand-in.`;
    return { ...letter, why, blocks: [{ kind: 'text', text }, ...letter.blocks] };
  };
}

/** What all mails about requests say. */
export const requestLetters = Object.fromEntries(
  Object.entries(letters).map(([name, write]) => [name, orInstead(write as Writer<RequestMailName>)]),
) as unknown as RequestLetters;
