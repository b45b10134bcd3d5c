import type { Person } from '../../src/accounts/person.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { expireUnanswered } from '../../src/requests/background.ts';
import { acceptOffer, sendRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import { offerFewer } from '../../src/requests/review/decide.ts';
import { findQuote, listDecisionsInForce } from '../../src/requests/store-decisions.ts';
import type { TransitionProblem } from '../../src/requests/transition.ts';
import type { Result } from '../../src/result.ts';
import * as make from '../support/make.ts';
import { everything } from '../support/notified.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const by = (world: World, person: Person) => ({ person, at: world.now });
const nameOf = (outcome: Result<unknown, TransitionProblem>): string => (outcome.ok ? 'taken' : outcome.problem.name);

async function offer(world: World, id: number, approvedCount: number, reason = 'Your volume is enough for these.') {
  const { reviewer } = await make.staff(world);
  return offerFewer(world.db, by(world, reviewer), id, { seen: await make.seen(world, id), reason, approvedCount });
}

onBothEngines('fewer IPs are offered at their own price, for as long as the quote holds', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials', weekly: 120_000 });
  const id = await make.request(world, acme.admin, { ipCount: 3, weeklyVolume: 120_000 });
  t.is(nameOf(await offer(world, id, 2)), 'taken');
  const quote = await findQuote(world.db, id);
  t.like(quote, { ipCount: 2, monthlyCents: 10_000, validUntil: world.now + 14 * DAY });
  const row = { status: 'offered', granted_count: 2, ip_count: 3, due_at: null, expires_at: quote?.validUntil };
  t.like(await world.db('requests').first(), row);
  t.like(await listDecisionsInForce(world.db, id), [{ verdict: 'offer', rank: 1, failedChecks: 0 }]);
});

onBothEngines(
  'an offer is for at least one IP, fewer than asked for, with a reason, and passes the checks',
  async (t, world) => {
    const acme = await make.account(world, { weekly: 120_000 });
    const id = await make.request(world, acme.admin, { ipCount: 4, weeklyVolume: 120_000 });
    await make.staff(world);
    const before = await everything(world);
    for (const count of [0, -1, 0.5, 4, 5, Number.NaN]) {
      t.is(nameOf(await offer(world, id, count)), 'not-possible', `${count}`);
    }
    t.is(nameOf(await offer(world, id, 3)), 'not-possible', 'three still need more mail');
    t.is(nameOf(await offer(world, id, 2, ' ')), 'reason-missing');
    t.deepEqual(await everything(world), before);
  },
);

onBothEngines('R-04: as many IPs as were asked for are not an offer, though every check passes', async (t, world) => {
  const acme = await make.account(world);
  const id = await make.request(world, acme.admin, { ipCount: 3 });
  const sentence = 'An offer is for fewer IPs than were asked for, and at least one.';
  for (const count of [3, 4, 0]) {
    const outcome = await offer(world, id, count);
    t.deepEqual(outcome, { ok: false, problem: { name: 'not-possible', sentence } }, `${count}`);
  }
  t.is(nameOf(await offer(world, id, 2)), 'taken');
});

onBothEngines('the transactional pool cannot be offered in part', async (t, world) => {
  const acme = await make.account(world);
  const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
  const id = await make.poolRequest(world, acme.admin, pay.id);
  t.is(nameOf(await offer(world, id, 1)), 'not-possible');
});

onBothEngines('C-11: an offer is accepted by those who may ask, and gives that many IPs', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials' });
  await make.ips(world, 'us', 3);
  const id = await make.request(world, acme.admin, { ipCount: 3 });
  await offer(world, id, 2);
  const { reviewer } = await make.staff(world);
  for (const person of [acme.member, reviewer, (await make.account(world)).admin]) {
    t.is(nameOf(await acceptOffer(world.db, by(world, person), id)), 'not-yours');
  }
  world.now += 13 * DAY;
  t.is(nameOf(await acceptOffer(world.db, by(world, acme.billing), id)), 'taken');
  t.like(await world.db('requests').first(), { status: 'fulfilled', granted_count: 2 });
  t.deepEqual(await world.db('allocations').pluck('monthly_cents'), [5000, 5000]);
  t.is(nameOf(await acceptOffer(world.db, by(world, acme.billing), id)), 'not-open');
});

onBothEngines('C-11: a member accepts the offer on a request of their own', async (t, world) => {
  const acme = await make.account(world);
  await make.ips(world, 'us', 2);
  const id = await make.request(world, acme.member, { ipCount: 3 });
  await offer(world, id, 2);
  t.is(nameOf(await acceptOffer(world.db, by(world, acme.member), id)), 'taken');
});

