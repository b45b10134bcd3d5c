// Words that records of a kind share. Pure.
import type { AuditFacts, FulfillingTransition } from './event.ts';

export const APPROVED: Readonly<Record<FulfillingTransition, string>> = {
  approve: 'approved',
  approveAutomatically: 'automatically approved',
  confirm: 'agreed as second reviewer to',
  accept: 'accepted the offer of',
  serve: 'served from the waitlist',
};

export const KEPT: Readonly<Record<AuditFacts['person.emailKept']['why'], string>> = {
  stopped: 'it was stopped from the old mailbox',
  withdrawn: 'it was taken back',
  reset: 'their password or second step was reset',
  late: 'the new one was not confirmed in time',
  taken: 'somebody else has it by now',
};

export const DECIDED: Readonly<Record<string, string>> = {
  approve: 'approved',
  confirm: 'agreed to',
  decline: 'declined',
  offer: 'offered fewer IPs than asked for in',
  ask: 'asked a question about',
  'send-back': 'sent back',
};
