import type { IpDetails } from '../ips/stock-details.ts';
import type { DeskFacts } from './desk.ts';
import type { HostNameFacts } from './host-names.ts';
import type { OwnPoolFacts } from './own-pools.ts';
import type { ReputationFacts } from './reputation.ts';
import type { SubuserFacts } from './subusers.ts';

/** The step of the lifecycle that brought an allocation about. */
export type FulfillingTransition = 'approve' | 'approveAutomatically' | 'confirm' | 'accept' | 'serve';

// What can happen, each with the facts that its record keeps. A new kind of event is a line here.
export type AuditFacts = NamedFacts & {
  'request.submitted': { reference: string };
  'request.asked': Record<string, never>;
  'request.answered': Record<string, never>;
  /** `mentioned`: colleagues whom it names. */
  'request.noted': { mentioned?: string[] };
  /** A customer wrote about an open request without being asked. */
  'request.commented': Record<string, never>;
  /** A mail to a reply address: `from`: who it says that wrote it; `why`: a sentence. */
  'request.mailQuarantined': { from: string; why: string };
  /** Staff were told of mails in quarantine, of which one is about this request; `told`: names of those who were mailed at once. */
  'request.quarantineTold': { told: string[] };
  'request.mailAccepted': { from: string };
  'request.mailDeleted': { from: string; why: string };
  /** Short answers before and after; texts that changed are kept as they were with the record. */
  'request.edited': { changes: { what: string; before: string; after: string }[] };
  /** `from`: the name of the colleague from whom it was taken over. */
  'request.claimed': { from: string | null };
  'request.released': Record<string, never>;
  /** By Warmdesk, as the policy has it. */
  'request.assigned': { to: string };
  /** `mentioned`: colleagues whom its note names. */
  'request.passedOn': { to: string; mentioned?: string[] };
  /** A decision that its reviewer undid before it took effect. */
  'request.undone': { decision: string; afterSeconds: number };
  /** A decision that was not possible any more when it was to take effect; `why`: a sentence each. */
  'request.lapsed': { decision: string; why: string[] };
  /** Staff were told that a decision is due soon, is overdue, or is so for long; `told`: their names. */
  'request.dueSoon': { dueAt: number; told: string[] };
  'request.overdue': { dueAt: number; told: string[] };
  'request.escalated': { dueAt: number; told: string[] };
  'request.proposed': { failedChecks: string[] };
  'request.sentBack': Record<string, never>;
  'request.offered': { asked: number; granted: number };
  'request.waitlisted': {
    step: FulfillingTransition;
    region: string;
    granted: number;
    monthlyCents: number;
    currency: string;
  };
  'request.fulfilled': {
    step: FulfillingTransition;
    addresses: string[];
    monthlyCents: number;
    currency: string;
    domains: string[];
    /** S-15: in use at once. */
    withoutWarmup?: boolean;
  };
  /** What failed when it would have been served from the waitlist, a sentence each. */
  'request.lookedAtAgain': { differences: string[] };
  'request.poolAsked': { domains: string[] };
  'request.poolDecided': { domains: string[]; leaves: boolean };
  'request.appealed': Record<string, never>;
  'request.declined': { codes?: string[]; remedies?: string[] };
  'request.withdrawn': Record<string, never>;
  'request.expired': { waitedForDays: number };
  'allocation.made': { address: string; region: string; reference: string; withoutWarmup?: boolean };
  /** An IP that the account had before Warmdesk came. `perDay`: what it carries now, or is warmed to. */
  'allocation.movedIn': { address: string; region: string; warming: boolean; perDay: number };
  /** `releasedOn`: the UTC day that is charged last; `drainsUntil`: when what is queued for it has to have left. */
  'allocation.releasing': { address: string; releasedOn: number; drainsUntil: number };
  'allocation.released': { address: string };
  /** Names of domains. */
  'allocation.used': {
    address: string;
    added: string[];
    removed: string[];
    /** Which of their mail it carries from then on; not given: as before. */
    stream?: 'marketing' | 'transactional' | 'both';
  };
  'warmup.ended': { address: string; stage: number; why: string };
  'warmup.started': { address: string; schedule: string; days: number; targetPerDay: number };
  'warmup.began': { address: string; stages: number; cap: number };
  /** `why`: the sentence of the brake; null where somebody paused it. */
  'warmup.paused': { address: string; stage: number; why: string | null };
  'warmup.goOnAsked': { address: string; stage: number };
  'warmup.resumed': { address: string; stage: number };
  'warmup.setBack': { address: string; before: number; stage: number };
  'warmup.replanned': { address: string; before: number; target: number; finishesOn: number };
  /** `why`: how the mail comes, and what the plan is for now: cut, raised, or made again for its rhythm. */
  'warmup.followed': { address: string; why: string };
  'warmup.cold': { address: string; idleDays: number };
  'warmup.earlyProposed': { address: string; stage: number };
  'warmup.earlyDropped': { address: string };
  /** `why`: what holds it up, and what would help. */
  'warmup.stood': { address: string; stage: number; why: string };
  'warmup.reopened': { address: string; stage: number; why: string };
  'warmup.alarmed': { address: string; why: string };
  'warmup.completed': { address: string; early?: boolean };
  'warmup.reported': { week: number; ips: number };
  'domain.added': { domain: string };
  'domain.checked': { domain: string; spf: boolean; dkim: boolean; dmarc: boolean };
  /** An account asked for a domain that it has not proven yet, or gave it up again. */
  'domain.wanted': { domain: string };
  'domain.dropped': { domain: string };
  'domain.removed': { domain: string };
  /** What it is used for: marketing, transactional, both. */
  'domain.usageChanged': { domain: string; before: string; after: string };
  /** Empty: those of the provider. */
  'domain.selectors': { domain: string; selectors: string[] };
  'domain.stopped': { domain: string };
  'domain.letIn': { domain: string };
  'domain.leaveAsked': { domain: string };
  'domain.leftPool': { domain: string };
  'domain.kept': { domain: string };
  'domain.moved': { domain: string; before: string; after: string };
  'ip.added': { address: string; region: string } & Partial<IpDetails>;
  'ip.quarantined': IpChange;
  'ip.freed': IpChange;
  'ip.withdrawn': IpChange;
  'ip.putBack': IpChange;
  /** `list`: the blocklist's name. */
  'ip.listed': { address: string; list: string };
  'ip.unlisted': { address: string; list: string };
  /** What changed, by name: the name, the plan, the region. */
  'account.changed': { before: Record<string, string>; after: Record<string, string> };
  'account.suspended': { name: string };
  'account.reopened': { name: string };
  'account.closed': { name: string };
  'allocation.repriced': {
    address: string;
    beforeCents: number;
    afterCents: number;
    currency: string;
    fromDay: number | null;
  };
  /** `month`: as `2026-11`. */
  'charges.closed': { month: string; lines: number };
  'request.requoted': { beforeCents: number; monthlyCents: number; currency: string };
  'request.handedOver': { to: string };
  'person.added': { email: string; role: string };
  /** `until`: UTC milliseconds; the rest says what became of what they had on the desk. */
  'person.wentAway': { until: number; standIn: string | null; handedOver: number; givenBack: number };
  'person.cameBack': Record<string, never>;
  'person.invited': { email: string; role: string };
  'person.joined': { name: string };
  'person.roleChanged': { before: string; after: string };
  'person.disabled': { email: string };
  'person.enabled': { email: string };
  /** At the server's console: somebody is an administrator now, and a link for a password was printed. */
  'person.restored': { email: string };
  /** They signed in over the OpenID provider for the first time. `label`: what it is called on the sign-in page. */
  'person.identityLinked': { label: string };
  'person.identityForgotten': { label: string };
  'person.emailAsked': { after: string };
  /** A mail about it went to an address that is not, or no more, that of the person: R-07 has one mail for an event. */
  'person.emailTold': { to: string };
  'person.emailChanged': { before: string; after: string };
  'person.emailKept': { after: string; why: 'stopped' | 'withdrawn' | 'reset' | 'late' | 'taken' };
  'person.resetRequested': Record<string, never>;
  'person.passwordChanged': Record<string, never>;
  'person.appAdded': Record<string, never>;
  'person.appRemoved': Record<string, never>;
  'person.passkeyAdded': { name: string };
  'person.passkeyRemoved': { name: string };
  'person.codesMade': Record<string, never>;
  /** A recovery code let them in; `left`: how many they still have. */
  'person.codeUsed': { left: number };
  /** Wrong codes were tried with the right password, until no more were taken. */
  'person.codesRefused': Record<string, never>;
  'person.newDevice': { device: string; address: string };
  'person.sessionsEnded': { count: number };
  'person.secondFactorReset': { email: string };
  'person.profileChanged': { before: Record<string, string>; after: Record<string, string> };
  /** Which optional mails they get, by kind. `byLink`: by the link in one of them, so that nobody signed in. */
  'person.mailsChosen': { before: Record<string, string>; after: Record<string, string>; byLink?: true };
  /** All checks of a request that somebody waited to send passed, and they were told so. */
  'account.qualified': { to: string; kind: 'dedicated_ip' | 'transactional_pool' };
  /** Which requests they are assigned, in words. */
  'person.scopeSet': { before: string; after: string };
  /** They were told in the daily summary of what waits on the desk, and of what came since the last one. */
  'person.summarised': { waiting: number; news: number };
  /** S-27: from where somebody may come; empty: from everywhere. `of`: whose list it is. */
  'addresses.changed': { of: string; before: string[]; after: string[] };
  'import.begun': { kind: string; file: string; items: number };
  'import.finished': { kind: string; file: string; items: number };
  'settings.changed': { what: string };
  'settings.tested': { what: string };
  'pool.changed': { pool: string; added: string[]; removed: string[] };
  'policy.adopted': { name: string; number: number };
  'mail.bounced': { to: string; reply: string };
  'mail.sentAgain': { to: string; subject: string };
  'system.added': { name: string };
  'system.revoked': { name: string };
  'counts.uploaded': { file: string; rows: number; new: number; replaced: number };
};
type NamedFacts = DeskFacts & HostNameFacts & OwnPoolFacts & ReputationFacts & SubuserFacts;
export type EventName = keyof AuditFacts;

export type SubjectType =
  | 'request'
  | 'allocation'
  | 'domain'
  | 'ip'
  | 'account'
  | 'person'
  | 'policy'
  | 'mail'
  | 'system'
  | 'upload'
  | 'settings'
  | 'import'
  | 'charges';

/** Its status in the inventory, before and after. */
type IpChange = { address: string; before: string; after: string };

/** Something that happened, ready to be recorded. `accountId`: the customer who may see it; null for the provider's own affairs. */
export type AuditEvent = {
  [Name in EventName]: {
    readonly name: Name;
    readonly subject: { readonly type: SubjectType; readonly id: number };
    readonly accountId: number | null;
    readonly from?: string | null;
    readonly to?: string | null;
    readonly facts: AuditFacts[Name];
  };
}[EventName];

/** A record as it is read back: with who, when and its place among its subject's records. */
export type AuditRecord = AuditEvent & {
  readonly id: number;
  readonly seq: number;
  readonly at: number;
  readonly actor: {
    readonly id: number;
    readonly name: string;
    readonly staff: boolean;
    readonly accountId: number | null;
  } | null;
  /** The name of the person whom it is about, where it is about a person. */
  readonly about: string | null;
  readonly account: string | null;
};
