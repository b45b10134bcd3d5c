// What most tests begin with: domains that send, free IPs, requests that were sent and decided.

import type { Person } from '../../src/accounts/person.ts';
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { addDomain, recordDnsCheck } from '../../src/domains/actions.ts';
import type { Domain } from '../../src/domains/domain.ts';
import { addIps } from '../../src/ips/actions.ts';
import type { Region, Stream } from '../../src/policy/checks/facts.ts';
import { previewRequest, sendRequest } from '../../src/requests/customer/actions.ts';
import type { Answers } from '../../src/requests/request.ts';
import { approveRequest, evidenceOf } from '../../src/requests/review/decide.ts';
import { basisOf } from '../../src/requests/review/decision-basis.ts';
import { findRequest } from '../../src/requests/store.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { acme, itself, staff } from './people.ts';
import type { World } from './world.ts';

type Sending = { readonly name: string; readonly usage?: Stream; readonly weekly?: number };

/** A domain with its DNS records in place that sends `weekly` messages a week, clean, for twelve weeks. */
export async function sendingDomain(world: World, accountId: number, wanted: Sending): Promise<Domain> {
  const { name, usage = 'both', weekly = 70_000 } = wanted;
  const today = dayOf(world.now);
  const sent = Math.floor(weekly / 7);
  const counts = Array.from({ length: 98 }, (_, i) =>
    plainCount({ day: today - 1 - i, sent, bounced: 0, complained: 0 }),
  );
  return world.db.transaction(async (trx) => {
    const domain = await addDomain(actIn(trx, itself(world)), { accountId, name, usage });
    await recordDnsCheck(actIn(trx, itself(world)), domain, { spf: true, dkim: true, dmarc: true });
    if (weekly > 0) await recordCounts(actIn(trx, itself(world)), domain.id, counts);
    return domain;
  });
}

/** Adds free IPs to the inventory. */
export const freeIps = (world: World, addresses: readonly string[], region: Region = 'us') =>
  world.db.transaction((trx) => addIps(actIn(trx, itself(world)), addresses, region));

/** What somebody answers who asks for one IP in the US from next week on. */
export const dedicatedAnswers = (
  world: World,
  domainIds: readonly number[],
): Extract<Answers, { kind: 'dedicated_ip' }> => ({
  kind: 'dedicated_ip',
  ipCount: 1,
  region: 'us',
  stream: 'both',
  startsOn: dayOf(world.now) + 7,
  weeklyVolume: 70_000,
  peakWeeklyVolume: 80_000,
  mailing: null,
  automatedWarmup: true,
  sends: 'Order news and a newsletter.',
  signup: 'In the shop, with a confirmed address.',
  domainIds,
});

/** Sends a request as `person`. Returns its id. */
export async function sent(world: World, person: Person, answers: Answers): Promise<number> {
  const { db, now } = world;
  const shown = await previewRequest(db, { person, at: now }, world.deps.policy, { answers });
  const form = { answers, formToken: crypto.randomUUID(), shownCents: shown?.quote?.monthlyCents ?? null };
  const result = await sendRequest(db, { person, at: now }, world.deps.policy, form);
  if (!result?.ok) throw new Error(`not sent: ${JSON.stringify(result)}`);
  return result.value;
}

/** What a reviewer who opens the request now sees. */
export async function seenNow(world: World, id: number) {
  const request = await findRequest(world.db, id);
  if (!request) throw new Error(`there is no request ${id}`);
  return basisOf(request, await evidenceOf(world.db, request, world.now));
}

/** Approves a request as `person`. */
export async function approved(world: World, person: Person, id: number): Promise<void> {
  const form = { seen: await seenNow(world, id), reason: '' };
  const result = await approveRequest(world.db, { person, at: world.now }, id, form);
  if (!result.ok) throw new Error(`not approved: ${JSON.stringify(result.problem)}`);
}

/** Acme, asking as its member, was given 192.0.2.1 for shop.acme.example by the reviewer; 192.0.2.2 is free. */
export async function acmeWithIp(world: World) {
  const people = { acme: await acme(world), staff: await staff(world) };
  const domain = await sendingDomain(world, people.acme.id, { name: 'shop.acme.example' });
  await freeIps(world, ['192.0.2.1', '192.0.2.2']);
  const requestId = await sent(world, people.acme.owner, dedicatedAnswers(world, [domain.id]));
  await approved(world, people.staff.reviewer, requestId);
  const { id: allocationId } = await world.db('allocations').where({ request_id: requestId }).first('id');
  const { id: warmupId } = await world.db('warmups').where({ allocation_id: allocationId }).first('id');
  return { ...people, domain, requestId, allocationId: allocationId as number, warmupId: warmupId as number };
}

/** Acme's receipts.acme.example, put into the transactional pool at the owner's request. */
export async function inTransactionalPool(
  world: World,
  acmes: Awaited<ReturnType<typeof acme>>,
  reviewer: Person,
): Promise<{ domain: Domain; requestId: number }> {
  const domain = await sendingDomain(world, acmes.id, { name: 'receipts.acme.example', usage: 'transactional' });
  const requestId = await sent(world, acmes.owner, {
    kind: 'transactional_pool',
    weeklyVolume: 70_000,
    sends: 'Receipts.',
    samples: 'Your receipt for order 1042.',
    domainIds: [domain.id],
  });
  await approved(world, reviewer, requestId);
  return { domain, requestId };
}
