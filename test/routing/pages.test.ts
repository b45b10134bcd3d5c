// The Mail Servers page and the answers to programs say the same as the rule.
import { addSystem, revokeSystem } from '../../src/systems/actions.ts';
import * as make from '../support/make.ts';
import { startProcess } from '../support/process.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { startRouter } from './mail-server.ts';
import { complete, spentOf, warmingAccount } from './scene.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever the program was answered
type Json = any;

/** A program with a token of its own. */
async function program(world: World) {
  const added = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
  if (!added.ok) throw new Error(added.problem);
  const headers = { authorization: `Bearer ${added.value.token}`, 'content-type': 'application/json' };
  const ask = async (path: string, body?: unknown) => {
    const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${world.url}${path}`, { headers, ...post });
    return { status: answer.status, json: (await answer.json()) as Json };
  };
  const route = (question: Record<string, string>) => ask(`/api/v1/route?${new URLSearchParams(question)}`);
  return { headers, ask, route };
}

const cell = (html: string, of: string): string =>
  (new RegExp(`<span class="mono">${of.replaceAll('.', '\\.')}</span></th>(.*?)</tr>`, 's').exec(html)?.[1] ?? '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

onBothEngines(
  'C-15, C-16: the Mail Servers page says what goes where, in which share, and what is left',
  async (t, world) => {
    const { account, address, allocationId, ipId } = await warmingAccount(world, {
      cap: 200,
      target: 1000,
      slowed: { gmail: 40 },
    });
    const visitor = await world.signedIn(account.admin.email);
    const path = `/domains/${account.domains[0]?.id}`;
    const day = Math.floor(world.now / 86_400_000);
    await world.db('route_spending').insert({ ip_id: ipId, day, provider: '', spent: 150 });
    const before = (await visitor.get(path)).html;
    t.regex(cell(before, address), /^40(\.\d)? % 200 50 Warms up: .*At most 40 a day to Gmail/);
    t.regex(cell(before, 'shared-us'), /^59(\.\d)? % no limit – What is not for a warming IP/);
    await world.db('warmups').where({ allocation_id: allocationId }).update({ status: 'paused' });
    const paused = (await visitor.get(path)).html;
    t.regex(cell(paused, address), /^0 % 0 0 Its warm-up is paused/);
    t.regex(cell(paused, 'shared-us'), /^100 %/);
    await world.db('warmups').where({ allocation_id: allocationId }).update({ status: 'running' });
    await complete(world, allocationId);
    const after = (await visitor.get(path)).html;
    t.regex(cell(after, address), /^100 % 2,000 1,850 Warm: its busiest day lately had 1,000 messages/, 'C-17');
    t.is(cell(after, 'shared-us'), '');
  },
);

onBothEngines(
  'C-01, C-06: the page of a shared domain names its pool, and says what the transactional pool refuses',
  async (t, world) => {
    const acme = await make.account(world, { usage: 'transactional', region: 'eu' });
    const visitor = await world.signedIn(acme.admin.email);
    const [one, other] = acme.domains;
    await make.decided(world, await make.poolRequest(world, acme.admin, Number(one?.id)));
    const pooled = (await visitor.get(`/domains/${one?.id}`)).html;
    t.regex(cell(pooled, 'transactional-eu'), /^100 %/);
    t.regex(pooled, /news\.acme\.example is in the transactional pool, so it cannot send campaigns/);
    const fresh = (await visitor.get(`/domains/${other?.id}`)).html;
    t.regex(cell(fresh, 'shared-eu'), /^100 % no limit – The shared pool that the domain is on/, 'S-04');
  },
);

onBothEngines('C-15: a program names a domain with letters beyond ASCII by either of its names', async (t, world) => {
  const { domain, address } = await warmingAccount(world, { cap: 30 });
  await world.db('domains').where({ name: domain }).update({ name: 'xn--bcher-kva.example' });
  const { route } = await program(world);
  for (const name of ['Bücher.example', 'xn--bcher-kva.example']) {
    const { json } = await route({ sender: `a@${name}`, recipient: 'b@shop.example' });
    t.like(json, { via: 'ip', ip: address }, name);
  }
});

onBothEngines('C-15, S-26: a program asks for one message and for many, and the cap holds', async (t, world) => {
  const { domain, address, ipId } = await warmingAccount(world, { cap: 30 });
  const { ask, route } = await program(world);
  const from = { sender: `a@${domain}`, recipient: 'b@shop.example' };
  const would = await route(from);
  t.like(would.json, {
    via: 'ip',
    ip: address,
    transport: `ip-${address.replaceAll('.', '-')}`,
    share: 1,
    cap: 30,
    remaining: 30,
  });
  t.is(await spentOf(world, ipId), 0, 'asking without a message spends nothing');
  const questions = Array.from({ length: 100 }, (_, i) => ({ ...from, message: `m${i}` }));
  const many = await ask('/api/v1/routes', {
    questions: [...questions, { ...from, sender: 'a@elsewhere.example', message: 'x' }],
  });
  t.is(many.status, 200);
  const vias = many.json.answers.map(({ via }: { via: string }) => via);
  t.deepEqual(vias, [...Array(30).fill('ip'), ...Array(70).fill('pool'), 'none']);
  const again = await ask('/api/v1/routes', { questions });
  t.deepEqual(
    again.json.answers.map(({ via }: { via: string }) => via),
    vias.slice(0, 100),
    'asked again, the same',
  );
  t.like((await route({ ...from, message: 'm1' })).json, { via: 'ip', ip: address });
  t.like((await route({ ...from, message: 'late' })).json, { via: 'pool', pool: 'shared-us' });
  t.is(await spentOf(world, ipId), 30);
});

onBothEngines('S-26: a message to many recipients gets one answer, and counts each of them once', async (t, world) => {
  const { domain, address, ipId } = await warmingAccount(world, { cap: 60, slowed: { gmail: 10 } });
  const { ask, route, headers } = await program(world);
  const people = (count: number, at: string) => Array.from({ length: count }, (_, i) => `r${i}@${at}`);
  const about = (message: string, recipients: string[]) =>
    ask('/api/v1/routes', { questions: [{ sender: `a@${domain}`, message, recipients }] });
  const wide = await about('wide', [...people(40, 'shop.example'), ...people(5, 'gmail.com')]);
  t.like(wide.json.answers[0], { via: 'ip', ip: address });
  const query = people(40, 'SHOP.example').map((one) => `recipient=${encodeURIComponent(one)}`);
  const again = await ask(`/api/v1/route?sender=a%40${domain}&message=wide&${query.join('&')}`);
  t.like(again.json, { via: 'ip', ip: address }, 'the same recipients again');
  const sent = await ask('/api/v1/routes', {
    questions: [
      { sender: `a@${domain}`, recipients: people(16, 'shop.example'), message: 'above what is left' },
      { sender: `a@${domain}`, recipients: people(6, 'gmail.com'), message: 'above what is left for Gmail' },
      { sender: `a@${domain}`, recipients: people(10, 'shop.example'), message: 'all that Gmail leaves' },
    ],
  });
  t.deepEqual(
    sent.json.answers.map(({ via }: { via: string }) => via),
    ['pool', 'pool', 'ip'],
  );
  t.is(await spentOf(world, ipId), 60);
  const router = await startRouter(t, world.databaseUrl, ['--http', '0']);
  const would = async (count: number) => {
    const to = people(count, 'shop.example').map((one) => `recipient=${encodeURIComponent(one)}`);
    const from = `http://127.0.0.1:${router.http}/api/v1/route?sender=a%40${domain}&${to.join('&')}`;
    return ((await (await fetch(from, { headers })).json()) as Json).via;
  };
  t.deepEqual([await would(60), await would(61)], ['ip', 'pool'], 'the router reads them all; its day is another one');
  t.is((await route({ sender: `a@${domain}` })).status, 422);
});

