// S-15, S-16 through the pages: an IP without automated warm-up, from the form to the mail servers.
import ava from 'ava';
import { dayOf } from '../../src/day.ts';
import { checkData } from '../../src/invariants/store.ts';
import { mailSettings } from '../../src/mail.ts';
import { renderMail, type Writable } from '../../src/notifications/render.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { findSendersOf } from '../../src/routing/snapshot.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { replaceCounts } from '../../src/sending/store-bulk.ts';
import { watchUnplanned } from '../../src/warmup/unplanned/background.ts';
import { listHomes } from '../../src/warmup/warm/store.ts';
import { checked, DEDICATED, dedicatedForm, followed, heldBy, send, type Typed } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { createWorld, DAY, type Engine, onBothEngines } from '../support/world.ts';

for (const engine of ['SQLite', 'PostgreSQL'] satisfies Engine[]) {
  const sendgrid = (t: Parameters<typeof createWorld>[0]) => createWorld(t, engine, { POLICY: 'sendgrid' });
  const acmeIn = (world: Awaited<ReturnType<typeof sendgrid>>) => make.account(world, { plan: 'pro' });

  ava(
    `S-15: a first IP is asked for without automated warm-up, and is in use once it is approved (${engine})`,
    async (t) => {
      const world = await sendgrid(t);
      const acme = await acmeIn(world);
      const visitor = await world.signedIn(acme.admin.email);
      const { reviewer } = await make.staff(world);
      const desk = await world.signedIn(reviewer.email);
      await make.ips(world, 'us', 1);
      const form = await visitor.get('/requests/new/dedicated-ips');
      t.deepEqual(heldBy(form.html, DEDICATED).warmup, ['automated'], 'automated warm-up is the default');
      const typed: Typed = { ...dedicatedForm(acme.domains), warmup: 'own' };
      const check = await checked(visitor, DEDICATED, typed);
      t.regex(
        check.text,
        /Without automated warm-up All mail of these domains may go over the IP as soon as it is approved/,
      );
      t.notRegex(check.text, /What warm-up will look like|Where mail above the daily cap goes/);
      const changed = await followed(visitor, await visitor.submit(check, DEDICATED, { step: 'change' }));
      t.deepEqual(heldBy(changed.html, DEDICATED).warmup, ['own'], 'the draft keeps the choice');
      const again = await followed(visitor, await visitor.submit(changed, DEDICATED, { ...typed, step: 'check' }));
      t.is((await send(visitor, DEDICATED, again)).status, 303);
      const { id } = await world.db('requests').first('id');
      t.false(Boolean((await world.db('requests').first()).automated_warmup));
      const review = await desk.get(`/review/WD-${1000 + id}`);
      t.regex(
        review.text,
        /No automated warm-up : all mail of its domains may go over it at once, with no daily limit/,
      );
      await make.decided(world, id);

      t.like(await world.db('allocations').first(), { status: 'active' });
      t.is((await world.db('warmups')).length, 0);
      const events = await world.db('audit_events').where({ subject_type: 'allocation' });
      t.deepEqual(
        events.map((event) => [event.name, event.to_status]),
        [['allocation.made', 'active']],
      );
      const [sender] = await findSendersOf(world.db, acme.id);
      const egress = sender && egressOf(sender, 'marketing', world.deps.policy.document);
      t.deepEqual(egress?.warming, []);
      t.like(egress, { fallback: { to: 'ips' }, beyond: null }, 'all goes over it, and nothing limits it');
      for (const path of ['/ips', `/domains/${acme.domains[0]?.id}`]) {
        t.regex((await visitor.get(path)).text, /Active, no automated warm-up/, path);
      }
      t.regex((await visitor.get(`/requests/WD-${1000 + id}`)).text, /in use at once, without automated warm-up/);
      const mail = await world.db('outbox').where({ template: 'request-approved' }).first();
      const to = { ...acme.admin };
      const facts = JSON.parse(mail.facts);
      const { text } = await renderMail(
        { to, template: mail.template, facts, createdAt: mail.created_at } as Writable,
        mailSettings(world.deps),
      );
      t.regex(text, /no daily limit/);
      t.notRegex(text, /Warm-up starts|First day|warm-up is complete/);
      t.deepEqual(await checkData(world.db, world.now), []);

      await world.db('requests').update({ automated_warmup: true });
      t.regex(
        (await checkData(world.db, world.now)).join('\n'),
        /^I43 allocation/,
        'it is wrong where nobody chose it',
      );
    },
  );

  ava(
    `S-15, S-26: brakes watch an IP without automated warm-up: staff are asked to look, once (${engine})`,
    async (t) => {
      const world = await sendgrid(t);
      const acme = await acmeIn(world);
      const { reviewer } = await make.staff(world);
      await make.ips(world, 'us', 1);
      await make.decided(world, await make.request(world, acme.admin, { automatedWarmup: false }));
      const { id: allocationId, ip_id: ipId } = await world.db('allocations').first();
      const { address } = await world.db('ips').where({ id: ipId }).first();
      const watch = () => watchUnplanned(world.db, world.deps.policy.document, world.now);
      const first = dayOf(world.now);
      const send = (day: number, bounced: number) =>
        world.db.transaction((trx) =>
          replaceCounts(
            trx,
            [
              {
                ...plainCount({ day, ipId, sent: 10_000, bounced, complained: 0 }),
                domainId: acme.domains[0]?.id ?? 0,
              },
            ],
            world.now,
          ),
        );
      await send(first, 100);
      world.now += DAY;
      t.is(await watch(), 0, 'clean mail');
      await send(first + 1, 2_000);
      t.is(await watch(), 0, 'today is not over');
      world.now += DAY;
      t.deepEqual((await Promise.all([watch(), watch()])).toSorted(), [0, 1], 'two at once');
      world.now += 5 * DAY;
      await send(first + 6, 2_000);
      t.is(await watch(), 0, 'they know');
      world.now += 24 * DAY;
      await send(dayOf(world.now) - 1, 2_000);
      t.is(await watch(), 1, 'four weeks later once more');

      const event = await world.db('audit_events').where({ name: 'warmup.alarmed', subject_id: allocationId }).first();
      t.regex(JSON.parse(event.facts).why, /^Over the last two days, 10\.5 % of the mail bounced \(limit 5 %\)\.$/);
      const mails = await world.db('outbox').where({ template: 'warmup-to-look-at', event_id: event.id });
      t.deepEqual(
        mails.map((mail) => mail.to_address).toSorted(),
        (await world.db('people').whereNotNull('staff_role').pluck('email')).toSorted(),
      );
      const { path, help } = JSON.parse(mails[0].facts);
      t.regex(help, /no automated warm-up, so nothing is held back/);
      t.true((await (await world.signedIn(reviewer.email)).get(path)).text.includes(address));
      t.deepEqual(await checkData(world.db, world.now), []);
    },
  );

  ava(`S-16: a shared pool isn’t a warm IP: automated warm-up waits for another IP in use (${engine})`, async (t) => {
    const world = await sendgrid(t);
    const acme = await acmeIn(world);
    const visitor = await world.signedIn(acme.admin.email);
    await make.ips(world, 'us', 2);
    const typed: Typed = { ...dedicatedForm(acme.domains), warmup: 'automated' };
    const first = await checked(visitor, DEDICATED, typed);
    t.regex(first.text, /there is no warm IP of yours that could carry the rest/);
    t.regex(first.text, /Choose to warm the IP up yourself/);
    t.notRegex(first.html, /value="send"/);
    await make.decided(world, await make.request(world, acme.admin, { automatedWarmup: false }));
    const second = await checked(visitor, DEDICATED, typed);
    t.regex(second.text, /goes over one warm IP of yours/);
    t.is((await send(visitor, DEDICATED, second)).status, 303);
    const { id } = await world.db('requests').orderBy('id', 'desc').first('id');
    await make.decided(world, id);
    t.deepEqual(await world.db('allocations').orderBy('id').pluck('status'), ['active', 'warming']);
    const [allocation] = await world.db('allocations').where({ status: 'warming' }).pluck('id');
    t.deepEqual(await world.db('warmups').pluck('allocation_id'), [allocation]);
    t.true((await listHomes(world.db, [allocation])).get(allocation)?.hasWarm, 'the other IP takes the overflow');
    t.deepEqual(await checkData(world.db, world.now), []);
  });
}

onBothEngines(
  'S-15: where the policy gives no choice there is none, and nothing that was posted makes one',
  async (t, world) => {
    const acme = await make.account(world);
    const visitor = await world.signedIn(acme.admin.email);
    t.notRegex((await visitor.get('/requests/new/dedicated-ips')).html, /name="warmup"/);
    const check = await checked(visitor, DEDICATED, { ...dedicatedForm(acme.domains), warmup: 'own' });
    t.regex(check.text, /What warm-up will look like/);
    await send(visitor, DEDICATED, check);
    t.true(Boolean((await world.db('requests').first()).automated_warmup));
  },
);
