// What an account could ask for now: gathered for the pages on which somebody decides whether to ask at all.
import type { AccountRole, Person } from '../../accounts/person.ts';
import { type Account, findAccount } from '../../accounts/store.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import type { Measured, Region } from '../../policy/checks/facts.ts';
import { maySendFrom } from '../../policy/checks/region.ts';
import type { PolicyVersion } from '../../policy/document/version.ts';
import type { Weeks } from '../../sending/counts.ts';
import { type DomainChoice, gatherVolumes } from '../customer/gather.ts';
import { listPayers } from '../drafts/actions.ts';
import { gatherJudged, type Subject } from '../evidence/gather.ts';
import { type Answers, type Kind, reference, kinds as requestKinds } from '../request.ts';
import { findOpensOf } from '../store.ts';
import { bestOf, mayAskForPool, mayHandOver, type Prospect, prospectOf } from './prospect.ts';
import { type Asks, askOf } from './wording.ts';

/** What a page knows of an account that may ask. `open`: the references of its open requests. */
export type Asking = {
  readonly account: Account;
  readonly requester: { readonly name: string; readonly role: AccountRole };
  readonly domains: readonly DomainChoice[];
  /** Those of its subusers, where they were read. */
  readonly subuserDomains: readonly DomainChoice[];
  /** What all its own domains send. */
  readonly measured: Measured;
  readonly open: Readonly<Record<Kind, string | null>>;
  /** What each domain sent, by weeks. */
  readonly weeks: Weeks;
  /** Where its next IP would be, where that is known already. */
  readonly region?: Region | undefined;
  /** The domain that a page is about. */
  readonly about?: number | undefined;
};

/** What could be asked for: undefined where the account has no domain for it. */
export type Prospects = {
  readonly dedicated: Prospect | undefined;
  /** Of each domain that could ask for the transactional pool: first the one that the page is about, or that comes furthest. */
  readonly pool: readonly Prospect[];
};

/** Domains for the pool that are judged, those that send most; an account may have thousands. */
const MOST_DOMAINS = 20;

/** `account`: where it was read already. `withSubusers`: whether the domains of its subusers are read, too, which may be many. */
type Reading = { readonly account?: Account; readonly withSubusers?: boolean };

/** Gathers what is known of the account of somebody who may ask. undefined: they have none. */
export async function gatherAsking(
  db: Db,
  person: Person,
  at: number,
  { account: known, withSubusers = false }: Reading = {},
): Promise<Asking | undefined> {
  const { accountId, accountRole: role } = person;
  const account = known ?? (accountId === null ? undefined : await findAccount(db, accountId));
  if (!account || role === null) return undefined;
  const volumes = await gatherVolumes(db, { accountId: account.id, withSubusers }, at);
  const opens = await findOpensOf(db, account.id);
  const openOf = (kind: Kind): string | null => (opens[kind] === undefined ? null : reference(opens[kind]));
  return {
    account,
    requester: { name: person.name, role },
    ...volumes,
    open: { dedicated_ip: openOf('dedicated_ip'), transactional_pool: openOf('transactional_pool') },
  };
}

/**
 * Judges what an account could ask for at the instant `at`, on its measured mail: the checks that its request would meet.
 * `kinds`: those that are wanted.
 */
export async function gatherProspects(
  { db, policy }: Pick<Deps, 'db' | 'policy'>,
  asking: Asking,
  at: number,
  kinds: readonly Kind[] = requestKinds,
): Promise<Prospects> {
  const ips = kinds.includes('dedicated_ip') ? await dedicatedSubjects(db, asking, policy, at) : [];
  const pool = kinds.includes('transactional_pool') ? poolSubjects(asking, policy) : [];
  const judged = (await gatherJudged(db, [...ips, ...pool], at, asking.weeks)).map(prospectOf);
  const ofPool = judged.slice(ips.length);
  const first = ofPool.find(({ evidence }) => evidence.domains.some(({ id }) => id === asking.about)) ?? bestOf(ofPool);
  return {
    dedicated: bestOf(judged.slice(0, ips.length)),
    pool: first ? [first, ...ofPool.filter((one) => one !== first)] : [],
  };
}

