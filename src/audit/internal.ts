// Which records are for staff alone.
import type { EventName } from './event.ts';

/**
 * What customers do not read in the history of their account: the staff's notes, who of them has what on the desk, and
 * what concerns the provider alone.
 * That an approval was proposed or sent back they may read, as they are mailed it; why, they may not.
 */
export const INTERNAL_EVENTS: readonly EventName[] = [
  'request.noted',
  'request.claimed',
  'request.released',
  'request.passedOn',
  'request.assigned',
  'request.leftToReviewers',
  'request.checked',
  'request.undone',
  'request.lapsed',
  'request.dueSoon',
  'request.overdue',
  'request.escalated',
  'request.mailQuarantined',
  'request.mailDeleted',
  'request.quarantineTold',
  'queue.exported',
  'view.shared',
  'view.unshared',
  'canned.added',
  'canned.changed',
  'canned.removed',
  'mail.bounced',
  'mail.sentAgain',
  'person.summarised',
  'person.scopeSet',
  'ip.added',
  'ip.quarantined',
  'ip.freed',
  'ip.withdrawn',
  'ip.putBack',
  'ip.listed',
  'ip.unlisted',
  'policy.adopted',
  'import.begun',
  'import.finished',
  'settings.changed',
  'settings.tested',
  'pool.changed',
  'system.added',
  'system.revoked',
  'counts.uploaded',
  'warmup.reported',
];
