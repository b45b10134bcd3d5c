import { takeStanding } from '../../src/domains/standing/actions.ts';
import { takeOut } from '../../src/requests/domains/actions.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { acme, staff } from '../support/people.ts';
import { approved, dedicatedAnswers, freeIps, inTransactionalPool, sendingDomain, sent } from '../support/scene.ts';
import { onBothEngines, type World } from '../support/world.ts';

const refusal = async (world: World, name: string, stream: 'marketing' | 'transactional' = 'transactional') => {
  const sender = (await loadSenders(world.db)).get(name);
  return sender ? egressOf(sender, stream, world.deps.policy.document).refusal : 'unknown';
};
const mailed = async (world: World, template: string): Promise<string[]> =>
  world.db('outbox').where({ template }).orderBy('to_address').pluck('to_address');

onBothEngines(
  'C-02: staff stop a domain with a reason, its mail is refused at once, and they let it in again',
  async (t, world) => {
    const { id } = await acme(world);
    await staff(world);
    const domain = await sendingDomain(world, id, { name: 'shop.acme.example' });
    const admin = await world.signedIn('admin@warmdesk.example');
    const base = `/customers/${id}/domains/${domain.id}`;
    t.true((await admin.get(base)).html.includes(`href="${base}/stop"`));
    const page = await admin.get(`${base}/stop`);
    t.is((await admin.submit(page, `${base}/stop`, { reason: ' ' })).status, 422);
    t.is(await refusal(world, domain.name), null);
    const reason = 'In the last four weeks 6 % of its mail bounced.';
    t.is((await admin.submit(page, `${base}/stop`, { reason })).location, `${base}?note=standing-stop`);
    t.is(await refusal(world, domain.name), 'shop.acme.example is stopped, so nothing is sent for it.');
    t.is(await refusal(world, domain.name, 'marketing'), 'shop.acme.example is stopped, so nothing is sent for it.');
    t.deepEqual(await mailed(world, 'domain-stopped'), ['owner@acme.example']);
    const owner = await world.signedIn('owner@acme.example');
    t.regex(
      (await owner.get(`/domains/${domain.id}`)).text,
      /Stopped on 23 Nov 2026\. All mail from shop\.acme\.example is refused\. .*how to come back/,
    );
    const home = (await owner.get('/')).text;
    t.regex(home, /What to do next shop\.acme\.example is stopped: its mail is refused/);
    t.notRegex(home, /Your mail goes out as it should/);
    for (const kind of ['dedicated-ips', 'transactional-pool'])
      t.regex(
        (await owner.get(`/requests/new/${kind}`)).text,
        /outside the (?:transactional )?pool, and not stopped\./,
      );
    t.is((await admin.post(`${base}/stop`, { reason })).status, 409, 'it is stopped already');
    const back = await admin.get(`${base}/return`);
    t.is((await admin.submit(back, `${base}/return`, { reason: 'The list is clean.' })).status, 303);
    t.is(await refusal(world, domain.name), null);
    t.deepEqual(await mailed(world, 'domain-let-in'), ['owner@acme.example']);
  },
);

onBothEngines(
  'C-04, C-06: a domain leaves the transactional pool when staff decide what its customer asked for',
  async (t, world) => {
    const people = await acme(world);
    const { reviewer } = await staff(world);
    const { domain } = await inTransactionalPool(world, people, reviewer);
    const member = await world.signedIn('member@acme.example');
    const decider = await world.signedIn('reviewer2@warmdesk.example');
    const waits = async () => {
      const { text } = await decider.get('/pools');
      return /Asking to leave the transactional pool \((\d+)\)(.*?) Stopped or reported/.exec(text)?.slice(1) ?? [];
    };
    const path = `/domains/${domain.id}/leaving`;
    const base = `/customers/${people.id}/domains/${domain.id}`;
    const ask = async () => member.submit(await member.get(path), path, { reason: 'It sends offers from now on.' });
    t.is((await waits())[0], '0');
    t.is((await ask()).status, 303);
    const [count, row = ''] = await waits();
    t.is(count, '1');
    t.true(row.includes(`${domain.name} Acme`) && row.endsWith('It sends offers from now on.'), row);
    t.true((await decider.get('/pools')).html.includes(`href="${base}">${domain.name}</a>`));
    const { html } = await decider.get(base);
    t.true(html.includes(`href="${base}/leaving"`) && html.includes(`href="${base}/staying"`));
    t.false(html.includes(`href="${base}/stop"`), 'a reviewer stops nothing');
    t.deepEqual(await mailed(world, 'domain-leave-asked'), [
      'admin@warmdesk.example',
      'reviewer2@warmdesk.example',
      'reviewer@warmdesk.example',
    ]);
    t.is((await member.post(path, { reason: 'Again.' })).status, 409);
    const kept = await decider.get(`${base}/staying`);
    t.is((await decider.submit(kept, `${base}/staying`, { reason: 'Say what it sends first.' })).status, 303);
    t.deepEqual(await mailed(world, 'domain-kept'), ['owner@acme.example']);
    t.is((await waits())[0], '0');
    t.regex((await refusal(world, domain.name, 'marketing')) ?? '', /cannot send campaigns/);
    t.is((await ask()).status, 303);
    const out = await decider.get(`${base}/leaving`);
    t.is((await decider.submit(out, `${base}/leaving`, { reason: 'As you asked.' })).status, 303);
    t.like(await world.db('domains').where({ id: domain.id }).first(), {
      route: 'default',
      shared_pool: 'default',
      leave_asked_at: null,
    });
    t.is(await refusal(world, domain.name, 'marketing'), null);
    t.deepEqual(await mailed(world, 'domain-left-pool'), ['owner@acme.example']);
  },
);

