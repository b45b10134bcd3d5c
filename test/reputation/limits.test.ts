// S-02 at work: the night scores, routers hold accounts to the limit, people are told before it bites.
import { openDatabase } from '../../src/database.ts';
import { rateDue } from '../../src/reputation/background.ts';
import { Leases } from '../../src/routing/cap-leases.ts';
import { MailToday } from '../../src/routing/mail-today.ts';
import { policyService } from '../../src/routing/postfix/policy-service.ts';
import { Router } from '../../src/routing/router.ts';
import { State } from '../../src/routing/snapshot.ts';
import { addSystem } from '../../src/systems/actions.ts';
import { policyRequest } from '../routing/mail-server.ts';
import { complete, routerOver } from '../routing/scene.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const SENDGRID = { POLICY: 'sendgrid' };
const night = (world: World) => rateDue(world.db, world.deps.policy.document, world.now);
const mailed = async ({ db }: World, template: string): Promise<string[]> =>
  (await db('outbox').where({ template }).orderBy('id')).map(({ to_address: to }) => to);

/** Acme on Pro, of whose mail much bounces and is reported: 49 points, so half of its busiest day of 6,000, or 5,000 at the least. */
const poor = (world: World, plan = 'pro') =>
  make.account(world, { plan, weekly: 42_000, bounced: 0.05, complained: 0.002 });

type Desk = Awaited<ReturnType<typeof routerOver>>;

/** What the router says of a message of the account's first domain. */
const ask = async ({ router }: Pick<Desk, 'router'>, account: make.Account, message: string, to = 1) => {
  const sender = router.senderOf(`news@${account.domains[0]?.name}`);
  if (sender === undefined) throw new Error('unknown sender');
  const recipients = Array.from({ length: to }, (_, nth) => `r${nth}@gmail.com`);
  return router.decide({ sender, stream: 'marketing', message, recipients, count: null });
};

/** Asks about messages of these numbers. Returns how many may go. */
async function askMany(desk: Pick<Desk, 'router'>, account: make.Account, from: number, to: number): Promise<number> {
  let open = 0;
  for (let nth = from; nth < to; nth += 1) if ((await ask(desk, account, `m${nth}`)).via === 'pool') open += 1;
  return open;
}

onBothEngines(
  'S-02: each night scores every account once, and tells those whose limit fell, on the page and over the API too',
  async (t, world) => {
    const acme = await poor(world);
    const good = await make.account(world, { plan: 'pro', weekly: 70_000 });
    world.now -= 8 * HOUR;
    t.is(await night(world), 0, 'not before the counts are in');
    world.now += 8 * HOUR;
    t.is(await night(world), 4);
    t.is(await night(world), 0, 'once a day');
    t.deepEqual(await mailed(world, 'daily-limit'), [acme.admin.email, acme.billing.email]);
    const visitor = await world.signedIn(acme.admin.email);
    const page = (await visitor.get('/sending')).text;
    t.regex(page, /Reputation .*49 of 100 .*Reported as spam 0\.2 % 0\.3 % 16\.\d of 50 Bounced 5 % 10 % 17\.\d of 35/);
    t.regex(page, /5,000 messages a day; 0 sent today/);
    t.regex((await visitor.get(`/domains/${acme.domains[0]?.id}`)).text, /Reputation .*of 100/);
    t.regex((await visitor.get('/history')).text, /limited the account to 5,000 messages a day over shared IPs/);
    t.regex((await visitor.get('/policy')).text, /Daily limit .*from 90 points no limit; from 75 points 2 times/);
    const other = await world.signedIn(good.admin.email);
    t.notRegex((await other.get('/sending')).text, /Daily limit over shared IPs/);
    const staff = await world.signedIn((await make.staff(world)).reviewer.email);
    t.regex((await staff.get(`/customers/${acme.id}/sending`)).text, /49 of 100/);

    const system = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
    const headers = { authorization: `Bearer ${system.ok ? system.value.token : ''}` };
    const answer = await fetch(`${world.url}/api/v1/accounts/${acme.id}/reputation`, { headers });
    const json = (await answer.json()) as { domains: unknown[]; parts: { name: string; of: number }[] };
    t.like(json, { score: 49, dailyLimit: 5_000, sentToday: 0, remaining: 5_000, asOf: '2026-11-23' });
    t.is(json.domains.length, 2);
    t.deepEqual(
      json.parts.map(({ name, of }) => [name, of]),
      [
        ['complaint', 50],
        ['bounce', 35],
        ['deferral', 15],
      ],
    );
    t.is((await fetch(`${world.url}/api/v1/accounts/999/reputation`, { headers })).status, 404);
    world.now += DAY;
    t.is(await night(world), 4);
    t.is((await mailed(world, 'daily-limit')).length, 2, 'a limit that holds is told once');
  },
  SENDGRID,
);