/** For one IP more: by all domains outside the transactional pool, and by those that have no IP yet (C-08). */
async function dedicatedSubjects(db: Db, asking: Asking, policy: PolicyVersion, at: number): Promise<Subject[]> {
  const { domains, subuserDomains, open } = asking;
  const able = domains.filter(isAble);
  const without = able.filter(({ route }) => route === 'default');
  const region = asking.region ?? (await usualRegion(db, asking.account, policy)) ?? 'us';
  const own = [able, ...(without.length < able.length ? [without] : [])].map((chosen) => ({ chosen, region }));
  // A parent whose subusers alone send asks for these, in their region (S-23).
  const theirs = [...Map.groupBy(subuserDomains.filter(isAble), ({ subuser }) => subuser?.region ?? region)];
  const choices = able.length > 0 ? own : theirs.map(([there, chosen]) => ({ chosen, region: there }));
  const { optional } = policy.document.warmup;
  return choices.flatMap(({ chosen, region: there }) =>
    (optional.value ? [true, false] : [true]).map((automatedWarmup) => ({
      ...of(asking, policy),
      domains: [...chosen],
      openRequest: open.dedicated_ip,
      answers: oneIp(chosen, { region: there, automatedWarmup, startsOn: dayOf(at) }),
    })),
  );
}

const isAble = ({ route, stoppedAt }: DomainChoice): boolean => route !== 'transactional' && stoppedAt === null;

/** The region that an account is pinned to, or that of an IP that may carry its own mail (S-04), or the first that is offered. */
export async function usualRegion(
  db: Db,
  { id, region }: Pick<Account, 'id' | 'region'>,
  { document: { regions, pinnedRegions } }: PolicyVersion,
): Promise<Region | undefined> {
  if (region !== null) return region;
  const allocated = (await listAllocationsOf(db, id)).map((ip) => ip.region);
  const isOpen = (each: Region) => maySendFrom(null, each, pinnedRegions.value);
  return [...allocated, ...regions.value].find(isOpen) ?? regions.value[0];
}

type Usual = { readonly region: Region; readonly automatedWarmup: boolean; readonly startsOn: number };

function oneIp(domains: readonly DomainChoice[], usual: Usual): Answers {
  const weekly = Math.max(
    1,
    domains.reduce((sum, domain) => sum + (domain.weekly ?? 0), 0),
  );
  return {
    ...usual,
    kind: 'dedicated_ip',
    ipCount: 1,
    stream: 'both',
    weeklyVolume: weekly,
    peakWeeklyVolume: weekly,
    sends: '',
    signup: '',
    mailing: null,
    domainIds: domains.map(({ id }) => id),
  };
}

/** C-04, C-05: each separate transactional domain that is not in the pool. */
function poolSubjects(asking: Asking, policy: PolicyVersion): Subject[] {
  const rank = ({ id, weekly }: DomainChoice) => (id === asking.about ? Number.POSITIVE_INFINITY : (weekly ?? -1));
  return asking.domains
    .filter(mayAskForPool)
    .toSorted((one, other) => Math.sign(rank(other) - rank(one)))
    .slice(0, MOST_DOMAINS)
    .map((domain) => ({
      ...of(asking, policy),
      domains: [domain],
      openRequest: asking.open.transactional_pool,
      answers: {
        kind: 'transactional_pool',
        weeklyVolume: Math.max(1, domain.weekly ?? 0),
        sends: '',
        samples: '',
        domainIds: [domain.id],
      },
    }));
}

/** What is said beside the buttons that lead to the forms; colleagues who could send are read only where somebody cannot. */
export async function gatherAsks(
  { db, policy }: Pick<Deps, 'db' | 'policy'>,
  person: Person,
  { dedicated, pool: [pool] }: Prospects,
): Promise<Asks> {
  const mayHand = [dedicated, pool].some((prospect) => prospect && mayHandOver(prospect.findings));
  const payers = mayHand ? (await listPayers(db, person, policy.document)).map(({ name }) => name) : [];
  return {
    dedicated_ip: askOf('dedicated_ip', dedicated, payers),
    transactional_pool: askOf('transactional_pool', pool, payers),
  };
}

const of = ({ account, requester }: Asking, policy: PolicyVersion) => ({
  account,
  requester,
  policy,
});
