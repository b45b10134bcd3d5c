// What may be decided about a domain's place in its pool, as a table: C-02 (stopped, let in again) and leaving the
// transactional pool. Pages draw their forms from it, acts enforce it, a test walks every cell.
import { can, type Permission } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import type { EventName } from '../../audit/event.ts';
import type { MailName } from '../../notifications/mail.ts';
import type { Domain } from '../domain.ts';

export type Standing = Pick<Domain, 'accountId' | 'route' | 'stoppedAt' | 'leaveAskedAt'>;

type Line = {
  readonly by: 'staff' | 'customer';
  /** Who of them may take it. Leaving the transactional pool is decided by those who decide who gets into it. */
  readonly may: Permission;
  /** Whether it is possible for a domain as it is now. */
  readonly isOpen: (domain: Standing) => boolean;
  readonly event: EventName;
  /** The mail to the domain's people; of a customer's step, to the staff who decide. */
  readonly mail: MailName;
};

const isInPool = ({ route }: Standing): boolean => route === 'transactional';

export const standingTransitions = {
  stop: {
    by: 'staff',
    may: 'manage domains',
    isOpen: ({ stoppedAt }) => stoppedAt === null,
    event: 'domain.stopped',
    mail: 'domain-stopped',
  },
  letIn: {
    by: 'staff',
    may: 'manage domains',
    isOpen: ({ stoppedAt }) => stoppedAt !== null,
    event: 'domain.letIn',
    mail: 'domain-let-in',
  },
  askToLeave: {
    by: 'customer',
    may: 'make requests',
    isOpen: (domain) => isInPool(domain) && domain.leaveAskedAt === null,
    event: 'domain.leaveAsked',
    mail: 'domain-leave-asked',
  },
  /** Asked for or not. */
  leave: {
    by: 'staff',
    may: 'review requests',
    isOpen: isInPool,
    event: 'domain.leftPool',
    mail: 'domain-left-pool',
  },
  keep: {
    by: 'staff',
    may: 'review requests',
    isOpen: (domain) => isInPool(domain) && domain.leaveAskedAt !== null,
    event: 'domain.kept',
    mail: 'domain-kept',
  },
} satisfies Record<string, Line>;

export type StandingStep = keyof typeof standingTransitions;
export const standingSteps = Object.keys(standingTransitions) as StandingStep[];
export type StandingBar = 'not-open' | 'not-yours' | 'own-account';

/** What keeps `person` from taking a step about a domain now; null where nothing does. R-05: staff decide about no domain of their own. */
export function barToStanding(name: StandingStep, domain: Standing, person: Person): StandingBar | null {
  const { by, may, isOpen }: Line = standingTransitions[name];
  const isOwn = person.accountId === domain.accountId;
  if (by === 'customer') {
    if (!isOwn || !can({ ...person, staffRole: null }, may)) return 'not-yours';
  } else if (!can(person, may)) return 'not-yours';
  else if (isOwn) return 'own-account';
  return isOpen(domain) ? null : 'not-open';
}