onBothEngines('S-26: what an answer would be goes by what is left for a slowed provider', async (t, world) => {
  const { domain, address, ipId } = await warmingAccount(world, { cap: 100, slowed: { gmail: 10 } });
  const { route } = await program(world);
  const day = Math.floor(world.now / 86_400_000);
  const would = async (recipient: string) => (await route({ sender: `a@${domain}`, recipient })).json;
  t.like(await would('b@gmail.com'), { via: 'ip', ip: address, remaining: 10 });
  await world.db('route_spending').insert([
    { ip_id: ipId, day, provider: '', spent: 30 },
    { ip_id: ipId, day, provider: 'gmail', spent: 10 },
  ]);
  t.like(await would('b@gmail.com'), { via: 'pool', pool: 'shared-us' });
  t.like(await would('b@shop.example'), { via: 'ip', remaining: 70 });
});

onBothEngines('S-26: the desk gives back what it holds of a cap when it stops', async (t, world) => {
  world.now = Date.now();
  const { domain, ipId } = await warmingAccount(world, { cap: 1000 });
  const { headers } = await program(world);
  const desk = startProcess(t, { DATABASE_URL: world.databaseUrl });
  const url = await desk.listens;
  let over = 0;
  for (let i = 0; over < 7; i += 1) {
    const question = new URLSearchParams({ sender: `a@${domain}`, recipient: 'b@shop.example', message: `m${i}` });
    const answer = await fetch(`${url}/api/v1/route?${question}`, { headers });
    if (((await answer.json()) as Json).via === 'ip') over += 1;
  }
  desk.child.kill('SIGTERM');
  t.deepEqual(await desk.ended, { code: 0, signal: null });
  t.is(await spentOf(world, ipId), 7);
});

