// Requests in any state, for make.ts. Whatever an action refuses is thrown: it would be the test's mistake.
import { randomUUID } from 'node:crypto';
import type { Person } from '../../src/accounts/person.ts';
import { dayOf } from '../../src/day.ts';
import { listDomainsOf } from '../../src/domains/store.ts';
import { expireUnanswered } from '../../src/requests/background.ts';
import { previewRequest, sendRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import type { Answers, IpRequest, Status } from '../../src/requests/request.ts';
import { askForInformation } from '../../src/requests/review/actions.ts';
import {
  approveRequest,
  confirmApproval,
  declineRequest,
  evidenceOf,
  offerFewer,
} from '../../src/requests/review/decide.ts';
import { basisOf, type DecisionBasis } from '../../src/requests/review/decision-basis.ts';
import { findRequest } from '../../src/requests/store.ts';
import type { Taken } from '../../src/requests/transition.ts';
import type { Result } from '../../src/result.ts';
import { staff } from './make-accounts.ts';
import { DAY, type World } from './world.ts';

export type Dedicated = Extract<Answers, { kind: 'dedicated_ip' }>;
export type Pool = Extract<Answers, { kind: 'transactional_pool' }>;

function must<T>(result: Result<T, unknown> | undefined): T {
  if (!result?.ok) throw new Error(`refused: ${JSON.stringify(result?.problem)?.slice(0, 500)}`);
  return result.value;
}

async function send(world: World, person: Person, answers: Answers): Promise<number> {
  const { db, now: at } = world;
  const shown = await previewRequest(db, { person, at }, world.deps.policy, { answers });
  const form = { answers, formToken: randomUUID(), shownCents: shown?.quote?.monthlyCents ?? null };
  return must(await sendRequest(db, { person, at }, world.deps.policy, form));
}

/** The answers of a request for one IP in the US, 180,000 a week, for all domains of the person's account. */
export async function dedicated(world: World, person: Person, wish: Partial<Dedicated> = {}): Promise<Dedicated> {
  const domains = await listDomainsOf(world.db, person.accountId ?? 0);
  return {
    kind: 'dedicated_ip',
    ipCount: 1,
    region: 'us',
    stream: 'both',
    startsOn: dayOf(world.now) + 7,
    weeklyVolume: 180_000,
    peakWeeklyVolume: 200_000,
    mailing: null,
    automatedWarmup: true,
    sends: 'Order news and a newsletter.',
    signup: 'In the shop, with a confirmed address.',
    domainIds: domains.filter((domain) => domain.route !== 'transactional').map((domain) => domain.id),
    ...wish,
  };
}

/** Sends a request for dedicated IPs as `person`. Returns its id. */
export const request = async (world: World, person: Person, wish: Partial<Dedicated> = {}): Promise<number> =>
  send(world, person, await dedicated(world, person, wish));

/** Sends a request for the transactional pool as `person`, for one of the account's domains. Returns its id. */
export const poolRequest = (world: World, person: Person, domainId: number, wish: Partial<Pool> = {}) =>
  send(world, person, {
    kind: 'transactional_pool',
    weeklyVolume: 30_000,
    sends: 'Receipts.',
    samples: 'Your receipt for order 1042.',
    domainIds: [domainId],
    ...wish,
  });

/** What a reviewer sees who opens the request now. */
export async function seen(world: World, id: number): Promise<DecisionBasis> {
  const found = (await findRequest(world.db, id)) as IpRequest;
  return basisOf(found, await evidenceOf(world.db, found, world.now));
}

/** The reviewer approves. With a reason where a check fails: then it waits for the second reviewer. */
export async function approve(world: World, id: number, reason = ''): Promise<Taken> {
  const actor = { person: (await staff(world)).reviewer, at: world.now };
  return must(await approveRequest(world.db, actor, id, { seen: await seen(world, id), reason }));
}

/** Decides a request as far as it goes: approved by the reviewer, and by the second one where a check fails. */
export async function decided(world: World, id: number): Promise<Taken> {
  const taken = await approve(world, id, 'A known customer; the volume is coming.');
  if (taken.request.status !== 'second_review') return taken;
  const actor = { person: (await staff(world)).reviewer2, at: world.now };
  return must(await confirmApproval(world.db, actor, id, { seen: await seen(world, id), reason: '' }));
}

/**
 * Sends a request for dedicated IPs and brings it into a status. Returns its id. `offered` and `expired` ask for two IPs
 * or more; `second_review` needs an account with a failed check, `fulfilled` a free IP, `waitlisted` none.
 * `expired` is closed by a later instant: the world's clock is put forward.
 */
export async function requestIn(
  world: World,
  status: Status,
  person: Person,
  wish: Partial<Dedicated> = {},
): Promise<number> {
  const id = await request(world, person, { ipCount: status === 'offered' ? 2 : 1, ...wish });
  const { db, now: at } = world;
  const actor = { person: (await staff(world)).reviewer, at };
  const form = async () => ({ seen: await seen(world, id), reason: 'This is why.' });
  if (status === 'needs_info' || status === 'expired') must(await askForInformation(db, actor, id, 'How much?'));
  if (status === 'second_review' || status === 'fulfilled' || status === 'waitlisted') await approve(world, id, 'So.');
  if (status === 'offered') must(await offerFewer(db, actor, id, { ...(await form()), approvedCount: 1 }));
  if (status === 'declined') must(await declineRequest(db, actor, id, await form()));
  if (status === 'withdrawn') must(await withdrawRequest(db, { person, at }, id));
  if (status === 'expired') {
    world.now += 15 * DAY;
    await expireUnanswered(db, world.now);
  }
  const found = (await findRequest(db, id)) as IpRequest;
  if (found.status !== status) throw new Error(`the request became ${found.status} instead of ${status}`);
  return id;
}

/** A mail about a request that waits in quarantine, written to the address of `person`. Returns its id. */
export async function quarantined(world: World, requestId: number, person: Person, body: string): Promise<number> {
  const texts = {
    from_address: 'ann@private.example',
    subject: 'Re: Your request',
    body,
    why: 'It is from elsewhere.',
  };
  const of = { mail_id: 1, request_id: requestId, person_id: person.id, purpose: 'reply', envelope_from: '' };
  const row = { ...of, ...texts, raw_hash: randomUUID(), received_at: world.now, status: 'quarantined' };
  const [{ id }] = await world.db('inbound_mails').insert(row).returning('id');
  return id;
}