onBothEngines('S-11: where the policy names roles, an offer is accepted by one of them', async (t, world) => {
  const document = structuredClone(world.deps.policy.document);
  document.mayCommitToCost = { value: ['admin'], rule: 'S-11' };
  const policy = await adoptPolicy(world.db, { person: null, at: world.now }, document);
  await make.ips(world, 'us', 2);
  const acme = await make.account(world);
  const asked = { answers: await make.dedicated(world, acme.admin, { ipCount: 3 }), formToken: make.formToken() };
  const sent = await sendRequest(world.db, by(world, acme.admin), policy, { ...asked, shownCents: 0 });
  const id = sent?.ok ? sent.value : t.fail();
  await offer(world, Number(id), 2);
  t.is(nameOf(await acceptOffer(world.db, by(world, acme.billing), Number(id))), 'not-yours');
  t.is(nameOf(await acceptOffer(world.db, by(world, acme.admin), Number(id))), 'taken');
});

onBothEngines('what is mailed about an accepted offer says the number that was given', async (t, world) => {
  const acme = await make.account(world);
  await make.ips(world, 'us', 3);
  const id = await make.request(world, acme.admin, { ipCount: 3 });
  await offer(world, id, 1);
  await acceptOffer(world.db, by(world, acme.admin), id);
  const whats = async (template: string) =>
    (await world.db('outbox').where({ template })).map((mail) => JSON.parse(mail.facts).what);
  t.deepEqual([...new Set(await whats('request-offered'))], ['Three dedicated IPs for Acme']);
  t.deepEqual([...new Set(await whats('request-approved'))], ['One dedicated IP for Acme']);
});

onBothEngines('an offer that is accepted while no IP is free waits, at the price of the offer', async (t, world) => {
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'offered', acme.admin);
  t.is(nameOf(await acceptOffer(world.db, by(world, acme.admin), id)), 'taken');
  t.like(await world.db('requests').first(), { status: 'waitlisted', granted_count: 1, expires_at: null });
});

onBothEngines('an offer can be accepted until its last instant, and then it expires', async (t, world) => {
  const [one, other] = [await make.account(world), await make.account(world)];
  await make.ips(world, 'us', 1);
  const accepted = await make.requestIn(world, 'offered', one.admin);
  const late = await make.requestIn(world, 'offered', other.admin);
  const end = Number((await world.db('requests').where({ id: late }).first()).expires_at);
  world.now = end - 1;
  t.is(await expireUnanswered(world.db, world.now), 0);
  t.is(nameOf(await acceptOffer(world.db, by(world, one.admin), accepted)), 'taken');
  world.now = end;
  t.is(nameOf(await acceptOffer(world.db, by(world, other.admin), late)), 'not-possible');
  t.is(await expireUnanswered(world.db, world.now), 1);
  t.like(await world.db('requests').where({ id: late }).first(), { status: 'expired', expires_at: null });
  t.is(await expireUnanswered(world.db, world.now + DAY), 0);
});

onBothEngines('R-09: an offer can be left by withdrawing', async (t, world) => {
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'offered', acme.admin);
  t.is(nameOf(await withdrawRequest(world.db, by(world, acme.admin), id)), 'taken');
});

onBothEngines(
  'C-06: accepting an offer takes no domain out of the pool that it joined since: its owner is asked first',
  async (t, world) => {
    await make.ips(world, 'us', 3);
    const acme = await make.account(world, { weekly: 180_000 });
    const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 90_000 });
    const domainIds = [...acme.domains.map(({ id }) => id), pay.id];
    const id = await make.request(world, acme.admin, { ipCount: 3, weeklyVolume: 270_000, domainIds });
    t.is(nameOf(await offer(world, id, 2)), 'taken');
    await make.decided(world, await make.poolRequest(world, acme.admin, pay.id));
    const routeOf = async () => (await world.db('domains').where({ id: pay.id }).first('route')).route;

    const visitor = await world.signedIn(acme.admin.email);
    const path = `/requests/WD-${1000 + id}`;
    const asked = await visitor.submit(await visitor.get(path), `${path}/acceptance`, {});
    t.is(asked.status, 303);
    t.is(await routeOf(), 'transactional');
    t.like(await world.db('requests').where({ id }).first(), { status: 'needs_info', granted_count: null });
    t.deepEqual(await world.db('allocations').where({ request_id: id }), []);
    const event = await world.db('audit_events').where({ name: 'request.poolAsked' }).first();
    t.is(event.actor_id, null, 'Warmdesk asks');
    const page = await visitor.get(path);
    t.true(page.text.includes('pay.acme.example joined the transactional pool since we made our offer'), page.text);
    t.notRegex(page.text, /place on the waitlist/);
    t.is((await visitor.submit(page, `${path}/pool`, { pool: 'stay' })).status, 303);
    t.is((await make.approve(world, id, 'As offered.')).request.status, 'fulfilled');
    t.is(await routeOf(), 'transactional');
  },
);