onBothEngines('C-06: a program is refused campaigns of a domain in the transactional pool', async (t, world) => {
  const acme = await make.account(world, { usage: 'transactional' });
  await make.decided(world, await make.poolRequest(world, acme.admin, Number(acme.domains[0]?.id)));
  const { route } = await program(world);
  const from = { sender: `a@${acme.domains[0]?.name}`, recipient: 'b@shop.example' };
  const refused = await route({ ...from, stream: 'marketing' });
  t.like(refused.json, { via: 'refusal', ip: null, pool: null });
  t.regex(refused.json.reason, /cannot send campaigns/);
  t.like((await route(from)).json, { via: 'pool', pool: 'transactional-us' });
});

onBothEngines('a program is told what is wrong with its question, field by field', async (t, world) => {
  const { ask, route } = await program(world);
  const none = await route({ sender: 'x', stream: 'both', wrong: '1' });
  t.is(none.status, 422);
  for (const said of [
    /sender: must be an address/,
    /recipient: must be an address/,
    /stream: must be "marketing"/,
    /wrong: is not known/,
  ])
    t.regex(none.json.error.message, said);
  const many = (questions: unknown) => ask('/api/v1/routes', { questions });
  const one = { sender: 'a@b.example', recipient: 'c@d.example', message: 'm' };
  t.regex((await many([{ ...one, message: undefined }])).json.error.message, /questions\.0\.message/);
  const people = (count: number) => Array.from({ length: count }, (_, i) => `r${i}@d.example`);
  const to = (recipients: unknown) => many([{ sender: 'a@b.example', message: 'm', recipients }]);
  t.regex((await to(people(1001))).json.error.message, /questions\.0\.recipients: must be at most 1000: hand in/);
  t.is((await to(people(1000))).status, 200);
  for (const wrong of [[], 'x', ['c@d.example', 'x'], [1], null])
    t.regex((await to(wrong)).json.error.message, /questions\.0\.recipient(\.\d)?: must be an address/);
  t.regex((await many([{ ...one, recipients: people(2) }])).json.error.message, /recipients: is not known here/);
  t.regex((await many([])).json.error.message, /at least one/);
  t.regex((await many(Array(1001).fill(one))).json.error.message, /at most 1000/);
  t.is((await many(Array(1000).fill(one))).status, 200);
  t.is((await ask('/api/v1/routes', 'text')).status, 400);
  t.regex((await ask('/api/v1/allocations?after=x')).json.error.message, /after: must be/);
});

