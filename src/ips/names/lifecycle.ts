// S-19: the lifecycle of a host name that is linked to an IP, as a table: every change of its status is one of these steps.
import type { EventName } from '../../audit/event.ts';
import type { MailName } from '../../notifications/mail.ts';

export const linkStatuses = ['waiting', 'linked', 'broken', 'ended'] as const;
export type LinkStatus = (typeof linkStatuses)[number];

type Line = {
  readonly from: readonly LinkStatus[];
  readonly to: LinkStatus;
  /** `DNS`: what it says brings it about. */
  readonly by: 'holder' | 'DNS';
  readonly event: EventName;
  readonly mail: MailName | null;
};

export const linkTransitions = {
  /** Both records agree: mail servers greet with the name from now on. */
  confirm: { from: ['waiting'], to: 'linked', by: 'DNS', event: 'allocation.nameLinked', mail: 'ip-linked' },
  /** They do not agree any more. The name stays in use, and people are warned. */
  lose: { from: ['linked'], to: 'broken', by: 'DNS', event: 'allocation.nameLost', mail: 'ip-link-broken' },
  mend: { from: ['broken'], to: 'linked', by: 'DNS', event: 'allocation.nameFound', mail: null },
  end: {
    from: ['waiting', 'linked', 'broken'],
    to: 'ended',
    by: 'holder',
    event: 'allocation.nameEnded',
    mail: null,
  },
} satisfies Record<string, Line>;

export type LinkTransitionName = keyof typeof linkTransitions;

/** What a look at DNS brings about; null where nothing changes or nothing is certain. */
export function stepAfter(status: LinkStatus, isSound: boolean | null): Exclude<LinkTransitionName, 'end'> | null {
  if (isSound === null) return null;
  const names = isSound ? (['confirm', 'mend'] as const) : (['lose'] as const);
  return names.find((name) => (linkTransitions[name].from as readonly LinkStatus[]).includes(status)) ?? null;
}
