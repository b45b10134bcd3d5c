// The router as Postfix meets it: right answers in order, and nothing that a client sends stops it or another client.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { moveDomain } from '../../src/domains/actions.ts';
import type { Domain } from '../../src/domains/domain.ts';
import { findDomainOf } from '../../src/domains/store.ts';
import { netstring, readNetstring } from '../../src/routing/postfix/netstring.ts';
import { readRequest } from '../../src/routing/postfix/policy-protocol.ts';
import { policyService } from '../../src/routing/postfix/policy-service.ts';
import { socketmap } from '../../src/routing/postfix/socketmap.ts';
import { listen } from '../../src/routing/servers/tcp.ts';
import * as make from '../support/make.ts';
import { createWorld, MINUTE, onBothEngines, type World } from '../support/world.ts';
import { mapClient, mapRequest, policyClient, policyRequest, rcptRequest, startRouter } from './mail-server.ts';
import { complete, pause, routerOver, spentOf, warmingAccount } from './scene.ts';

/** The listeners over a world, without a process of their own. */
async function listening(t: ExecutionContext, world: World, { namesFallback = false, silentMs = 100_000 } = {}) {
  const desk = await routerOver(world);
  const on = { host: '127.0.0.1', port: 0, log: world.deps.log, silentMs };
  const policy = await listen(
    policyService({ router: desk.router, namesFallback, log: world.deps.log, patience: MINUTE }),
    on,
  );
  const map = await listen(socketmap(desk.router), on);
  t.teardown(async () => {
    await Promise.all([policy.stop(), map.stop()]);
    await desk.leases.settled();
  });
  return { ...desk, policy, map };
}

/** Resolves once the connection is closed, in whatever way. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) return resolve();
    socket.on('error', () => {});
    socket.once('close', () => resolve());
  });
/** An account whose first domain is in the transactional pool. */
async function inThePool(world: World) {
  const acme = await make.account(world, { usage: 'transactional' });
  const [receipts] = acme.domains;
  await make.decided(world, await make.poolRequest(world, acme.admin, Number(receipts?.id)));
  return { acme, receipts };
}

onBothEngines(
  'C-15: Postfix is told the IP of a warming message, and left alone with what goes the usual way',
  async (t, world) => {
    const { domain, address } = await warmingAccount(world, { cap: 500, target: 1000 });
    const { policy, leases } = await listening(t, world);
    const client = policyClient(policy.port);
    const answers = new Map<string, number>();
    for (let i = 0; i < 60; i += 1) {
      const request = policyRequest({
        sender: `a@${domain.toUpperCase()}`,
        recipient: 'b@x.example',
        instance: `${i}`,
      });
      const answer = await client.ask(request);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      await leases.settled();
    }
    const filter = `action=FILTER ip-${address.replaceAll('.', '-')}:\n\n`;
    t.deepEqual([...answers.keys()].sort(), ['action=DUNNO\n\n', filter].sort());
    t.true((answers.get(filter) ?? 0) > 15);
    client.socket.destroy();
  },
);

onBothEngines(
  'C-16: recipients are only noted; at the end of the message all of them get one answer and are charged once',
  async (t, world) => {
    const { domain, address, ipId } = await warmingAccount(world, { cap: 40, slowed: { gmail: 3 } });
    const { policy, leases } = await listening(t, world);
    const client = policyClient(policy.port);
    const hand = async (instance: string, recipients: string[], recipient_count = recipients.length) => {
      for (const recipient of recipients)
        t.is(await client.ask(rcptRequest({ sender: `a@${domain}`, recipient, instance })), 'action=DUNNO\n\n');
      return client.ask(policyRequest({ sender: `a@${domain}`, recipient: '', instance, recipient_count }));
    };
    const to = (count: number, domain = 'x.example') => Array.from({ length: count }, (_, i) => `r${i}@${domain}`);
    const filter = `action=FILTER ip-${address.replaceAll('.', '-')}:\n\n`;
    t.is(await hand('wide', to(20)), filter, 'also the first of a day, which waits for its block of the cap');
    t.is(await hand('some were refused', to(9), 5), filter);
    t.is(await hand('two of Gmail', [...to(2, 'gmail.com'), ...to(2)]), filter);
    t.is(await hand('more of Gmail than is left', [...to(2, 'gmail.com'), ...to(2)]), 'action=DUNNO\n\n');
    t.is(await hand('not named', [], 2), 'action=DUNNO\n\n', 'some of them may be at Gmail');
    t.is(await hand('above what is left', to(11)), 'action=DUNNO\n\n', 'one of the 11 is kept for Gmail');
    t.is(await hand('all that is left', to(10)), filter);
    for (const recipient of to(5))
      await client.ask(rcptRequest({ sender: `a@${domain}`, recipient, instance: 'reset before it was whole' }));
    await leases.close();
    t.deepEqual([await spentOf(world, ipId), await spentOf(world, ipId, 'gmail')], [39, 2]);
  },
);

