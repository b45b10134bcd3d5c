// The lifecycles of an allocation and of the IP behind it, as two tables: every change of their status is one of these
// steps. The pages draw their forms from them, the acts enforce them, a test walks every cell.
import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import type { EventName } from '../audit/event.ts';
import type { MailName } from '../notifications/mail.ts';
import type { AllocationStatus } from './allocation.ts';

export const ipStatuses = ['free', 'allocated', 'quarantined', 'withdrawn'] as const;
export type IpStatus = (typeof ipStatuses)[number];

/**
 * Who takes a step. `warm-up`: it follows a step of the warm-up, which keeps the record. `holder`: the customer whose IP it
 * is, or staff who look after customers’ IPs. `stock`: staff who keep the inventory.
 */
type Taker = 'warm-up' | 'holder' | 'stock' | 'Warmdesk';

type Line<Status> = {
  readonly from: readonly Status[];
  readonly to: Status;
  readonly by: Taker;
  /** What the person who takes it has to say; customers need not say why they give an IP back. */
  readonly reason: 'none' | 'of staff' | 'required';
  /** null: another record tells it. */
  readonly event: EventName | null;
  /** The mail to the person who asked for the IP and the account's admins and billing contacts. */
  readonly mail: MailName | null;
};

const follows = <From extends AllocationStatus, To extends AllocationStatus>(from: readonly From[], to: To) =>
  ({ from, to, by: 'warm-up', reason: 'none', event: null, mail: null }) as const;

export const allocationTransitions = {
  begin: follows(['reserved'], 'warming'),
  pause: follows(['warming'], 'paused'),
  resume: follows(['paused'], 'warming'),
  complete: follows(['warming', 'paused'], 'active'),
  reopen: follows(['active'], 'warming'),
  /** It drains: nothing new goes over it, what is queued for it may leave. */
  release: {
    from: ['reserved', 'warming', 'paused', 'active'],
    to: 'releasing',
    by: 'holder',
    reason: 'of staff',
    event: 'allocation.releasing',
    mail: 'ip-releasing',
  },
  finish: {
    from: ['releasing'],
    to: 'released',
    by: 'Warmdesk',
    reason: 'none',
    event: 'allocation.released',
    mail: 'ip-released',
  },
} satisfies Record<string, Line<AllocationStatus>>;

export const ipTransitions = {
  allocate: { from: ['free'], to: 'allocated', by: 'Warmdesk', reason: 'none', event: null, mail: null },
  /** Once it is drained it rests, so that nobody inherits what receivers remember of it. */
  rest: { from: ['allocated'], to: 'quarantined', by: 'Warmdesk', reason: 'none', event: 'ip.quarantined', mail: null },
  free: { from: ['quarantined'], to: 'free', by: 'Warmdesk', reason: 'none', event: 'ip.freed', mail: null },
  withdraw: {
    from: ['free', 'quarantined'],
    to: 'withdrawn',
    by: 'stock',
    reason: 'required',
    event: 'ip.withdrawn',
    mail: null,
  },
  putBack: { from: ['withdrawn'], to: 'free', by: 'stock', reason: 'required', event: 'ip.putBack', mail: null },
  /** Where it was taken out of a quarantine that is not over. */
  putBackToRest: {
    from: ['withdrawn'],
    to: 'quarantined',
    by: 'stock',
    reason: 'required',
    event: 'ip.putBack',
    mail: null,
  },
} satisfies Record<string, Line<IpStatus>>;

export type AllocationTransitionName = keyof typeof allocationTransitions;
export type IpTransitionName = keyof typeof ipTransitions;

/** Whether a warm-up may take the allocation of its IP from one state to another. */
export const mayFollow = (from: AllocationStatus, to: AllocationStatus): boolean =>
  Object.values<Line<AllocationStatus>>(allocationTransitions).some(
    (line) => line.by === 'warm-up' && line.to === to && line.from.includes(from),
  );

/** Why somebody may not take a step. */
export type IpBar = 'not-open' | 'not-yours' | 'own-account';

/** What keeps `person` (null: Warmdesk) from taking a step on an allocation of `accountId` now; null where nothing does. */
export function barToAllocation(
  name: AllocationTransitionName,
  { status, accountId }: { readonly status: AllocationStatus; readonly accountId: number },
  person: Person | null,
): IpBar | null {
  const { from, by }: Line<AllocationStatus> = allocationTransitions[name];
  const bar = by === 'holder' ? barToHolder(accountId, person) : person === null ? null : 'not-yours';
  return bar ?? (from.includes(status) ? null : 'not-open');
}

/** What keeps `person` from deciding about the IPs of an account; null where nothing does. R-05: as staff not about their own. */
export function barToHolder(accountId: number, person: Person | null): Exclude<IpBar, 'not-open'> | null {
  if (person === null) return 'not-yours';
  if (person.accountId === accountId)
    return can({ ...person, staffRole: null }, 'manage own IPs')
      ? null
      : person.staffRole === null
        ? 'not-yours'
        : 'own-account';
  return can(person, 'manage customers’ IPs') ? null : 'not-yours';
}

/** What keeps `person` (null: Warmdesk) from taking a step on an IP of the inventory now; null where nothing does. */
export function barToIp(name: IpTransitionName, status: IpStatus, person: Person | null): IpBar | null {
  const { from, by }: Line<IpStatus> = ipTransitions[name];
  const isTheirs = by === 'stock' ? can(person, 'manage inventory') : person === null;
  if (!isTheirs) return 'not-yours';
  return from.includes(status) ? null : 'not-open';
}
