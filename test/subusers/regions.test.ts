// S-04, S-14: form, act, page and route say the same of a parent's own mail and a region that is not its own.
import { dayOf } from '../../src/day.ts';
import { changeUse } from '../../src/requests/use/actions.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { egressToday } from '../../src/routing/egress-today.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { assign, type OwnIp, warmIp } from './scene.ts';

const SENDGRID = { POLICY: 'sendgrid' };

/** The IPs over which mail of a domain goes, whatever it is and however much. */
async function reaches(world: World, domain: string): Promise<string[]> {
  const sender = (await loadSenders(world.db)).get(domain);
  if (sender === undefined) throw new Error(`${domain} is not known`);
  const { warming, fallback } = egressOf(sender, 'marketing', world.deps.policy.document);
  return [...warming.map(({ ip }) => ip), ...(fallback.to === 'ips' ? fallback.ips : [])].map(({ address }) => address);
}

const useAgain = (world: World, { admin, id: accountId, domains }: make.Account, { id: allocationId }: OwnIp) => {
  const [first, ...others] = domains.map(({ id }) => id);
  const form = { accountId, allocationId, seenStream: 'both', stream: 'both', reason: '' } as const;
  const policy = world.deps.policy.document;
  const change = (seen: number[], domainIds: number[]) =>
    changeUse(world.db, { person: admin, at: world.now }, { ...form, policy, seen, domainIds });
  return { leave: () => change([first ?? 0, ...others], others), join: () => change(others, [first ?? 0, ...others]) };
};

onBothEngines(
  'S-14, S-04: the form offers the EU to a parent without the pin only for domains of EU subusers, and says so',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', plan: 'pro' });
    const owner = await world.signedIn(acme.admin.email);
    const eu = async () => {
      const { html } = await owner.get('/requests/new/dedicated-ips');
      return /<input[^>]*name="region"[^>]*value="eu"[^>]*>/.exec(html)?.[0] ?? '';
    };
    t.regex(await eu(), / disabled/);
    await make.subuser(world, acme, { name: 'Home' });
    t.regex(await eu(), / disabled/, 'a US subuser changes nothing');
    await make.subuser(world, acme, { name: 'Abroad', region: 'eu' });
    t.notRegex(await eu(), / disabled/);
    t.regex(
      (await owner.get('/requests/new/dedicated-ips')).text,
      /For domains of your subusers that send from there\./,
    );
    const pinned = await make.account(world, { name: 'Pinned', plan: 'pro', region: 'eu' });
    const theirs = await (await world.signedIn(pinned.admin.email)).get('/requests/new/dedicated-ips');
    t.regex(/<input[^>]*name="region"[^>]*value="us"[^>]*>/.exec(theirs.html)?.[0] ?? '', / disabled/);
  },
  SENDGRID,
);

onBothEngines(
  'S-04: over an EU IP of a parent without the pin goes the mail of its EU subusers alone, by the route, its pages and what can be chosen',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', plan: 'pro' });
    const eu = await warmIp(world, acme, 'eu');
    t.deepEqual(await reaches(world, 'news.acme.example'), [], 'though it had it before Warmdesk came');
    const sender = (await loadSenders(world.db)).get('news.acme.example');
    const lines = sender && egressToday(sender, world.deps.policy.document, new Map(), dayOf(world.now));
    t.regex(JSON.stringify(lines), /It is in the EU, and IPs there are for accounts that send from there only\./);
    const { leave, join } = useAgain(world, acme, eu);
    t.true((await leave()).ok);
    t.like(await join(), { ok: false, problem: 'region' });
    const abroad = await make.subuser(world, acme, { name: 'Abroad', region: 'eu' });
    t.true((await assign(world, acme.admin, eu, { subuserIds: [abroad.id], ownerSends: false })).ok);
    t.deepEqual(await reaches(world, 'd0.abroad.example'), [eu.address]);
    const back = await assign(world, acme.admin, eu, { subuserIds: [abroad.id], ownerSends: true });
    t.like(back, { ok: false, problem: 'owner-region' });
    const owner = await world.signedIn(acme.admin.email);
    const path = `/ips/${eu.ipId}/subusers`;
    const page = await owner.get(path);
    t.regex(page.text, /Acme This account itself\. Its own mail may not leave from the EU, where this IP is\./);
    t.regex(/<input[^>]*value="owner"[^>]*>/.exec(page.html)?.[0] ?? '', / disabled/);
    const forced = await owner.post(path, { senders: ['owner', String(abroad.id)], seen: [String(abroad.id)] });
    t.is(forced.status, 422);
    t.regex(forced.text, /Mail of your account itself may not leave from the region of this IP\./);
  },
  SENDGRID,
);

onBothEngines(
  'S-04: a parent that is pinned to the EU uses its EU IPs itself, and its US ones only for US subusers',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', plan: 'pro', region: 'eu' });
    const [us, eu] = [await warmIp(world, acme, 'us'), await warmIp(world, acme, 'eu')];
    const home = await make.subuser(world, acme, { name: 'Home' });
    t.deepEqual(await reaches(world, 'news.acme.example'), [eu.address]);
    t.true((await assign(world, acme.admin, us, { subuserIds: [home.id], ownerSends: false })).ok);
    t.deepEqual(await reaches(world, 'd0.home.example'), [us.address]);
    const back = await assign(world, acme.admin, us, { subuserIds: [home.id], ownerSends: true });
    t.like(back, { ok: false, problem: 'owner-region' });
    t.true((await assign(world, acme.admin, eu, { subuserIds: [], ownerSends: true })).ok === false, 'it is as it was');
    const { leave, join } = useAgain(world, acme, eu);
    t.true((await leave()).ok);
    t.true((await join()).ok);
  },
  SENDGRID,
);

onBothEngines(
  'S-04: the form of a parent without the pin begins with a region for its own mail, though its first IP is for EU subusers',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', plan: 'pro' });
    await make.subuser(world, acme, { name: 'Abroad', region: 'eu' });
    await warmIp(world, acme, 'eu');
    const { html } = await (await world.signedIn(acme.admin.email)).get('/requests/new/dedicated-ips');
    t.regex(/<input[^>]*name="region"[^>]*value="us"[^>]*>/.exec(html)?.[0] ?? '', / checked/);
  },
  SENDGRID,
);

onBothEngines('a policy that keeps no region for anybody lets a parent send over an EU IP itself', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const eu = await warmIp(world, acme, 'eu');
  t.deepEqual(await reaches(world, 'news.acme.example'), [eu.address]);
  const abroad = await make.subuser(world, acme, { name: 'Abroad', region: 'eu' });
  t.true((await assign(world, acme.admin, eu, { subuserIds: [abroad.id], ownerSends: false })).ok);
  t.true((await assign(world, acme.admin, eu, { subuserIds: [abroad.id], ownerSends: true })).ok);
});
