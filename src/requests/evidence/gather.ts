// Gathers what the checks look at, for one request or for a page of them: the same for the customer and the reviewer.
import type { Db } from '../../database.ts';
import { type Day, dayOf, monthStart, startOfDay } from '../../day.ts';
import type { Domain } from '../../domains/domain.ts';
import { listWarmIps } from '../../ips/assignments/store.ts';
import { type Holding, listHoldings, NO_IPS, type UsingDomain } from '../../ips/store.ts';
import { assess, type Recommendation, recommend } from '../../policy/checks/assess.ts';
import type { Facts, Measured, Region, Sharing } from '../../policy/checks/facts.ts';
import type { Finding } from '../../policy/checks/finding.ts';
import type { PolicyVersion } from '../../policy/document/version.ts';
import { findPolicyVersion } from '../../policy/store.ts';
import { type Quote, quote } from '../../pricing/quote.ts';
import { measure, type WeekCount, type Weeks } from '../../sending/counts.ts';
import {
  atLeast,
  busiestLately,
  learnPattern,
  PATTERN_DAYS,
  type Pattern,
  partOfPattern,
} from '../../sending/pattern.ts';
import { addDays, type Days } from '../../sending/pattern-days.ts';
import { listWeekCounts } from '../../sending/store.ts';
import { listDaysSent } from '../../sending/store-patterns.ts';
import { type PlannedWarmup, planWarmup } from '../../warmup/plan.ts';
import { ipsOf, joinedBy } from '../joining.ts';
import { patternStated } from '../mailing.ts';
import type { IpRequest } from '../request.ts';
import { listDomainsOfRequests } from '../store.ts';
import { countUnpromised } from '../waitlist/gather.ts';
import { holdingFor, isForIps, namesSubusers, type Subject } from './subject.ts';

export type { Subject } from './subject.ts';

/** What the checks say of a request. */
export type Judged = {
  readonly policy: PolicyVersion;
  readonly domains: readonly Domain[];
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  readonly recommendation: Recommendation;
  /** null for the transactional pool, which costs nothing. */
  readonly quote: Quote | null;
  /** IPs among which that mail would be shared out: the new ones, and those that the domains use. */
  readonly parts: number;
};

/** With the weeks of the mail that the checks count. */
type JudgedMail = Judged & { readonly mail: readonly WeekCount[] };

export type Evidence = JudgedMail & {
  /** How the mail of the domains asked for comes; null for the transactional pool. */
  readonly pattern: Pattern | null;
  /** What warm-up of each IP will look like; null for the transactional pool, and without automated warm-up (S-15). */
  readonly forecast: PlannedWarmup | null;
};

/**
 * What the checks say about each subject at the instant `at`. Costs a handful of queries, however many subjects. `known`:
 * what all domains of the subjects' accounts sent, by days and by weeks, where it was read already.
 */
export async function gatherEvidence(
  db: Db,
  subjects: readonly Subject[],
  at: number,
  known: { readonly days?: Days | undefined; readonly weeks?: Weeks } = {},
): Promise<Evidence[]> {
  const judged = await gatherJudged(db, subjects, at, known.weeks);
  const asked = subjects.filter(isForIps).flatMap(({ domains }) => domains.map(({ id }) => id));
  const today = dayOf(at);
  const period = { since: today - PATTERN_DAYS, until: today - 1 };
  const days = known.days ?? (await listDaysSent(db, [...new Set(asked)], period));
  return judged.map(({ subject, ...one }) => planned(one, patternOf(subject, days, today), at));
}

/** The evidence for requests that are sent, each under the policy version under which it was sent. */
export async function gatherEvidenceFor(
  db: Db,
  requests: readonly IpRequest[],
  at: number,
  approvedCount?: number,
): Promise<Evidence[]> {
  return gatherEvidence(db, await subjectsOf(db, requests, approvedCount), at);
}

/** The same without the plans of warm-up, for lists, which show none. */
export async function gatherJudgedFor(db: Db, requests: readonly IpRequest[], at: number): Promise<Judged[]> {
  return gatherJudged(db, await subjectsOf(db, requests), at);
}

/**
 * What the checks say about each subject at the instant `at`, without the plans of warm-up. `weeks`: what all domains of
 * the subjects' accounts sent, where that is known already.
 */
export async function gatherJudged(
  db: Db,
  subjects: readonly Subject[],
  at: number,
  weeks?: Weeks,
): Promise<(JudgedMail & { subject: Subject })[]> {
  if (subjects.length === 0) return [];
  const accountIds = [...new Set(subjects.map((subject) => subject.account.id))];
  const holdings = await listHoldings(db, accountIds, startOfDay(monthStart(dayOf(at))));
  const parents = subjects.filter(namesSubusers).map(({ account }) => account.id);
  const warm = parents.length === 0 ? [] : await listWarmIps(db, parents);
  const holdingOf = (subject: Subject) => holdingFor(subject, holdings.get(subject.account.id) ?? NO_IPS, warm);
  const free = subjects.some(isForIps) ? await countUnpromised(db, at) : NOTHING_FREE;
  const domainIds = subjects.flatMap((subject) => domainsInQuestion(subject, holdingOf(subject)));
  const counts = weeks ?? (await listWeekCounts(db, [...new Set(domainIds)], at));
  return subjects.map((subject) => {
    const holding = holdingOf(subject);
    const mail = (ids: readonly number[]) => measure(countsOf(ids, counts), at);
    const parts = ipsOf(idsOf(subject.domains), holding);
    const inQuestion = countsOf(domainsInQuestion(subject, holding), counts);
    return { subject, mail: inQuestion, ...judge(subject, factsOf(subject, mail, holding, free), parts, at) };
  });
}