onBothEngines('answers behind one that waits for a block come in their order', async (t, world) => {
  const { domain, address } = await warmingAccount(world, { cap: 40 });
  const { policy } = await listening(t, world);
  const client = policyClient(policy.port);
  const about = (sender: string, instance: string) => policyRequest({ sender, recipient: 'b@x.example', instance });
  const all = [about(`a@${domain}`, '1'), about('a@elsewhere.example', '2'), about(`a@${domain}`, '3')].join('');
  client.socket.write(all.slice(0, -20));
  client.socket.write(all.slice(-20));
  const filter = `action=FILTER ip-${address.replaceAll('.', '-')}:\n\n`;
  t.deepEqual(await client.answers(3), [filter, 'action=DUNNO\n\n', filter]);
});

onBothEngines('where Postfix asks about no message, the log says what is missing', async (t, world) => {
  const { domain } = await warmingAccount(world, { cap: 40 });
  const { policy } = await listening(t, world);
  const client = policyClient(policy.port);
  const named = rcptRequest({ sender: `a@${domain}`, recipient: 'b@x.example', instance: '1' });
  for (let i = 0; i < 10; i += 1) {
    client.socket.write(named.repeat(1_000), 'latin1');
    await client.answers(1_000);
  }
  t.is(world.logLines.filter((line) => /asks about no message/.test(line)).length, 1);
});

onBothEngines(
  'S-26: once an IP is paused, Postfix is told by name where the rest of a message goes that was to go over it',
  async (t, world) => {
    const { domain, address, allocationId } = await warmingAccount(world, { cap: 1000 });
    const { policy, leases, state } = await listening(t, world);
    const client = policyClient(policy.port);
    const about = (instance: string, recipient: string) =>
      client.ask(policyRequest({ sender: `a@${domain}`, recipient, instance }));
    await about('asks for a block', 'a@x.example');
    await leases.settled();
    t.is(await about('m', 'a@x.example'), `action=FILTER ip-${address.replaceAll('.', '-')}:\n\n`);
    await pause(world, allocationId);
    await state.refresh();
    // DUNNO would leave the FILTER of the first recipient in force, which holds for the whole message.
    t.is(await about('m', 'b@x.example'), 'action=FILTER shared-us:\n\n');
    t.is(await about('m', 'c@x.example'), 'action=DUNNO\n\n', 'the last FILTER holds');
    t.is(await about('another', 'a@x.example'), 'action=DUNNO\n\n');
    client.socket.destroy();
  },
);

onBothEngines(
  'C-06: Postfix refuses campaigns of a domain in the transactional pool, and takes its transactional mail',
  async (t, world) => {
    const { receipts } = await inThePool(world);
    const { policy, map } = await listening(t, world);
    const client = policyClient(policy.port);
    const from = { sender: `a@${receipts?.name}`, recipient: 'b@x.example', instance: '1' };
    t.regex(
      await client.ask(policyRequest({ ...from, policy_context: 'marketing' })),
      /^action=REJECT 5\.7\.1 news\.acme\.example is in the transactional pool, so it cannot send campaigns/,
    );
    t.is(await client.ask(policyRequest({ ...from, policy_context: 'transactional' })), 'action=DUNNO\n\n');
    t.is(await client.ask(policyRequest(from)), 'action=DUNNO\n\n', 'it is used for transactional mail only');
    t.is(await mapClient(map.port).ask(mapRequest(from.sender)), '20:OK transactional-us:,');
  },
);

onBothEngines(
  'C-06: a campaign is refused however its domain is written, and with a return address below it',
  async (t, world) => {
    const { receipts } = await inThePool(world);
    const { policy, map } = await listening(t, world);
    const client = policyClient(policy.port);
    for (const name of [
      receipts?.name,
      'NEWS.Acme.Example',
      'news.acme.example.',
      'bounce.news.acme.example',
      'a.b.news.acme.example',
    ]) {
      for (const protocol_state of ['RCPT', 'DATA', 'END-OF-MESSAGE']) {
        const from = { sender: `a@${name}`, recipient: 'b@x.example', instance: `${name}`, protocol_state };
        t.regex(await client.ask(policyRequest({ ...from, policy_context: 'marketing' })), /^action=REJECT/, name);
      }
    }
    const below = { sender: 'a@bounce.news.acme.example', recipient: 'b@x.example', instance: '1' };
    t.is(await client.ask(policyRequest(below)), 'action=FILTER transactional-us:\n\n', 'no table has the name');
    t.is(await mapClient(map.port).ask(mapRequest(below.sender)), '20:OK transactional-us:,');
    for (const name of ['acme.example', 'xnews.acme.example', 'example', `${'a.'.repeat(2000)}news.acme.example`]) {
      const from = { sender: `a@${name}`, recipient: 'b@x.example', instance: name, policy_context: 'marketing' };
      t.is(await client.ask(policyRequest(from)), 'action=DUNNO\n\n', `${name.slice(-30)} is not ours`);
    }
  },
);