onBothEngines(
  'R-05: of two who stop a domain at once one does, and nobody of its own account may',
  async (t, world) => {
    const people = await acme(world);
    const { admin, reviewer } = await staff(world);
    const domain = await sendingDomain(world, people.id, { name: 'shop.acme.example' });
    const form = { accountId: people.id, id: domain.id, reason: 'So.' };
    const take = (person: typeof admin) => takeStanding(world.db, { person, at: world.now }, 'stop', form);
    t.deepEqual(await take({ ...people.member, staffRole: 'admin' }), { ok: false, problem: 'own-account' });
    t.deepEqual(await take(reviewer), { ok: false, problem: 'not-yours' });
    const insider = { ...people.member, staffRole: 'reviewer' } as const;
    t.deepEqual(await takeStanding(world.db, { person: insider, at: world.now }, 'leave', form), {
      ok: false,
      problem: 'own-account',
    });
    const done = await Promise.all([take(admin), take(admin)]);
    t.deepEqual(done.map((one) => (one.ok ? 'done' : one.problem)).sort(), ['done', 'not-open']);
    t.is((await mailed(world, 'domain-stopped')).length, 1);
  },
);

onBothEngines(
  'C-04: a domain that leaves the pool for dedicated IPs waits for no answer about leaving any more',
  async (t, world) => {
    const people = await acme(world);
    const { reviewer } = await staff(world);
    const { domain } = await inTransactionalPool(world, people, reviewer);
    const asked = { accountId: people.id, id: domain.id, reason: 'It sends offers from now on.' };
    t.true((await takeStanding(world.db, { person: people.owner, at: world.now }, 'askToLeave', asked)).ok);
    await freeIps(world, ['192.0.2.1']);
    const answers = { ...dedicatedAnswers(world, [domain.id]), stream: 'transactional' as const };
    await approved(world, reviewer, await sent(world, people.owner, answers));
    t.like(await world.db('domains').where({ id: domain.id }).first(), { route: 'dedicated', leave_asked_at: null });
    const admin = await world.signedIn('admin@warmdesk.example');
    const { text } = await admin.get(`/customers/${people.id}/domains/${domain.id}`);
    t.notRegex(text, /Leaving the transactional pool/);
  },
);

onBothEngines(
  'C-02: a domain that is stopped is removed by staff alone, so its customer cannot add it again and send',
  async (t, world) => {
    const people = await acme(world);
    const { admin } = await staff(world);
    const domain = await sendingDomain(world, people.id, { name: 'shop.acme.example' });
    const of = { accountId: people.id, id: domain.id, reason: 'In the last week 9 % of its mail bounced.' };
    await takeStanding(world.db, { person: admin, at: world.now }, 'stop', of);
    const owner = await world.signedIn('owner@acme.example');
    const path = `/domains/${domain.id}/removal`;
    const page = await owner.get(path);
    const sentence = /shop\.acme\.example is stopped\. Only our staff can remove it, or let it send again\./;
    t.regex(page.text, sentence);
    t.false(page.html.includes('name="reason"'));
    const answer = await owner.post(path, {});
    t.is(answer.status, 409);
    t.regex(answer.text, sentence);
    const both = { ...people.owner, staffRole: 'admin' } as const;
    t.deepEqual(await takeOut(world.db, { person: both, at: world.now }, of), { ok: false, problem: 'stopped' });
    t.is(await refusal(world, domain.name), 'shop.acme.example is stopped, so nothing is sent for it.');
    t.true((await takeOut(world.db, { person: admin, at: world.now }, of)).ok);
  },
);