onBothEngines(
  'S-02: above the limit mail is deferred until the next day, never bounced; each message counts once',
  async (t, world) => {
    const acme = await poor(world);
    await night(world);
    const desk = await routerOver(world);
    t.like(await ask(desk, acme, 'one', 3), { via: 'pool', cap: 5_000, left: 4_999 }, 'a message, not its recipients');
    t.like(await ask(desk, acme, 'one', 3), { via: 'pool', left: 4_999 }, 'nor again');
    t.is(await askMany(desk, acme, 1, 3_999), 3_998);
    await desk.state.refresh();
    t.deepEqual(await mailed(world, 'daily-limit-near'), []);
    t.is(await askMany(desk, acme, 3_999, 4_000), 1);
    await desk.state.refresh();
    t.deepEqual(
      await mailed(world, 'daily-limit-near'),
      [acme.admin.email, acme.billing.email],
      'at four fifths of it',
    );
    t.is(await askMany(desk, acme, 4_000, 5_000), 1_000);
    const late = await ask(desk, acme, 'late');
    t.like(late, { via: 'wait', cap: 5_000, left: 0, why: 'daily-limit' });
    t.is((await ask(desk, acme, 'one', 3)).via, 'pool', 'what was let go stays so');
    const service = policyService({ router: desk.router, namesFallback: false, log: world.deps.log });
    const said = service(
      policyRequest({ sender: `a@${acme.domains[0]?.name}`, instance: '77', recipient: 'b@b.test' }),
    );
    t.regex(
      said?.replies ?? '',
      /^action=DEFER 4\.7\.1 The account of news\.acme\.example has sent the 5,000 messages .* waits until midnight UTC\.\n\n$/,
    );
    await desk.state.refresh();
    t.is((await mailed(world, 'daily-limit-near')).length, 2);
    t.like(await world.db('account_mail').first(), { sent: 5_000 });
    const visitor = await world.signedIn(acme.admin.email);
    t.regex((await visitor.get('/sending')).text, /5,000 sent today \(UTC\)\. The rest is deferred until midnight/);

    const restarted = await routerOver(world);
    t.is((await ask(restarted, acme, 'after a restart')).via, 'wait', 'a router that starts again knows what was sent');
    world.now += DAY;
    t.like(await ask(desk, acme, 'tomorrow'), { via: 'pool', left: 4_999 });
  },
  SENDGRID,
);

onBothEngines(
  'S-02: several routers hold an account to its limit together, by what each told the others',
  async (t, world) => {
    const acme = await poor(world);
    await night(world);
    const [one, other] = [await routerOver(world), await routerOver(world)];
    let sent = 0;
    for (let round = 0; round < 7; round += 1) {
      const [from, to] = [round * 500, (round + 1) * 500];
      sent += await askMany(one, acme, from, to);
      sent += await askMany(other, acme, 10_000 + from, 10_000 + to);
      await Promise.all([one.state.refresh(), other.state.refresh()]);
      await Promise.all([one.state.refresh(), other.state.refresh()]);
    }
    t.true(sent >= 5_000 && sent <= 5_500, `${sent}: no more above it than one of them let go between two looks`);
    await Promise.all([one.state.tellRest(), other.state.tellRest()]);
    const { sent: stored } = await world.db('account_mail').first('sent');
    t.is(Number(stored), sent);
  },
  SENDGRID,
);

