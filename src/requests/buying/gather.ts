// Whether an account may add one IP at once: the checks of a request, and what a person should see first (S-10, S-12).
import type { Person } from '../../accounts/person.ts';
import type { Db } from '../../database.ts';
import { dayIn, dayLength } from '../../day.ts';
import type { PolicyVersion } from '../../policy/document/version.ts';
import { counted, listed } from '../../wording.ts';
import { doubts, unclear } from '../automatic/clear.ts';
import { gatherStanding } from '../automatic/gather.ts';
import { type Evidence, gatherEvidence } from '../evidence/gather.ts';
import { type Asking, usualRegion } from '../qualifying/gather.ts';
import { answersOf, type Choice } from './form.ts';

/** DNS is asked every night; an answer that is older says too little of today (milliseconds). Own choice. */
const LOOKED_MS = 2 * dayLength;

/** Why an IP is not added at once. `isMonthly`: the account has had this month's (S-12), whatever else there is. */
export type Bars = { readonly why: readonly string[]; readonly isMonthly: boolean };

/** S-12: whether one IP more is more than an account can add by itself in this calendar month (UTC). */
const isOverMonth = ({ policy, facts }: Evidence): boolean =>
  facts.kind === 'dedicated_ip' &&
  facts.addedThisMonth + facts.asked.ipCount > (policy.document.selfService.value?.ipsPerMonth ?? 0);

/** Why one IP more is not added at once at the instant `at` (UTC milliseconds); no reasons: it is. */
export async function gatherBars(db: Db, accountId: number, evidence: Evidence, at: number): Promise<Bars> {
  const { policy, facts, domains } = evidence;
  const setting = policy.document.selfService.value;
  const { required, dedicated_ip: items } = policy.document.checklist.value;
  // Customers never read that there is a checklist.
  const isForPeople = setting === null || (required === true && items.length > 0);
  if (isForPeople || facts.kind !== 'dedicated_ip') return { why: [NOT_BY_POLICY], isMonthly: false };
  const isMonthly = isOverMonth(evidence);
  const old = domains.filter(({ checkedAt }) => checkedAt !== null && at - checkedAt > LOOKED_MS);
  const why = [
    ...(isMonthly ? [overMonth(facts.addedThisMonth, setting.ipsPerMonth)] : []),
    ...unclear(evidence, at),
    ...(old.length === 0
      ? []
      : [`DNS has not answered for more than two days: ${listed(old.map(({ name }) => name))}.`]),
    ...doubts({ ...(await gatherStanding(db, accountId, evidence, at)), ...NOTHING_SENT }),
  ];
  return { why, isMonthly };
}

const NOT_BY_POLICY = 'A person decides on every IP here.';

const overMonth = (added: number, most: number): string =>
  `Your account got ${counted(added, 'IP')} this month; it can add ${counted(most, 'IP')} a month itself.`;

/** Nothing was sent yet that somebody could have touched; the month's limit takes the place of that of automatic approvals. */
const NOTHING_SENT = {
  ...{ inForce: 0, sentUnder: 0, sentAt: 0, lookedUp: [], touched: false, isRequesterActive: true },
  ...{ approvals: 0, most: 1 },
} as const;

/** What somebody may be shown before they choose: all domains outside the transactional pool, and the region of the account's IPs. */
export async function gatherUsualChoice(db: Db, { account, domains }: Asking, policy: PolicyVersion): Promise<Choice> {
  const able = domains.filter(
    ({ accountId, route, stoppedAt }) => accountId === account.id && route !== 'transactional' && stoppedAt === null,
  );
  const region = await usualRegion(db, account, policy);
  return { domainIds: able.map(({ id }) => id), region: region ?? 'us', automatedWarmup: true };
}

/** What a person of an account would get, and under which policy, at the instant `at` (UTC milliseconds). */
type Buying = { readonly person: Person; readonly policy: PolicyVersion; readonly at: number };

/** Judges a choice. undefined: one of its domains is not the account's. */
export async function gatherChosen(
  db: Db,
  asking: Asking,
  choice: Choice,
  { person, policy, at }: Buying,
): Promise<Evidence | undefined> {
  const domains = asking.domains.filter(
    ({ id, accountId }) => accountId === asking.account.id && choice.domainIds.includes(id),
  );
  if (domains.length !== choice.domainIds.length) return undefined;
  const answers = answersOf(choice, domains, dayIn(at, person.timeZone));
  const { account, requester, open, weeks } = asking;
  const subject = { answers, account, requester, domains, openRequest: open.dedicated_ip, policy };
  return (await gatherEvidence(db, [subject], at, { weeks }))[0];
}