onBothEngines(
  'C-06: campaigns of a domain that left the transactional pool do not go where the table of senders sends its receipts',
  async (t, world) => {
    const { acme } = await inThePool(world);
    const pooled = await findDomainOf(world.db, acme.id, Number(acme.domains[0]?.id));
    const by = { person: acme.admin, at: world.now };
    await world.db.transaction((trx) => moveDomain(actIn(trx, by), pooled as Domain, 'dedicated'));
    const { policy, map, state } = await listening(t, world);
    const sender = `a@${acme.domains[0]?.name}`;
    t.like(state.find('news.acme.example'), { route: 'dedicated', sharedPool: 'transactional' });
    t.is(await mapClient(map.port).ask(mapRequest(sender)), '20:OK transactional-us:,');
    const client = policyClient(policy.port);
    const ask = (policy_context: string) =>
      client.ask(policyRequest({ sender, recipient: 'b@x.example', instance: policy_context, policy_context }));
    t.is(await ask('transactional'), 'action=DUNNO\n\n');
    t.is(await ask('marketing'), 'action=FILTER shared-us:\n\n');
    const dedicated = await findDomainOf(world.db, acme.id, Number(acme.domains[0]?.id));
    await world.db.transaction((trx) => moveDomain(actIn(trx, by), dedicated as Domain, 'default'));
  },
);

onBothEngines(
  'the map names the pool, or the IP once it carries all; what is not ours is not found',
  async (t, world) => {
    const { domain, address, allocationId } = await warmingAccount(world, { cap: 500, target: 1000 });
    const { map, state, policy } = await listening(t, world);
    const client = mapClient(map.port);
    t.is(await client.ask(mapRequest(`a@${domain}`)), '13:OK shared-us:,');
    t.is(await client.ask(mapRequest(`@${domain}`)), '13:OK shared-us:,');
    for (const strange of ['<>', 'a@elsewhere.example', '', 'a', '@', 'a@b@c', 'ü@ü.example']) {
      t.is(await client.ask(Buffer.from(mapRequest(strange)).toString('latin1')), '9:NOTFOUND ,', strange);
    }
    await complete(world, allocationId);
    await state.refresh();
    const name = `ip-${address.replaceAll('.', '-')}`;
    t.is(await client.ask(mapRequest(`a@${domain}`)), netstring(`OK ${name}:`), 'C-17');
    const request = policyRequest({ sender: `a@${domain}`, recipient: 'b@x.example', instance: '1' });
    t.is(await policyClient(policy.port).ask(request), 'action=DUNNO\n\n');
  },
);

onBothEngines('C-15: a domain with letters beyond ASCII is found by either of its names', async (t, world) => {
  const { domain, allocationId } = await warmingAccount(world, { cap: 500 });
  await world.db('domains').where({ name: domain }).update({ name: 'xn--bcher-kva.example' });
  await complete(world, allocationId);
  const { map, policy } = await listening(t, world, { namesFallback: true });
  const answers = new Set<string>();
  for (const name of ['Bücher.example', 'bücher.example', 'xn--bcher-kva.example', 'XN--BCHER-KVA.example.']) {
    const bytes = (text: string) => Buffer.from(text).toString('latin1');
    const inMap = await mapClient(map.port).ask(bytes(mapRequest(`a@${name}`)));
    t.regex(inMap, /^\d+:OK ip-/, name);
    const request = policyRequest({ sender: `a@${name}`, recipient: 'b@x.example', instance: name });
    answers.add(await policyClient(policy.port).ask(bytes(request)));
  }
  t.is(answers.size, 1);
  t.regex([...answers].join(), /^action=FILTER ip-/);
});