async function subjectsOf(db: Db, requests: readonly IpRequest[], approvedCount?: number): Promise<Subject[]> {
  const domains = await listDomainsOfRequests(
    db,
    requests.map((request) => request.id),
  );
  const subjects: Subject[] = [];
  for (const request of requests) {
    const { answers } = request;
    const approved = approvedCount ?? request.approvedCount;
    subjects.push({
      answers: answers.kind === 'dedicated_ip' && approved !== null ? { ...answers, ipCount: approved } : answers,
      account: request.account,
      requester: { name: request.requester.name, role: request.requester.role ?? 'member' },
      domains: domains.get(request.id) ?? [],
      openRequest: null,
      policy: await findPolicyVersion(db, request.policyVersionId),
    });
  }
  return subjects;
}

const NOTHING_FREE: ReadonlyMap<Region, number> = new Map();

/** How the mail of the domains asked for comes: measured if it can be, stated where not. null for the pool. */
function patternOf({ answers, domains }: Subject, days: Days, today: Day): Pattern | null {
  if (answers.kind !== 'dedicated_ip') return null;
  const sent = addDays(idsOf(domains).map((id) => days.get(id) ?? []));
  const stated = patternStated(answers.mailing, answers.weeklyVolume);
  return learnPattern(sent, today) ?? atLeast(stated, busiestLately(sent, today));
}

const idsOf = (domains: readonly { readonly id: number }[]): number[] => domains.map(({ id }) => id);

/** For IPs the domains asked for and those on IPs that they join (C-08); for the pool the one domain. */
function domainsInQuestion(subject: Subject, holding: Holding): number[] {
  const asked = idsOf(subject.domains);
  return isForIps(subject) ? [...asked, ...idsOf(joinedBy(asked, holding).others)] : asked;
}

const countsOf = (domainIds: readonly number[], counts: Weeks): WeekCount[] =>
  domainIds.flatMap((id) => counts.get(id) ?? []);

type Mail = (domainIds: readonly number[]) => Measured;

function factsOf(subject: Subject, mail: Mail, holding: Holding, free: ReadonlyMap<Region, number>): Facts {
  const { answers, account, requester, openRequest } = subject;
  const measured = mail(domainsInQuestion(subject, holding));
  const asking = { account, requester: { ...requester }, measured, openRequest };
  if (answers.kind === 'transactional_pool') {
    const [domain] = subject.domains;
    if (!domain) throw new Error('a request for the transactional pool has one domain');
    return { ...asking, kind: answers.kind, asked: { weeklyVolume: answers.weeklyVolume }, domain };
  }
  const ids = idsOf(subject.domains);
  const { ips: joined, others } = joinedBy(ids, holding);
  return {
    ...asking,
    kind: answers.kind,
    asked: answers,
    allocated: holding.allocated,
    joined,
    sharing: sharingOf(others, ids, mail),
    warmIps: holding.warm[answers.region],
    addedThisMonth: holding.addedSince,
    domains: [...subject.domains],
    freeIps: free.get(answers.region) ?? 0,
  };
}

const sharingOf = (others: readonly UsingDomain[], asked: readonly number[], mail: Mail): Sharing | null =>
  others.length === 0
    ? null
    : { names: others.map(({ name }) => name), weekly: mail(idsOf(others)).weekly ?? 0, asked: mail(asked) };

/** `joined`: IPs that the domains asked for use already, which carry their parts of the mail. */
function judge({ policy, domains }: Subject, facts: Facts, joined: number, at: number): Judged {
  const findings = assess(policy.document, facts, at);
  const isDedicated = facts.kind === 'dedicated_ip';
  return {
    policy,
    domains,
    facts,
    findings,
    recommendation: recommend(findings, facts),
    quote: isDedicated
      ? quote(
          policy.document,
          { planKey: facts.account.plan, allocatedCount: facts.allocated, ipCount: facts.asked.ipCount },
          at,
        )
      : null,
    parts: isDedicated ? facts.asked.ipCount + joined : joined,
  };
}

/** With the plan of warm-up, which is made when somebody reads it: it takes longer than all checks. */
function planned(judged: JudgedMail, pattern: Pattern | null, at: number): Evidence {
  const { policy, facts, parts } = judged;
  const plan = () =>
    facts.kind === 'dedicated_ip' && pattern && facts.asked.automatedWarmup
      ? planWarmup(policy.document, partOfPattern(pattern, parts), startDay(facts.asked.startsOn, at))
      : null;
  let forecast: PlannedWarmup | null | undefined;
  return {
    ...judged,
    pattern,
    get forecast() {
      forecast ??= plan();
      return forecast;
    },
  };
}

/** Warm-up starts on the day asked for, or today where that day is over. */
const startDay = (asked: Day, at: number): Day => Math.max(asked, dayOf(at));