onBothEngines(
  'S-02: a router writes down what any number of accounts sent in one statement, not one a message',
  async (t, world) => {
    const accounts = [await poor(world), await poor(world), await poor(world)];
    await night(world);
    const desk = await routerOver(world);
    for (const account of accounts) t.is(await askMany(desk, account, 0, 20), 20);
    const written: string[] = [];
    world.db.on('query', ({ sql }: { sql: string }) => {
      if (/insert into account_mail|update .?account_mail/.test(sql)) written.push(sql);
    });
    await desk.state.refresh();
    t.is(written.length, 0, 'what is far below its limit may wait');
    world.now += 10_000;
    await desk.state.refresh();
    t.is(written.length, 1);
    t.deepEqual(await world.db('account_mail').orderBy('account_id').pluck('sent'), [20, 20, 20]);
    await desk.state.refresh();
    t.is(written.length, 1, 'nor again, as nothing was sent since');
  },
  SENDGRID,
);

onBothEngines(
  'S-02: while the database is away there is no limit, and afterwards it holds again',
  async (t, world) => {
    const acme = await poor(world);
    await night(world);
    const db = await openDatabase(world.databaseUrl);
    const now = () => world.now;
    const state = new State(db, world.deps.log, now);
    await state.refresh();
    const leases = new Leases(db, world.deps.log, now);
    const mail = new MailToday({ mixesOf: async () => new Map(), log: world.deps.log, now });
    const desk = { router: new Router(state, leases, mail, world.deps.policy.document) };
    t.is(await askMany(desk, acme, 0, 5_002), 5_000);
    await db.destroy();
    t.false(await state.refresh());
    t.is((await ask(desk, acme, 'while it is away')).via, 'pool');
    state.limits.isAway = false;
    t.is((await ask(desk, acme, 'back')).via, 'wait');
  },
  SENDGRID,
);

onBothEngines(
  'S-02: mail over dedicated IPs does not count, and a policy without the rule limits nobody',
  async (t, world) => {
    const acme = await poor(world, 'premium');
    await night(world);
    const { daily_limit, score } = await world.db('account_reputations').where({ account_id: acme.id }).first();
    t.is(daily_limit, null);
    t.is(score, 49, 'scored all the same');
    t.deepEqual(await mailed(world, 'daily-limit'), []);
    t.like(await ask(await routerOver(world), acme, 'one'), { via: 'pool', cap: null, left: null });
    await world.db('account_reputations').update({ daily_limit: 1 });
    await make.ips(world, 'us', 1);
    await make.decided(world, await make.request(world, acme.admin, { ipCount: 1 }));
    const { id } = await world.db('allocations').first('id');
    await world.db('warmups').update({ status: 'running', stage: 1, changed_at: world.now });
    await complete(world, id);
    const desk = await routerOver(world);
    for (const message of ['a', 'b', 'c']) t.is((await ask(desk, acme, message)).via, 'ip');
    t.is(desk.state.limits.waiting('all'), 0);
  },
);

onBothEngines(
  'S-02: two processes that do the same night do it once, and one that died is made good later',
  async (t, world) => {
    const acme = await poor(world);
    const both = await Promise.all([night(world), night(world)]);
    t.deepEqual(both.toSorted(), [0, 2]);
    t.is((await mailed(world, 'daily-limit')).length, 2);
    world.now += DAY;
    await world.db('reputation_runs').insert({ day: Math.floor(world.now / DAY), claimed_until: world.now + HOUR });
    t.is(await night(world), 0);
    world.now += 2 * HOUR;
    t.is(await night(world), 2);
    t.truthy(acme.id);
  },
  SENDGRID,
);