onBothEngines('S-04: mail that may leave from nowhere waits, and Postfix is told why', async (t, world) => {
  const { domain, ipId } = await warmingAccount(world, { cap: 500, region: 'eu' });
  await world.db('route_spending').insert({ ip_id: ipId, day: dayOf(world.now), provider: '', spent: 500 });
  const pools = world.deps.policy.document.pools.filter(({ region }) => region === 'us');
  Object.assign(world.deps.policy, { document: { ...world.deps.policy.document, pools } });
  const { policy, map } = await listening(t, world);
  const request = policyRequest({ sender: `a@${domain}`, recipient: 'b@x.example', instance: '1' });
  t.regex(await policyClient(policy.port).ask(request), /^action=DEFER 4\.7\.1 There is no shared pool in the EU/);
  t.regex(await mapClient(map.port).ask(mapRequest(`a@${domain}`)), /^\d+:OK retry:4\.7\.1 There is no shared pool/);
});

onBothEngines('C-02: a map refuses the mail of a domain that is stopped', async (t, world) => {
  const acme = await make.account(world);
  const name = acme.domains[0]?.name;
  await world.db('domains').where({ name }).update({ stopped_at: world.now });
  const { map } = await listening(t, world);
  t.regex(await mapClient(map.port).ask(mapRequest(`a@${name}`)), /^\d+:OK error:5\.7\.1 \S+ is stopped/);
});

onBothEngines('without a map each answer names the transport', async (t, world) => {
  const acme = await make.account(world);
  const { policy } = await listening(t, world, { namesFallback: true });
  const client = policyClient(policy.port);
  const from = (sender: string) => policyRequest({ sender, recipient: 'b@x.example', instance: '1' });
  t.is(await client.ask(from(`a@${acme.domains[0]?.name}`)), 'action=FILTER shared-us:\n\n', 'C-01');
  t.is(await client.ask(from('a@elsewhere.example')), 'action=DUNNO\n\n');
  t.is(await client.ask(from('')), 'action=DUNNO\n\n');
});

onBothEngines('requests that come together are answered in their order, also cut anywhere', async (t, world) => {
  const acme = await make.account(world);
  const { policy, map } = await listening(t, world, { namesFallback: true });
  const known = `a@${acme.domains[0]?.name}`;
  const wanted = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? known : 'a@elsewhere.example'));
  const requests = wanted
    .map((sender, i) => policyRequest({ sender, recipient: 'b@x.example', instance: `${i}` }))
    .join('');
  const client = policyClient(policy.port);
  for (let from = 0; from < requests.length; from += 997) client.socket.write(requests.slice(from, from + 997));
  const answers = await client.answers(200);
  t.deepEqual(
    answers,
    wanted.map((sender) => (sender === known ? 'action=FILTER shared-us:\n\n' : 'action=DUNNO\n\n')),
  );
  const maps = mapClient(map.port);
  for (const byte of wanted.slice(0, 20).map(mapRequest).join('')) maps.socket.write(byte);
  t.deepEqual(
    await maps.answers(20),
    wanted.slice(0, 20).map((sender) => (sender === known ? '13:OK shared-us:,' : '9:NOTFOUND ,')),
  );
});

onBothEngines('what cannot be read closes its own connection only', async (t, world) => {
  const acme = await make.account(world);
  const { policy, map } = await listening(t, world);
  const good = { policy: policyClient(policy.port), map: mapClient(map.port) };
  const works = async (what: string) => {
    const request = policyRequest({ sender: `a@${acme.domains[0]?.name}`, recipient: 'b@x.example', instance: '1' });
    t.is(await good.policy.ask(request), 'action=DUNNO\n\n', what);
    t.is(await good.map.ask(mapRequest(`a@${acme.domains[0]?.name}`)), '13:OK shared-us:,', what);
  };
  const bad = {
    policy: ['request=other\n\n', 'nonsense\n\n', '\n\n', `request=smtpd_access_policy\nsender=${'a'.repeat(20_000)}`]
      .concat(
        `request=smtpd_access_policy\nsender=${'a'.repeat(20_000)}\n\n`,
        'request=smtpd_access_policy\nsender=a\0b\n\n',
      )
      .concat('GET / HTTP/1.1\r\nHost: x\n\n', '\0\0\0\n\n'),
    map: ['x', ':a,', '5:abcdeX', '-1:a,', '999999:', '00000001:', '10001:', '3:abc,', '\0', 'GET / HTTP/1.1\r\n'],
  };
  for (const name of ['policy', 'map'] as const) {
    for (const bytes of bad[name]) {
      const client = name === 'policy' ? policyClient(policy.port) : mapClient(map.port);
      client.socket.write(bytes);
      await closed(client.socket);
      await works(`${name}: ${bytes.slice(0, 30)}`);
    }
  }
});

