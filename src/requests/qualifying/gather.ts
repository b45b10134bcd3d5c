// What an account could ask for now: gathered for the pages on which somebody decides whether to ask at all.
import type { AccountRole, Person } from '../../accounts/person.ts';
import { type Account, findAccount } from '../../accounts/store.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import type { Measured, Region } from '../../policy/checks/facts.ts';
import type { PolicyVersion } from '../../policy/document/version.ts';
import { type DomainChoice, gatherVolumes } from '../customer/gather.ts';
import { gatherJudged, type Subject } from '../evidence/gather.ts';
import { type Answers, type Kind, reference } from '../request.ts';
import { findOpenOf } from '../store.ts';
import { bestOf, mayAskForPool, type Prospect, prospectOf } from './prospect.ts';

/** What a page knows of an account that may ask. `open`: the references of its open requests. */
export type Asking = {
  readonly account: Account;
  readonly requester: { readonly name: string; readonly role: AccountRole };
  readonly domains: readonly DomainChoice[];
  /** What all its domains send. */
  readonly measured: Measured;
  readonly region: Region | undefined;
  readonly open: Readonly<Record<Kind, string | null>>;
  /** The domain that a page is about. */
  readonly about?: number | undefined;
};

/** What could be asked for: undefined where the account has no domain for it. */
export type Prospects = {
  readonly dedicated: Prospect | undefined;
  /** Of each domain that could ask for the transactional pool, the one that comes furthest first. */
  readonly pool: readonly Prospect[];
};

/** Domains for the pool that are judged, those that send most; an account may have thousands. */
const MOST_DOMAINS = 20;

/** Gathers what is known of the account of somebody who may ask. undefined: they have none. */
export async function gatherAsking(
  db: Db,
  person: Person,
  { document }: PolicyVersion,
  at: number,
): Promise<Asking | undefined> {
  const { accountId, accountRole: role } = person;
  const account = accountId === null ? undefined : await findAccount(db, accountId);
  if (!account || role === null) return undefined;
  const { domains, measured } = await gatherVolumes(db, account.id, at);
  const [allocated] = await listAllocationsOf(db, account.id);
  const openOf = async (kind: Kind): Promise<string | null> => {
    const id = await findOpenOf(db, account.id, kind);
    return id === undefined ? null : reference(id);
  };
  return {
    account,
    requester: { name: person.name, role },
    domains,
    measured,
    region: account.region ?? allocated?.region ?? document.regions.value[0],
    open: { dedicated_ip: await openOf('dedicated_ip'), transactional_pool: await openOf('transactional_pool') },
  };
}

/** Judges what an account could ask for at the instant `at`, on its measured mail: the checks that its request would meet. */
export async function gatherProspects(db: Db, asking: Asking, policy: PolicyVersion, at: number): Promise<Prospects> {
  const ips = dedicatedSubjects(asking, policy, at);
  const pool = poolSubjects(asking, policy);
  const judged = (await gatherJudged(db, [...ips, ...pool], at)).map(prospectOf);
  const ofPool = judged.slice(ips.length);
  const first = bestOf(ofPool);
  return {
    dedicated: bestOf(judged.slice(0, ips.length)),
    pool: first ? [first, ...ofPool.filter((one) => one !== first)] : [],
  };
}

/** For one IP more: by all domains outside the transactional pool, and by those that have no IP yet (C-08). */
function dedicatedSubjects(asking: Asking, policy: PolicyVersion, at: number): Subject[] {
  const { domains, region, open } = asking;
  const able = domains.filter(({ route, stoppedAt }) => route !== 'transactional' && stoppedAt === null);
  const without = able.filter(({ route }) => route === 'default');
  const choices = [able, ...(without.length < able.length ? [without] : [])].filter(({ length }) => length > 0);
  const { optional } = policy.document.warmup;
  return choices.flatMap((chosen) =>
    (optional.value ? [true, false] : [true]).map((automatedWarmup) => ({
      ...of(asking, policy),
      domains: [...chosen],
      openRequest: open.dedicated_ip,
      answers: oneIp(chosen, { region: region ?? 'us', automatedWarmup, startsOn: dayOf(at) }),
    })),
  );
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

const of = ({ account, requester }: Asking, policy: PolicyVersion) => ({
  account,
  requester,
  policy,
});
