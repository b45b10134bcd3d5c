// What the staff's chat is told: by a webhook that this test answers, in the transaction's own time.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import ava, { type ExecutionContext } from 'ava';
import { appealDecline } from '../../src/requests/appeals/actions.ts';
import { postToChat } from '../../src/requests/chat/background.ts';
import { harmless, mayReach, openUrl, readWebhook, sealUrl } from '../../src/requests/chat/chat.ts';
import { NOT_ALLOWED, postJson } from '../../src/requests/chat/post.ts';
import { claimPost } from '../../src/requests/chat/store.ts';
import { remindOfDue } from '../../src/requests/clock/background.ts';
import * as make from '../support/make.ts';
import { HOUR, MINUTE, onBothEngines, type World } from '../support/world.ts';

/** A chat's server: what it was sent, and what it answers from now on. */
async function chatServer(t: ExecutionContext) {
  const heard: { path: string; type: string; body: unknown }[] = [];
  const chat = { heard, status: 200, url: '' };
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    heard.push({
      path: req.url ?? '',
      type: req.headers['content-type'] ?? '',
      body: JSON.parse(Buffer.concat(parts).toString()),
    });
    res.writeHead(chat.status).end(chat.status === 200 ? 'ok' : 'no_service');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  chat.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`;
  return chat;
}

/** This test's server is on this machine. */
const ALLOWED = { WEBHOOK_NETWORKS: '127.0.0.1' };

async function setUp(t: ExecutionContext, world: World) {
  const chat = await chatServer(t);
  const { admin, reviewer } = await make.staff(world);
  const office = await world.signedIn(admin.email);
  const saved = await office.submit(await office.get('/settings/chat'), '/settings/chat', {
    url: chat.url,
    events: ['new', 'appeal', 'soon', 'overdue'],
  } as never);
  t.is(saved.location, '/settings/chat?note=settings-saved');
  return { chat, office, reviewer };
}

const texts = ({ heard }: { heard: readonly { body: unknown }[] }) =>
  heard.map(({ body }) => (body as { text: string }).text);

onBothEngines(
  'a new request, one due soon and one overdue are said in the chat, each once',
  async (t, world) => {
    const { chat } = await setUp(t, world);
    const { admin } = await make.account(world, { name: 'Ash <!channel> @here' });
    await make.request(world, admin);
    t.is(await postToChat(world.deps), 1);
    t.is(await postToChat(world.deps), 0);
    world.now += 22 * HOUR;
    await remindOfDue(world.db, world.now);
    world.now += 2 * HOUR;
    await remindOfDue(world.db, world.now);
    world.now += 4 * HOUR;
    await remindOfDue(world.db, world.now);
    t.is(await postToChat(world.deps), 2, 'the administrators’ notice is theirs alone');
    const link = `${world.deps.config.baseUrl}/review/WD-1001`;
    t.deepEqual(texts(chat), [
      `A new request: One dedicated IP for Ash !channel @\u200bhere (WD-1001). It is due by 24 Nov 2026, 09:00 UTC. ${link}`,
      `A decision is due soon: One dedicated IP for Ash !channel @\u200bhere (WD-1001). It is due by 24 Nov 2026, 09:00 UTC. ${link}`,
      `A decision is overdue: One dedicated IP for Ash !channel @\u200bhere (WD-1001). It was due by 24 Nov 2026, 09:00 UTC. ${link}`,
    ]);
    t.like(chat.heard[0], { path: '/hook/s3cret', type: 'application/json' });
  },
  ALLOWED,
);

onBothEngines(
  'an appeal is said in the chat, without what its customer wrote',
  async (t, world) => {
    const { chat } = await setUp(t, world);
    const { admin } = await make.account(world, { name: 'Ash' });
    const id = await make.requestIn(world, 'declined', admin);
    await postToChat(world.deps);
    const appealed = await appealDecline(world.db, { person: admin, at: world.now }, id, 'Our quokka is well.');
    t.true(appealed.ok);
    t.is(await postToChat(world.deps), 1);
    const link = `${world.deps.config.baseUrl}/review/WD-1001`;
    t.is(
      texts(chat).at(-1),
      `An appeal: One dedicated IP for Ash (WD-1001). It is due by 24 Nov 2026, 09:00 UTC. ${link}`,
    );
  },
  ALLOWED,
);

onBothEngines(
  'what the chat does not take is tried again later, and staff read why',
  async (t, world) => {
    const { chat, office } = await setUp(t, world);
    chat.status = 503;
    await make.request(world, (await make.account(world, { name: 'Ash' })).admin);
    t.is(await postToChat(world.deps), 0);
    t.is(chat.heard.length, 1);
    t.is(await postToChat(world.deps), 0);
    t.is(chat.heard.length, 1, 'not at once');
    t.regex((await office.get('/settings/chat')).text, /waiting A new request: .* 503 no_service/);
    chat.status = 200;
    world.now += MINUTE;
    t.is(await postToChat(world.deps), 1);
    t.like(await world.db('chat_posts').first(), { status: 'sent', tries: 2, complaint: null });
  },
  ALLOWED,
);

onBothEngines(
  'the address is a secret: not in the database, the record, a page or the log',
  async (t, world) => {
    const { chat, office } = await setUp(t, world);
    chat.status = 500;
    await make.request(world, (await make.account(world, { name: 'Ash' })).admin);
    await postToChat(world.deps);
    const tested = await office.submit(await office.get('/settings/chat'), '/settings/chat/test', {});
    t.regex(tested.text, /Test: 500/);
    const stored = JSON.stringify([
      await world.db('settings').select(),
      await world.db('audit_events').select(),
      await world.db('chat_posts').select(),
    ]);
    for (const where of [stored, tested.html, (await office.get('/audit')).html, world.logLines.join('\n')])
      t.false(where.includes('s3cret'));
    t.regex((await office.get('/audit')).text, /the chat to one at 127\.0\.0\.1/);
  },
  ALLOWED,
);

onBothEngines(
  'nothing is said without a chat, or of what it is not to hear of',
  async (t, world) => {
    const { chat, office } = await setUp(t, world);
    await office.submit(await office.get('/settings/chat'), '/settings/chat', {
      url: '',
      events: ['overdue'],
    } as never);
    await make.request(world, (await make.account(world, { name: 'Ash' })).admin);
    await office.submit(await office.get('/settings/chat'), '/settings/chat/removal', {});
    await make.request(world, (await make.account(world, { name: 'Birch' })).admin);
    t.is(await postToChat(world.deps), 0);
    t.deepEqual(chat.heard, []);
    const refused = await office.submit(await office.get('/settings/chat'), '/settings/chat', { url: '' });
    t.is(refused.status, 422);
    t.regex(refused.text, /Address is missing/);
  },
  ALLOWED,
);

onBothEngines(
  'a chat inside one’s own network takes a setting; a redirect is not followed',
  async (t, world) => {
    const { chat, office } = await setUp(t, world);
    await make.request(world, (await make.account(world, { name: 'Ash' })).admin);
    Object.assign(world.deps, { config: { ...world.deps.config, webhookNetworks: [] } });
    t.is(await postToChat(world.deps), 0);
    t.deepEqual(chat.heard, []);
    t.regex((await office.get('/settings/chat')).text, /in a private network\. Add its address to WEBHOOK_NETWORKS/);
    const refused = await office.submit(await office.get('/settings/chat'), '/settings/chat', {
      url: chat.url,
      events: ['new'],
    } as never);
    t.is(refused.status, 422);
    t.notRegex(refused.html, /s3cret/, 'what was typed is a secret');
    Object.assign(world.deps, { config: { ...world.deps.config, webhookNetworks: ['127.0.0.1'] } });
    chat.status = 302;
    world.now += MINUTE;
    t.is(await postToChat(world.deps), 0);
    t.like(await world.db('chat_posts').first(), { status: 'waiting', tries: 2 });
  },
  ALLOWED,
);

onBothEngines(
  'two processes claim a post once, 10 rounds',
  async (t, world) => {
    await setUp(t, world);
    await make.request(world, (await make.account(world, { name: 'Ash' })).admin);
    for (let round = 0; round < 10; round += 1) {
      await world.db('chat_posts').update({ next_at: world.now });
      const claim = () => claimPost(world.db, world.now, world.now + MINUTE);
      const claimed = await Promise.all([claim(), claim()]);
      t.is(claimed.filter((post) => post !== undefined).length, 1);
    }
  },
  ALLOWED,
);

ava('a webhook’s address is https, or in a network that is named', (t) => {
  const own = ['127.0.0.1', '10.1.0.0/16', 'fd00::/8'];
  for (const good of ['https://hooks.example/services/T0/B0/x', ' https://a.example/y ', 'https://93.184.216.34/x'])
    t.truthy(readWebhook(good, []), good);
  for (const good of ['http://127.0.0.1:8065/hooks/x', 'http://10.1.2.3/x', 'https://[fd00::1]/x'])
    t.truthy(readWebhook(good, own), good);
  for (const bad of ['', 'hooks.example', 'http://hooks.example/x', 'https://me:pw@hooks.example/', 'ftp://a.example'])
    t.is(readWebhook(bad, own), undefined, bad);
  for (const bad of ['file:///etc/passwd', 'javascript:alert(1)', 'http://localhost/x', 'http://10.2.0.1/x'])
    t.is(readWebhook(bad, own), undefined, bad);
});

ava('addresses of one’s own networks are reached in no spelling, unless they are named', (t) => {
  const url = new URL('https://hooks.example/x');
  const inside = ['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'];
  const six = ['::1', '::', 'fe80::1', 'fd00::1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1', 'ff02::1'];
  for (const address of [...inside, ...six, 'x']) t.false(mayReach(url, address, []), address);
  for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])
    t.true(mayReach(url, address, []), address);
  t.false(mayReach(new URL('http://hooks.example/x'), '93.184.216.34', []), 'never in the clear');
  t.true(mayReach(url, '::ffff:10.0.0.7', ['10.0.0.0/24']));
  for (const host of ['2130706433', '0x7f.1', '127.1', '[::ffff:7f00:1]'])
    t.is(readWebhook(`https://${host}/x`, []), undefined, host);
});

