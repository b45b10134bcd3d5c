// Waiting for a mail until all checks pass: asked for on the page that shows the distance, mailed once.
import { mailQualified } from '../../src/requests/watch/background.ts';
import * as make from '../support/make.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

const PAGE = '/requests/qualifying';
const WAIT = { kind: 'dedicated_ip', domain: '' };

const told = async ({ db }: World) =>
  (await db('outbox').where({ template: 'qualified' }).orderBy('id')).map((row) => ({
    to: row.recipient_id,
    facts: JSON.parse(row.facts),
  }));

/** The account sends `weekly` messages a week from now on, in all weeks that are measured. */
async function sends({ db }: World, accountId: number, factor: number): Promise<void> {
  const domains = db('domains').where({ account_id: accountId }).select('id');
  await db('sending_counts')
    .whereIn('domain_id', domains)
    .update({ sent: db.raw('sent * ?', [factor]), delivered: db.raw('delivered * ?', [factor]) });
}

async function scene(world: World) {
  const tiny = await make.account(world, { name: 'Tiny', weekly: 12_000 });
  await make.ips(world, 'us', 1);
  const visitor = await world.signedIn(tiny.admin.email);
  return { tiny, visitor };
}

onBothEngines('who waits is mailed once, when all checks pass, with a form that is filled in', async (t, world) => {
  const { tiny, visitor } = await scene(world);
  const page = await visitor.get(PAGE);
  t.regex(page.text, /Mail me when all checks pass/);
  t.is((await visitor.submit(page, `${PAGE}/watch`, WAIT)).location, `${PAGE}?note=watching`);
  t.is((await visitor.post(`${PAGE}/watch`, WAIT)).location, `${PAGE}?note=watching`);
  t.regex((await visitor.get(PAGE)).text, /You will get a mail when all checks pass\./);
  t.is((await world.db('watches')).length, 1, 'once, however often it is asked for');
  world.now += HOUR;
  t.is(await mailQualified(world.deps, world.now), 0, 'not yet');
  await sends(world, tiny.id, 5);
  t.is(await mailQualified(world.deps, world.now + HOUR - 1), 0, 'it is looked every hour');
  world.now += HOUR;
  t.is(await mailQualified(world.deps, world.now), 1);
  t.is(await mailQualified(world.deps, world.now + 9 * HOUR), 0, 'once');
  const [mail] = await told(world);
  t.is(mail?.to, tiny.admin.id);
  t.like(mail?.facts, {
    account: 'Tiny',
    kind: 'dedicated_ip',
    needsColleague: false,
    path: '/requests/new/dedicated-ips',
  });
  const form = await visitor.get(mail?.facts.path);
  t.regex(form.html, /name="weeklyVolume"[^>]*value="60,000"/);
  const after = await visitor.get(PAGE);
  t.regex(after.text, /You qualify\./);
  t.notRegex(after.text, /Mail me when|You get a mail/);
});

onBothEngines('S-11: a member is told too, and that a colleague has to send it', async (t, world) => {
  const { tiny } = await scene(world);
  const { policy } = world.deps;
  const mayCommitToCost = { value: ['admin', 'billing'], rule: 'S-11' };
  Object.assign(world.deps, { policy: { ...policy, document: { ...policy.document, mayCommitToCost } } });
  const member = await world.signedIn(tiny.member.email);
  await member.submit(await member.get(PAGE), `${PAGE}/watch`, WAIT);
  await sends(world, tiny.id, 5);
  world.now += HOUR;
  t.is(await mailQualified(world.deps, world.now), 1);
  t.like((await told(world))[0], { to: tiny.member.id, facts: { needsColleague: true } });
});

onBothEngines('for the pool it is waited for one domain, which must be one’s own', async (t, world) => {
  const { tiny, visitor } = await scene(world);
  const other = await make.account(world, { name: 'Other' });
  const pay = await make.domain(world, tiny.id, 'pay.tiny.example', { usage: 'transactional', weekly: null });
  const foreign = await make.domain(world, other.id, 'pay.other.example', { usage: 'transactional' });
  const wait = (domain: unknown) => ({ kind: 'transactional_pool', domain: String(domain) });
  for (const wrong of [wait(foreign.id), wait(tiny.domains[0]?.id)])
    t.is((await visitor.post(`${PAGE}/watch`, wrong)).status, 404);
  for (const wrong of [wait(''), wait('x'), { kind: 'both', domain: '' }])
    t.is((await visitor.post(`${PAGE}/watch`, wrong)).location, `${PAGE}?note=watch-unclear`);
  t.deepEqual(await world.db('watches'), []);
  t.is((await visitor.submit(await visitor.get(PAGE), `${PAGE}/watch`, wait(pay.id))).status, 303);
  t.like(await world.db('watches').first(), { kind: 'transactional_pool', domain_id: pay.id });
  world.now += HOUR;
  t.is(await mailQualified(world.deps, world.now), 0, 'nothing was measured of it');
});

onBothEngines('who no longer waits, is disabled or has no such domain is not mailed', async (t, world) => {
  const { tiny, visitor } = await scene(world);
  await visitor.submit(await visitor.get(PAGE), `${PAGE}/watch`, WAIT);
  await visitor.submit(await visitor.get(PAGE), `${PAGE}/watch/ending`, WAIT);
  t.deepEqual(await world.db('watches'), []);
  const waiting = { made_at: world.now, look_at: world.now, person_id: tiny.billing.id };
  await world.db('watches').insert({ ...waiting, kind: 'transactional_pool', domain_id: 999_999 });
  await world.db('watches').insert({ ...waiting, kind: 'dedicated_ip', domain_id: 0 });
  await world.db('people').where({ id: tiny.billing.id }).update({ disabled_at: world.now });
  await sends(world, tiny.id, 5);
  t.is(await mailQualified(world.deps, world.now + HOUR), 0);
  t.deepEqual(await world.db('watches'), []);
});

onBothEngines('six processes that look at once mail it once, 10 rounds', async (t, world) => {
  const { tiny } = await scene(world);
  await sends(world, tiny.id, 5);
  for (let round = 1; round <= 10; round += 1) {
    const row = { kind: 'dedicated_ip', domain_id: 0, person_id: tiny.admin.id };
    await world.db('watches').insert({ ...row, made_at: world.now, look_at: world.now });
    const counts = await Promise.all(Array.from({ length: 6 }, () => mailQualified(world.deps, world.now)));
    t.is(
      counts.reduce((sum, one) => sum + one, 0),
      1,
    );
    t.is((await told(world)).length, round);
  }
});
