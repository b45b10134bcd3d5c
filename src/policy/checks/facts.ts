import type { AccountRole, AccountStatus } from '../../accounts/person.ts';
import type { Day } from '../../day.ts';

export type Region = 'us' | 'eu';
/** What is sent, or what a domain is used for. */
export type Stream = 'marketing' | 'transactional' | 'both';
/** What a domain's mail goes over, as its Mail Servers page shows it (C-18). */
export type SendingRoute = 'default' | 'transactional' | 'dedicated';

export type DomainFacts = {
  name: string;
  usage: Stream;
  spf: boolean;
  dkim: boolean;
  dmarc: boolean;
  /** Those that are lacking although a record is there, which is not right. */
  wrong?: readonly ('spf' | 'dkim' | 'dmarc')[];
  /** When DNS was last asked; null: never. */
  checkedAt: number | null;
  route: SendingRoute;
  /** The subuser of the account that has it; not given: the account does. */
  subuser?: SubuserFacts;
};

/** A subuser, of whose mail its parent's request is. */
export type SubuserFacts = { readonly name: string; readonly region: Region; readonly status: AccountStatus };

/**
 * What the mail servers counted, summed over all the domains in question (C-08): those asked for, and those that share IPs
 * with them.
 */
export type Measured = {
  /** The last twelve complete weeks, Monday to Sunday UTC, oldest first, silent weeks included. */
  weeks: { from: Day; sent: number }[];
  /** Mean of the last four complete weeks, or of those since the first with mail, rounded; null: none is over yet. */
  weekly: number | null;
  /** The weeks that the mean is of: four, or fewer where mail began later. */
  meanOf: number;
  /** Sums over the last 28 complete days. */
  sent: number;
  bounced: number;
  complained: number;
  asOf: number | null;
};

type Asking = {
  account: {
    name: string;
    plan: string;
    region: Region | null;
    status?: AccountStatus;
    /** Of a subuser, its parent; null: it has none. */
    parentId?: number | null;
  };
  requester: { name: string; role: AccountRole };
  measured: Measured;
  /** Reference of another open request of this kind. */
  openRequest: string | null;
};

/** Domains that are not asked for, on IPs of domains that are. */
export type Sharing = {
  names: readonly string[];
  /** What these domains send in a week; 0 where no week was measured. */
  weekly: number;
  /** What the domains asked for send without them, as `Measured` has it. */
  asked: Pick<Measured, 'weekly' | 'meanOf'>;
};

export type DedicatedFacts = Asking & {
  kind: 'dedicated_ip';
  asked: {
    ipCount: number;
    region: Region;
    weeklyVolume: number;
    peakWeeklyVolume: number;
    stream: Stream;
    startsOn: Day;
    /** S-15: false where the customer warms the IPs up themselves. */
    automatedWarmup: boolean;
  };
  /** IPs that the account has now: what its price counts. */
  allocated: number;
  /** IPs that the domains asked for use already, with those that they share them with: what the gate counts (C-08). */
  joined: number;
  /** Other domains on those IPs; null where there are none. `measured` is of them, too. */
  sharing: Sharing | null;
  /** Of these the ones that are warm, in the region asked for. */
  warmIps: number;
  /** IPs that the account was given since the first of this month. */
  addedThisMonth: number;
  domains: DomainFacts[];
  /** Free IPs in the region asked for. */
  freeIps: number;
};

export type PoolFacts = Asking & {
  kind: 'transactional_pool';
  asked: { weeklyVolume: number };
  domain: DomainFacts;
};

/** All that the checks look at. Gathered in one place, so that the customer and the reviewer see the same. */
export type Facts = DedicatedFacts | PoolFacts;
