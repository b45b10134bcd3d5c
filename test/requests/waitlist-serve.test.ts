// The waitlist looks again: who is served is checked at that moment, with the facts of that day.

import { checkData } from '../../src/invariants/store.ts';
import { approveRequest } from '../../src/requests/review/decide.ts';
import { decidePool } from '../../src/requests/waitlist/actions.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const statusOf = async (world: World, id: number): Promise<string> =>
  (await world.db('requests').where({ id }).first('status')).status;
const mails = async (world: World, template: string): Promise<string[]> =>
  (await world.db('outbox').where({ template }).orderBy('to_address').pluck('to_address')) as string[];

/** Acme waits for one IP, approved without one; then what its domains send falls to `weekly`. */
async function waiting(world: World, weekly: number) {
  const acme = await make.account(world);
  const id = await make.request(world, acme.admin, { startsOn: Math.floor(world.now / DAY) });
  await make.decided(world, id);
  for (const domain of acme.domains) await make.counts(world, domain.id, { weekly: Math.floor(weekly / 2) });
  return { acme, id };
}

onBothEngines(
  'C-08: who sends too little when IPs come free goes back to a reviewer with the difference, and holds nobody up',
  async (t, world) => {
    const { acme, id } = await waiting(world, 20_000);
    world.now += DAY / 24;
    const next = await make.account(world);
    const second = await make.request(world, next.admin);
    await make.decided(world, second);
    world.now += DAY / 24;
    await make.ips(world, 'us', 1);
    t.is(await serveWaitlist(world.db, world.now), 1);
    t.deepEqual([await statusOf(world, id), await statusOf(world, second)], ['submitted', 'fulfilled']);
    const { facts } = await world.db('audit_events').where({ name: 'request.lookedAtAgain' }).first();
    t.regex(JSON.parse(facts).differences.join(' '), /Measured volume: it was 180,000 a week .* it is 20,000 a week/);
    t.deepEqual(await mails(world, 'request-looked-at-again'), [acme.admin.email, acme.billing.email].sort());
    t.is((await world.db('decisions').where({ request_id: id }).whereNull('void_at')).length, 0);
    const { text } = await (await world.signedIn(acme.admin.email)).get(`/requests/WD-${1000 + id}`);
    t.true(text.includes('sent it back to the reviewers when IPs were free: Measured volume'));
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines(
  'C-08: two reviewers can agree to it as it is now, and the place on the waitlist is kept',
  async (t, world) => {
    const { id } = await waiting(world, 20_000);
    const since = world.now;
    world.now += DAY;
    const later = await make.account(world);
    await make.decided(world, await make.request(world, later.admin));
    await make.ips(world, 'us', 1);
    await serveWaitlist(world.db, world.now);
    const third = await make.account(world);
    world.now += DAY;
    await make.decided(world, await make.request(world, third.admin));
    t.is((await make.decided(world, id)).request.status, 'waitlisted');
    t.is((await world.db('requests').where({ id }).first('waits_since')).waits_since, since);
    await make.ips(world, 'us', 1);
    t.is(await serveWaitlist(world.db, world.now), 1);
    t.is(await statusOf(world, id), 'fulfilled', 'before the third, who was approved earlier');
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines('who was approved first is served first, even if another asked earlier', async (t, world) => {
  const early = await make.account(world);
  const asked = await make.request(world, early.admin);
  world.now += DAY;
  const approved = await make.request(world, (await make.account(world)).admin);
  await make.decided(world, approved);
  world.now += DAY;
  t.is((await make.decided(world, asked)).request.status, 'waitlisted');
  const { text } = await (await world.signedIn(early.admin.email)).get(`/requests/WD-${1000 + asked}`);
  t.regex(text, /second of two/);
  await make.ips(world, 'us', 1);
  t.is(await serveWaitlist(world.db, world.now), 1);
  t.deepEqual([await statusOf(world, asked), await statusOf(world, approved)], ['waitlisted', 'fulfilled']);
});

onBothEngines('figures that pass may drift while somebody waits', async (t, world) => {
  const { id } = await waiting(world, 150_000);
  await make.ips(world, 'us', 1);
  t.is(await serveWaitlist(world.db, world.now), 1);
  t.is(await statusOf(world, id), 'fulfilled');
});

/** Acme waits for one IP for all of its domains; meanwhile pay.acme.example joined the transactional pool. */
async function joinedThePool(world: World, others: boolean) {
  const acme = await make.account(world, { weekly: others ? 180_000 : null });
  const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 90_000 });
  const domainIds = others ? [...acme.domains.map(({ id }) => id), pay.id] : [pay.id];
  const id = await make.request(world, acme.admin, { domainIds, weeklyVolume: 90_000, peakWeeklyVolume: 90_000 });
  await make.decided(world, id);
  await make.decided(world, await make.poolRequest(world, acme.admin, pay.id));
  await make.ips(world, 'us', 1);
  return { acme, pay, id };
}
const routeOf = async (world: World, id: number): Promise<string> =>
  (await world.db('domains').where({ id }).first('route')).route;

onBothEngines(
  'C-06: the waitlist takes no domain out of the transactional pool: its owner decides, a reviewer confirms',
  async (t, world) => {
    const { acme, pay, id } = await joinedThePool(world, true);
    t.is(await serveWaitlist(world.db, world.now), 0);
    t.is(await routeOf(world, pay.id), 'transactional');
    t.is(await statusOf(world, id), 'needs_info');
    t.deepEqual(await mails(world, 'request-pool-question'), [acme.admin.email, acme.billing.email].sort());
    const visitor = await world.signedIn(acme.admin.email);
    const path = `/requests/WD-${1000 + id}`;
    const page = await visitor.get(path);
    t.true(
      page.text.includes(
        'pay.acme.example joined the transactional pool while you waited, so no IP is allocated for it without your decision',
      ),
    );
    t.is((await visitor.submit(page, `${path}/pool`, {})).status, 422, 'one of both has to be chosen');
    t.is((await visitor.submit(page, `${path}/pool`, { pool: 'leave' })).status, 303);
    t.is(await routeOf(world, pay.id), 'transactional', 'nobody confirmed it yet');
    t.is((await make.approve(world, id)).request.status, 'fulfilled');
    t.is(await routeOf(world, pay.id), 'dedicated');
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines(
  'C-06: a domain that its owner keeps in the pool is not part of the request any more',
  async (t, world) => {
    const { acme, pay, id } = await joinedThePool(world, true);
    await serveWaitlist(world.db, world.now);
    const actor = { person: acme.admin, at: world.now };
    t.true((await decidePool(world.db, actor, id, false)).ok);
    t.is((await make.approve(world, id)).request.status, 'fulfilled');
    t.is(await routeOf(world, pay.id), 'transactional');
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines(
  'C-06: where nothing would be left of the request, it can be withdrawn but not emptied',
  async (t, world) => {
    const { acme, id } = await joinedThePool(world, false);
    await serveWaitlist(world.db, world.now);
    const refused = await decidePool(world.db, { person: acme.admin, at: world.now }, id, false);
    t.is(refused.ok ? '' : refused.problem.name, 'not-possible');
    const { html } = await (await world.signedIn(acme.admin.email)).get(`/requests/WD-${1000 + id}`);
    t.notRegex(html, /value="stay"/);
  },
);

onBothEngines(
  'C-06: two who decide about the pool at once, and the waitlist twice at once, do it once',
  async (t, world) => {
    const { acme, id } = await joinedThePool(world, true);
    const serve = () => serveWaitlist(world.db, world.now);
    t.deepEqual(await Promise.all([serve(), serve()]), [0, 0]);
    t.is((await world.db('audit_events').where({ name: 'request.poolAsked' })).length, 1);
    t.is((await mails(world, 'request-pool-question')).length, 2);
    const decide = (leaves: boolean) => decidePool(world.db, { person: acme.admin, at: world.now }, id, leaves);
    const done = await Promise.all([decide(true), decide(false)]);
    t.is(done.filter(({ ok }) => ok).length, 1);
    t.is((await world.db('audit_events').where({ name: 'request.poolDecided' })).length, 1);
  },
);

onBothEngines('what fails now goes back once, however many serve the list at once', async (t, world) => {
  const { id } = await waiting(world, 20_000);
  await make.ips(world, 'us', 1);
  const serve = () => serveWaitlist(world.db, world.now);
  await Promise.all([serve(), serve(), serve()]);
  t.is(await statusOf(world, id), 'submitted');
  t.is((await world.db('audit_events').where({ name: 'request.lookedAtAgain' })).length, 1);
});

onBothEngines('a large order is overtaken for 30 days, not for ever', async (t, world) => {
  const large = await make.account(world);
  const big = await make.request(world, large.admin, { ipCount: 3 });
  await make.decided(world, big);
  await make.ips(world, 'us', 1);
  const small = async () => {
    const { admin } = await make.account(world);
    return make.decided(world, await make.request(world, admin));
  };
  t.is((await small()).request.status, 'fulfilled');
  world.now += 30 * DAY;
  for (const domain of large.domains) await make.counts(world, domain.id, { weekly: 90_000 });
  await make.ips(world, 'us', 1);
  t.is((await small()).request.status, 'waitlisted', 'what is free is kept for the large order');
  t.is(await serveWaitlist(world.db, world.now), 0);
  const visitor = await world.signedIn(large.admin.email);
  const { text } = await visitor.get(`/requests/WD-${1000 + big}`);
  t.regex(text, /You need three IPs at once; one is free now\. That one is kept for you until there are enough\./);
  await make.ips(world, 'us', 2);
  t.is(await serveWaitlist(world.db, world.now), 1);
  t.is(await statusOf(world, big), 'fulfilled');
});

onBothEngines('two approvals at once get nothing of what is kept', async (t, world) => {
  const large = await make.account(world);
  await make.decided(world, await make.request(world, large.admin, { ipCount: 3 }));
  world.now += 30 * DAY;
  await make.ips(world, 'us', 2);
  const { reviewer } = await make.staff(world);
  const approvals = [];
  for (let index = 0; index < 2; index += 1) {
    const { admin } = await make.account(world);
    const id = await make.request(world, admin);
    const seen = await make.seen(world, id);
    approvals.push(() => approveRequest(world.db, { person: reviewer, at: world.now }, id, { seen, reason: '' }));
  }
  const done = await Promise.all(approvals.map((approve) => approve()));
  t.deepEqual(
    done.map((one) => one.ok && one.value.request.status),
    ['waitlisted', 'waitlisted'],
  );
});