ava('a name that stands for this machine is not connected to', async (t) => {
  const chat = await chatServer(t);
  const { port } = new URL(chat.url);
  const named = new URL(`https://localhost:${port}/hook`);
  await t.throwsAsync(postJson(named, { text: 'x' }, []), { code: NOT_ALLOWED });
  await t.throwsAsync(postJson(new URL(chat.url), { text: 'x' }, []), { code: NOT_ALLOWED });
  t.deepEqual(chat.heard, []);
  t.is((await postJson(new URL(chat.url), { text: 'x' }, ['127.0.0.1'])).status, 200);
});

ava('a server that changes the protocol, or closes, has not taken it', async (t) => {
  for (const says of ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', '']) {
    const server = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(says));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await t.throwsAsync(postJson(new URL(`http://127.0.0.1:${port}/`), { text: 'x' }, ['127.0.0.1']));
    server.close();
  }
});

ava('a sealed address is opened by the same secret alone', (t) => {
  const sealed = sealUrl('one', 'https://hooks.example/x');
  t.is(openUrl('one', sealed), 'https://hooks.example/x');
  t.is(openUrl('other', sealed), null);
  t.false(sealed.includes('hooks'));
});

ava('a customer’s name notifies nobody and has lost its markup', (t) => {
  t.is(harmless('*Ash* <!channel|x> `rm` @all & [a](b)'), 'Ash !channel x rm @\u200ball a (b)');
});
