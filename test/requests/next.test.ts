// What Home says is to be done next: it never says that all is well while something stands still.
import { openAccount } from '../../src/accounts/actions.ts';
import { actIn } from '../../src/act.ts';
import * as make from '../support/make.ts';
import { acmeWithIp } from '../support/scene.ts';
import { DAY, onBothEngines } from '../support/world.ts';

const WELL = /Nothing\. Your mail goes out as it should\./;

onBothEngines('Home says what waits for an answer, and until when', async (t, world) => {
  const acme = await make.account(world);
  await make.requestIn(world, 'needs_info', acme.admin);
  const home = (await (await world.signedIn(acme.admin.email)).get('/')).text;
  t.regex(home, /What to do next WD-\d+ : A reviewer needs an answer from you before deciding\. By \d+ \w+ 2026/);
  t.notRegex(home, WELL);
});

onBothEngines('Home says that an offer waits, and what is on the waitlist', async (t, world) => {
  const offered = await make.account(world);
  await make.ips(world, 'us', 1);
  await make.requestIn(world, 'offered', offered.admin);
  t.regex(
    (await (await world.signedIn(offered.admin.email)).get('/')).text,
    /WD-\d+ : We can approve part .* By \d+ \w+/,
  );
  const waits = await make.account(world, { region: 'eu' });
  await make.requestIn(world, 'waitlisted', waits.admin, { region: 'eu' });
  const home = (await (await world.signedIn(waits.admin.email)).get('/')).text;
  t.regex(home, /WD-\d+ is approved and waits for a free IP\..*There is nothing for you to do\./);
  t.notRegex(home, WELL);
});

onBothEngines('Home says that our own decision is overdue', async (t, world) => {
  const acme = await make.account(world);
  const id = await make.request(world, acme.admin);
  const visitor = await world.signedIn(acme.admin.email);
  t.notRegex((await visitor.get('/')).text, /should have been decided/);
  await world
    .db('requests')
    .where({ id })
    .update({ due_at: world.now - DAY });
  t.regex((await visitor.get('/')).text, /WD-\d+ should have been decided by now\. It is with our reviewers/);
});

onBothEngines(
  'Home says that the first domain is still to be added, to an account that was only just opened',
  async (t, world) => {
    const itself = actIn(world.db, { person: null, at: world.now });
    const accountId = await openAccount(itself, { name: 'Fresh', plan: 'premium', region: null });
    await make.person(world, { email: 'ana@fresh.example', accountId, accountRole: 'admin' });
    const visitor = await world.signedIn('ana@fresh.example');
    const home = (await visitor.get('/')).text;
    t.notRegex(home, WELL);
    t.regex(home, /Your first sending domain is still to be added and proven\. Nothing is sent for you until then\./);
    t.regex(home, /Request dedicated IPs You have no domain yet that could send over an IP\./);
    const form = await visitor.get('/domains/new');
    await visitor.submit(form, '/domains', { name: 'news.fresh.test', usage: 'marketing' });
    t.notRegex((await visitor.get('/')).text, /first sending domain/);
  },
);

onBothEngines('Home says that a domain is not proven yet', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  t.regex((await visitor.get('/')).text, /What to do next Nothing/);
  const form = await visitor.get('/domains/new');
  t.is((await visitor.submit(form, '/domains', { name: 'fresh.acme.test', usage: 'marketing' })).status, 303);
  const home = (await visitor.get('/')).text;
  t.regex(home, /fresh\.acme\.test is not proven yet: publish its record in DNS\./);
});

onBothEngines('Home knows a warm-up that is on hold', async (t, world) => {
  const { acme, warmupId } = await acmeWithIp(world);
  await world.db('warmups').where({ id: warmupId }).update({ status: 'running', cap_percent: 50, verdict: 'hold' });
  const home = (await (await world.signedIn(acme.owner.email)).get('/')).text;
  t.regex(home, /192\.0\.2\.1 is on hold/);
  t.notRegex(home, WELL);
});
