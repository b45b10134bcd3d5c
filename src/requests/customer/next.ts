// What somebody at a customer's should do next, and what they wait for, most urgent first. Pure.
import type { Account } from '../../accounts/store.ts';
import type { Domain } from '../../domains/domain.ts';
import type { PendingDomain } from '../../domains/pending/pending.ts';
import type { Allocation } from '../../ips/allocation.ts';
import { formatMoney } from '../../money.ts';
import { lackingInWords } from '../../policy/checks/lacking.ts';
import type { Brief } from '../../warmup/pages/wording.ts';
import type { Warmup } from '../../warmup/store.ts';
import type { Draft } from '../drafts/store.ts';
import { type IpRequest, reference, STATUS_WORDS } from '../request.ts';

/** One line: what it is about (a link), and what is said of it, behind a colon or as one sentence. `isMine`: the customer has something to do. */
export type Next = {
  readonly about: string;
  readonly href: string;
  readonly mono?: boolean;
  readonly says: string;
  /** A time by which something has to be done (UTC milliseconds), said behind the sentence. */
  readonly until?: number;
  readonly isMine: boolean;
};

type Situation = {
  readonly account: Pick<Account, 'status'>;
  readonly domains: readonly Domain[];
  readonly pending: readonly PendingDomain[];
  readonly open: readonly IpRequest[];
  readonly drafts: readonly Draft[];
  readonly stopped: readonly Warmup[];
  readonly warmups: readonly Brief[];
  readonly allocations: readonly Allocation[];
  readonly at: number;
};

/** All that there is to do or to know; empty where the customer's mail goes out as it should. */
export const nextOf = (now: Situation): Next[] => [
  ...suspension(now),
  ...now.open.flatMap((request) => ofRequest(request, now.at)),
  ...now.stopped.flatMap(ofPause),
  ...now.drafts.map(ofDraft),
  ...withoutDomain(now),
  ...now.domains.flatMap(ofDomain),
  ...now.pending.map(ofPending),
  ...now.warmups.flatMap(ofHold),
  ...now.allocations.flatMap(ofUnused),
];

const suspension = ({ account }: Situation): Next[] =>
  account.status === 'active'
    ? []
    : [
        {
          about: 'Your account',
          href: '/people',
          says: `is ${account.status}. Its mail is refused and nothing new can be requested until it is reopened; the mail that told you says why.`,
          isMine: true,
        },
      ];

/** An account that has only just been opened: nothing goes out, so nothing goes out as it should. */
const withoutDomain = ({ account, domains, pending }: Situation): Next[] =>
  account.status !== 'active' || domains.length + pending.length > 0
    ? []
    : [
        {
          about: 'Your first sending domain',
          href: '/domains',
          says: 'is still to be added and proven. Nothing is sent for you until then.',
          isMine: true,
        },
      ];

function ofRequest(request: IpRequest, at: number): Next[] {
  const { id, status, expiresAt, dueAt } = request;
  const line = { about: reference(id), href: `/requests/${reference(id)}` };
  switch (status) {
    case 'needs_info':
    case 'offered':
      return [
        {
          ...line,
          says: `: ${STATUS_WORDS[status].customer}`,
          ...(expiresAt === null ? {} : { until: expiresAt }),
          isMine: true,
        },
      ];
    case 'waitlisted':
      return [
        { ...line, says: 'is approved and waits for a free IP. We will write to you when it is yours.', isMine: false },
      ];
    default:
      return dueAt !== null && dueAt < at
        ? [
            {
              ...line,
              says: 'should have been decided by now. It is with our reviewers; there is nothing for you to do.',
              isMine: false,
            },
          ]
        : [];
  }
}

const ofPause = ({ id, address, goOnAskedAt }: Warmup): Next[] => [
  goOnAskedAt === null
    ? {
        about: address,
        href: `/warm-ups/${id}#go-on`,
        mono: true,
        says: 'is paused. Clean the list that goes over it, then ask us to resume its warm-up.',
        isMine: true,
      }
    : {
        about: address,
        href: `/warm-ups/${id}`,
        mono: true,
        says: 'is paused. You asked us to resume its warm-up; our staff will look at it.',
        isMine: false,
      },
];

/** A stage that does not advance, or an IP without mail: nothing is to be set up, but the list wants looking after. */
const ofHold = ({ warmup, state, why }: Brief): Next[] =>
  ['on-hold', 'cut', 'idle', 'cold'].includes(state.name)
    ? [
        {
          about: warmup.address,
          href: `/warm-ups/${warmup.id}`,
          mono: true,
          says: HOLDS[state.name as keyof typeof HOLDS] + (why === null || state.name === 'idle' ? '' : ` ${why}`),
          isMine: state.name !== 'cold',
        },
      ]
    : [];

const HOLDS = {
  'on-hold': 'is on hold: it stays at its stage.',
  cut: 'is on hold at part of its cap.',
  idle: 'gets no mail, so its warm-up does not advance. Send as usual.',
  cold: 'begins again, because no mail went over it for too long.',
} as const;

const ofDraft = ({ id, madeBy }: Draft): Next => ({
  about: `A request that ${madeBy} prepared`,
  href: `/requests/drafts/${id}`,
  says: 'waits for you to send it.',
  isMine: true,
});

function ofDomain(domain: Domain): Next[] {
  const line = { about: domain.name, href: `/domains/${domain.id}`, isMine: true };
  if (domain.stoppedAt !== null) {
    return [{ ...line, says: 'is stopped: its mail is refused. The mail that told you says why, and what to do.' }];
  }
  // What was not looked at yet is not known to be missing.
  const lacks = domain.checkedAt === null ? '' : lackingInWords(domain);
  return lacks === ''
    ? []
    : [{ ...line, says: `has DNS records to put right: ${lacks}. Mail from it is trusted less until then.` }];
}

const ofPending = ({ id, name }: PendingDomain): Next => ({
  about: name,
  href: `/domains/pending/${id}`,
  says: 'is not proven yet: publish its record in DNS. Nothing is sent from it until then.',
  isMine: true,
});

const ofUnused = ({ address, status, unusedSince, monthlyCents, currency }: Allocation): Next[] =>
  status === 'releasing' || unusedSince === null
    ? []
    : [
        {
          about: address,
          href: '/ips',
          mono: true,
          says: `is used by no domain. It carries no mail${monthlyCents > 0 ? ` but still costs ${formatMoney(monthlyCents, currency)} a month` : ''}.`,
          isMine: true,
        },
      ];