onBothEngines('an allocation’s state as JSON: what it may carry, how far it is, what holds it', async (t, world) => {
  const { account, address, allocationId, ipId } = await warmingAccount(world, { cap: 200, target: 1000 });
  const { ask } = await program(world);
  const day = Math.floor(world.now / 86_400_000);
  await world.db('route_spending').insert({ ip_id: ipId, day, provider: '', spent: 150 });
  const path = `/api/v1/allocations/${address}`;
  const { json } = await ask(path);
  t.like(json, {
    address,
    status: 'warming',
    cap: 200,
    sent: 150,
    remaining: 50,
    hostName: null,
    holdReason: null,
    account: account.name,
  });
  t.like(json.warmup, { status: 'running', stage: 1, stages: 2, stageCap: 200, slowed: {} });
  t.deepEqual(json.warmup.plan.caps, [200, 1000]);
  t.regex(json.warmup.expectedFinish, /^20\d\d-\d\d-\d\d$/);
  t.deepEqual(json.domains, account.domains.map(({ name }) => name).sort());
  await world
    .db('warmups')
    .where({ allocation_id: allocationId })
    .update({ status: 'paused', verdict: 'pause', why: 'Bounces.' });
  t.like((await ask(path)).json, { cap: 0, remaining: 0, holdReason: 'Bounces.' });
  await world
    .db('warmups')
    .where({ allocation_id: allocationId })
    .update({ status: 'running', verdict: null, why: null });
  await complete(world, allocationId);
  t.like((await ask(path)).json, { status: 'active', cap: null, remaining: null });
  const list = await ask('/api/v1/allocations');
  t.deepEqual(
    list.json.allocations.map((one: { address: string }) => one.address),
    [address],
  );
  t.is(list.json.next, null);
  for (const strange of ['203.0.113.99', 'nonsense', '1.2.3'])
    t.is((await ask(`/api/v1/allocations/${strange}`)).status, 404);
  const signedOut = await fetch(`${world.url}${path}`);
  t.is(signedOut.status, 401);
});

onBothEngines(
  'the router answers the same question itself, with the same token, until that is revoked',
  async (t, world) => {
    world.now = Date.now();
    const { domain, address, ipId } = await warmingAccount(world, { cap: 300 });
    const token = await addSystem(world.db, { person: null, at: world.now }, 'mta-2');
    if (!token.ok) throw new Error(token.problem);
    const router = await startRouter(t, world.databaseUrl, ['--http', '0']);
    const ask = async (query: Record<string, string>, bearer = token.value.token, path = '/api/v1/route') => {
      const url = `http://127.0.0.1:${router.http}${path}?${new URLSearchParams(query)}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
      return { status: answer.status, json: (await answer.json()) as Json };
    };
    const from = { sender: `a@${domain}`, recipient: 'b@shop.example' };
    t.like((await ask(from)).json, { via: 'ip', ip: address, cap: 300, remaining: 300 });
    t.is(await spentOf(world, ipId), 0);
    const vias = new Set<string>();
    for (let i = 0; vias.size < 2 || i < 50; i += 1) vias.add((await ask({ ...from, message: `m${i}` })).json.via);
    t.true(vias.has('ip'));
    t.true((await spentOf(world, ipId)) > 0);
    t.like((await ask({ ...from, sender: 'a@elsewhere.example' })).json, { via: 'none' });
    t.is((await ask({ sender: 'x' })).status, 422);
    // The desk and the router read an address's query alike.
    for (const more of [`&sender=b@${domain}`, '&stream=marketing&stream=marketing']) {
      const query = `/api/v1/route?${new URLSearchParams(from)}${more}`;
      const headers = { authorization: `Bearer ${token.value.token}` };
      const places = [world.url, `http://127.0.0.1:${router.http}`];
      const [desk, own] = await Promise.all(places.map((place) => fetch(`${place}${query}`, { headers })));
      t.deepEqual([desk?.status, own?.status], [422, 422], more);
    }
    t.is((await ask(from, 'wd_wrong')).status, 401);
    t.is((await ask(from, token.value.token, '/api/v1/allocations')).status, 404);
    const usedAt = async () => (await world.db('mail_systems').where({ id: token.value.id }).first('used_at')).used_at;
    while ((await usedAt()) === null) await ask(from);
    t.true((await usedAt()) >= world.now, 'the page of mail systems shows that it was used');
    await revokeSystem(world.db, { person: null, at: world.now }, token.value.id);
    while ((await ask(from)).status !== 401);
    router.child.kill('SIGTERM');
    t.deepEqual(await router.ended, { code: 0, signal: null });
  },
);
