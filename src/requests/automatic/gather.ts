// What speaks for a person although every check passes: read when a request is sent, and when Warmdesk is about to approve it.
import { findActivePerson } from '../../accounts/store.ts';
import type { EventName } from '../../audit/event.ts';
import type { Db } from '../../database.ts';
import { dayLength } from '../../day.ts';
import { AUTOMATIC_DAYS } from '../../policy/document/automatic.ts';
import { listSending } from '../../reputation/tiers/store.ts';
import { findLastSentOn } from '../../sending/store.ts';
import { listWarmups } from '../../warmup/store.ts';
import type { Evidence } from '../evidence/gather.ts';
import type { HistoryEntry } from '../history.ts';
import type { IpRequest } from '../request.ts';
import { listHistory } from '../store-decisions.ts';
import { type Beside, doubts, isStale, whyNotClear } from './clear.ts';
import { countAutomatic, hasDeclined } from './store.ts';

const MINUTE = 60_000;
const SENT: readonly EventName[] = ['request.submitted', 'request.edited'];

/** What happens to a request without anybody having looked into it. */
const UNTOUCHED: readonly EventName[] = [
  ...SENT,
  'request.leftToReviewers',
  'request.dueSoon',
  'request.overdue',
  'request.escalated',
];

const sinceOf = (at: number): number => at - AUTOMATIC_DAYS * dayLength;

/** Whether somebody has it, has decided on it, or did more with it than to send and change it. */
const isTouched = ({ wasClaimed, pending }: IpRequest, history: readonly HistoryEntry[]): boolean =>
  wasClaimed || pending !== undefined || history.some(({ name }) => !UNTOUCHED.includes(name));

const idsOf = ({ domains }: Evidence): number[] => domains.map(({ id }) => id);
const accountsIn = ({ domains }: Evidence): number[] => domains.map(({ accountId }) => accountId);

/** What is about to be sent by an account; `edited`: the request that it changes. */
export type Sending = {
  readonly accountId: number;
  readonly evidence: Evidence;
  readonly edited?: IpRequest | undefined;
};

/**
 * When Warmdesk looks again at what is sent at the instant `at`, to approve it (UTC milliseconds); undefined where a person
 * decides, as far as that can be said already.
 */
export async function gatherAutomaticAt(db: Db, sending: Sending, at: number): Promise<number | undefined> {
  const { accountId, evidence, edited } = sending;
  const setting = evidence.policy.document.automaticApproval.value;
  if (setting === null || whyNotClear(evidence, at).length > 0) return undefined;
  if (edited && (edited.status !== 'submitted' || isTouched(edited, await listHistory(db, edited.id))))
    return undefined;
  if (isStale(await findLastSentOn(db, idsOf(evidence)), at)) return undefined;
  if ((await countAutomatic(db, accountId, sinceOf(at))) >= setting.in30Days) return undefined;
  return (await hasDeclined(db, accountId, sinceOf(at))) ? undefined : at + setting.afterMinutes * MINUTE;
}

/** Why a person decides on a request, apart from its checks, at the instant `at` (UTC milliseconds). `inForce`: the policy version in force. */
export async function gatherDoubts(
  db: Db,
  request: IpRequest,
  evidence: Evidence,
  { inForce, at }: { readonly inForce: number | undefined; readonly at: number },
): Promise<string[]> {
  const { account, requester } = request;
  const history = await listHistory(db, request.id);
  return doubts({
    ...(await gatherStanding(db, account.id, evidence, at)),
    inForce,
    sentUnder: request.policyVersionId,
    sentAt: history.findLast(({ name }) => SENT.includes(name))?.at ?? request.submittedAt,
    lookedUp: evidence.domains,
    touched: isTouched(request, history),
    isRequesterActive: (await findActivePerson(db, requester.id)) !== null,
    approvals: await countAutomatic(db, account.id, sinceOf(at)),
    most: evidence.policy.document.automaticApproval.value?.in30Days ?? 0,
  });
}

/** What of an account and of the domains asked for a person should look at, at the instant `at` (UTC milliseconds). */
export async function gatherStanding(
  db: Db,
  accountId: number,
  evidence: Evidence,
  at: number,
): Promise<Pick<Beside, 'isStale' | 'wasDeclined' | 'warned' | 'paused'>> {
  const ids = idsOf(evidence);
  const sending = await listSending(db, [...new Set([accountId, ...accountsIn(evidence)])]);
  const paused = await listWarmups(db, { accountId, statuses: ['paused'] });
  return {
    isStale: isStale(await findLastSentOn(db, ids), at),
    wasDeclined: await hasDeclined(db, accountId, sinceOf(at)),
    warned: sending.filter(({ id, place }) => ids.includes(id) && place.warnedOn !== null).map(({ name }) => name),
    paused: paused.map(({ address }) => address),
  };
}