onBothEngines(
  'a request without its end, and a connection that says nothing, are closed after a while',
  async (t, world) => {
    const { policy } = await listening(t, world, { silentMs: 1_000 });
    const [half, silent] = [policyClient(policy.port), policyClient(policy.port)];
    half.socket.write('request=smtpd_access_policy\nsender=a@b.example\n');
    await Promise.all([closed(half.socket), closed(silent.socket)]);
    t.pass();
  },
);

onBothEngines(
  'C-06: a connection that had its answer stays open, so the next message is asked about too',
  async (t, world) => {
    const { policy, map } = await listening(t, world, { silentMs: 2_000 });
    const [mail, look] = [policyClient(policy.port), mapClient(map.port)];
    const request = policyRequest({ sender: 'a@b.example', instance: '1' });
    const both = () => Promise.all([mail.ask(request), look.ask(mapRequest('a@b.example'))]);
    const first = await both();
    const silent = policyClient(policy.port);
    await closed(silent.socket);
    t.deepEqual(await both(), first, 'they were silent for as long as another one that was closed');
    mail.socket.write(request.slice(0, 40));
    await closed(mail.socket);
  },
);

onBothEngines('a client that only writes gets no more answers than it takes', async (t, world) => {
  const { policy } = await listening(t, world);
  const greedy = policyClient(policy.port);
  greedy.socket.pause();
  const many = policyRequest({ sender: 'a@b.example', instance: '1' }).repeat(2000);
  // Both sides' buffers fill, and then its writes are not taken any more.
  let isTaken = true;
  for (let i = 0; i < 400 && isTaken; i += 1) {
    isTaken = greedy.socket.write(many);
    if (isTaken) continue;
    const drained = once(greedy.socket, 'drain').then(() => true);
    isTaken = await Promise.race([drained, answersOthers(policy.port).then(() => false)]);
  }
  t.false(isTaken);
  greedy.socket.destroy();
});

/** A few hundred answers for another client. */
async function answersOthers(port: number): Promise<void> {
  const other = policyClient(port);
  for (let i = 0; i < 300; i += 1) await other.ask(policyRequest({ sender: 'a@b.example', instance: `${i}` }));
  other.socket.destroy();
}

onBothEngines('a half-open client gets its answer', async (t, world) => {
  const { policy } = await listening(t, world);
  const client = policyClient(policy.port);
  client.socket.end(policyRequest({ sender: 'a@b.example', instance: '1' }));
  t.deepEqual(await client.answers(), ['action=DUNNO\n\n']);
});

test('10,000 idle connections leave the others their answers', async (t) => {
  t.timeout(10 * MINUTE);
  const world = await createWorld(t);
  const router = await startRouter(t, world.databaseUrl, ['--policy', '0']);
  const idle: Socket[] = [];
  for (let i = 0; i < 10_000; i += 500) {
    const some = Array.from({ length: 500 }, () => connect({ port: router.policy, host: '127.0.0.1' }));
    idle.push(...some);
    await Promise.all(some.map((socket) => once(socket, 'connect')));
  }
  const client = policyClient(router.policy);
  for (let i = 0; i < 100; i += 1) {
    t.is(await client.ask(policyRequest({ sender: 'a@b.example', instance: `${i}` })), 'action=DUNNO\n\n');
  }
  const gone = Promise.all(idle.map((socket) => once(socket, 'close')));
  for (const socket of idle) socket.resume();
  router.child.kill('SIGTERM');
  await gone;
  t.deepEqual(await router.ended, { code: 0, signal: null });
});

onBothEngines('it stops on SIGTERM with connections open, and what was held is given back', async (t, world) => {
  world.now = Date.now();
  const { domain, ipId } = await warmingAccount(world, { cap: 1000 });
  const router = await startRouter(t, world.databaseUrl);
  const client = policyClient(router.policy);
  let over = 0;
  for (let i = 0; over < 10; i += 1) {
    const request = policyRequest({ sender: `a@${domain}`, recipient: 'b@x.example', instance: `${i}` });
    if ((await client.ask(request)).includes('FILTER')) over += 1;
  }
  router.child.kill('SIGTERM');
  t.deepEqual(await router.ended, { code: 0, signal: null });
  const rows = await world.db('route_spending').where({ ip_id: ipId });
  t.is(
    rows.reduce((sum, row) => sum + row.spent, 0),
    10,
  );
});

test('any bytes are read as a request, as the beginning of one, or as none', (t) => {
  const text = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(text, (bytes) => {
      readRequest(bytes);
      const read = readNetstring(bytes, 0);
      t.true(read === null || read === undefined || read.end <= bytes.length);
      t.deepEqual(readNetstring(netstring(bytes.slice(0, 100)), 0)?.text, bytes.slice(0, 100));
    }),
  );
});
