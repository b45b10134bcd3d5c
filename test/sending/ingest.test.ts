import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { ingest, mailLog, message, noise, queued, removed, tried } from '../support/mail-log.ts';
import * as make from '../support/make.ts';
import { counted, dayText, reporting } from '../support/reporting.ts';
import { DAY, HOUR, MINUTE, onBothEngines } from '../support/world.ts';

const figures = (line = ''): string => line.split(' ').slice(5, 10).join(' ');

onBothEngines('Postfix’s log is counted by IP or pool, provider and outcome', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  const at = world.now - MINUTE;
  log.add(
    ...noise(at),
    ...message({ at, id: 'A1B2C3D4E5' }),
    ...message({ at, id: 'A1B2C3D4E6', to: 'BO@Googlemail.com', status: 'bounced' }),
    ...message({ at, id: 'A1B2C3D4E7', to: 'cy@firm.example', relay: 'aspmx.l.google.com[142.250.27.27]:25' }),
    ...message({
      at,
      id: 'A1B2C3D4E8',
      to: 'di@corp.example',
      relay: 'corp-example.mail.protection.outlook.com[52.101.8.1]:25',
    }),
    ...message({
      at,
      id: 'A1B2C3D4E9',
      to: 'ed@corp.example',
      relay: 'mx.corp.example[198.51.100.9]:25',
      transport: 'shared-us',
    }),
    queued({ at, id: 'A1B2C3D4EA' }),
    tried({ at, id: 'A1B2C3D4EA', to: 'flo@yahoo.com', status: 'deferred', relay: 'none' }),
  );
  const run = await ingest(world, log.path);
  t.like(run, { files: 1, records: 6, sent: 6, delivered: 4, deferred: 1, bounced: 1 });
  const today = dayText(world);
  t.deepEqual(await counted(world), [
    `${today} shop.acme.example 192.0.2.1 gmail marketing 3 2 0 1 0 -`,
    `${today} shop.acme.example 192.0.2.1 microsoft-365 marketing 1 1 0 0 0 -`,
    `${today} shop.acme.example 192.0.2.1 yahoo marketing 1 0 1 0 0 -`,
    `${today} shop.acme.example shared-us other marketing 1 1 0 0 0 -`,
  ]);
});

onBothEngines('reading a log twice counts once; what is new is added', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  log.add(...message({ at: world.now, id: 'A1B2C3D4E5' }));
  await ingest(world, log.path);
  t.like(await ingest(world, log.path), { lines: 0, records: 0 });
  log.add(...message({ at: world.now, id: 'A1B2C3D4E6' }));
  t.like(await ingest(world, log.path), { lines: 3, records: 1 });
  t.deepEqual((await counted(world)).map(figures), ['2 2 0 0 0']);
});

onBothEngines('a half-written last line waits for its end', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  const whole = tried({ at: world.now });
  log.add(queued({ at: world.now }));
  log.addText(whole.slice(0, 90));
  t.like(await ingest(world, log.path), { lines: 1, records: 0 });
  log.addText(`${whole.slice(90)}\n`);
  t.like(await ingest(world, log.path), { lines: 1, records: 1, delivered: 1 });
});

onBothEngines(
  'a run that begins between sender and outcome still finds the sender, across rotation',
  async (t, world) => {
    await reporting(world);
    const log = mailLog(t);
    log.add(queued({ at: world.now, id: 'A1B2C3D4E5' }), queued({ at: world.now, id: 'A1B2C3D4E6' }));
    await ingest(world, log.path);
    log.add(tried({ at: world.now, id: 'A1B2C3D4E5' }));
    log.rotate();
    log.add(tried({ at: world.now, id: 'A1B2C3D4E6' }), removed({ at: world.now, id: 'A1B2C3D4E6' }));
    t.like(await ingest(world, log.path), { files: 2, records: 2, delivered: 2 });
    t.deepEqual((await counted(world)).map(figures), ['2 2 0 0 0']);
    const left = await world.db('sending_queue').pluck('message');
    t.deepEqual(left, ['mx1 A1B2C3D4E5'], 'what left the queue is forgotten');
  },
);

onBothEngines('rotation loses nothing and counts nothing twice, whatever the old log is called', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  log.add(...message({ at: world.now, id: 'A1B2C3D4E0' }));
  await ingest(world, log.path);
  for (const [index, name] of ['mail.log.1', 'mail.log-20261123', 'mail.log.2'].entries()) {
    log.add(...message({ at: world.now + 1000 * index, id: `A1B2C3D4E${index}` }));
    log.rotate(name);
    log.add(...message({ at: world.now + 1000 * index + 500, id: `A1B2C3D4F${index}` }));
    t.like(await ingest(world, log.path), { files: 2, records: 2 });
    t.like(await ingest(world, log.path), { records: 0 });
  }
  t.deepEqual((await counted(world)).map(figures), ['7 7 0 0 0']);
});

onBothEngines('a rotated log that was never begun is left alone', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  log.add(...message({ at: world.now - DAY, id: 'A1B2C3D4E0' }));
  log.rotate();
  log.add(...message({ at: world.now, id: 'A1B2C3D4E1' }));
  t.like(await ingest(world, log.path), { files: 1, records: 1 });
});

onBothEngines('a retry counts neither as sent nor as deferred again, also minutes later', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  const at = world.now - 3 * HOUR;
  log.add(
    queued({ at }),
    tried({ at, status: 'deferred' }),
    // Somebody flushed the queue at once: nothing in the line itself says that this is a retry.
    tried({ at: at + 20_000, status: 'deferred', delay: 21, before: 20 }),
  );
  await ingest(world, log.path);
  log.add(
    queued({ at: at + 60_000 }),
    tried({ at: at + 60_000, status: 'deferred', delay: 61, before: 60 }),
    queued({ at: at + 900_000 }),
    tried({ at: at + 900_000, delay: 901, before: 900 }),
    removed({ at: at + 900_000 }),
  );
  await ingest(world, log.path);
  t.deepEqual((await counted(world)).map(figures), ['1 1 1 0 0']);
});

onBothEngines(
  'a message that expires in the queue has bounced for recipients that were deferred, and for nobody else',
  async (t, world) => {
    await reporting(world);
    const log = mailLog(t);
    const at = world.now - 2 * HOUR;
    const late = world.now;
    log.add(
      queued({ at }),
      tried({ at, to: 'ada@gmail.com' }),
      tried({ at, to: 'bo@gmail.com', status: 'deferred' }),
      tried({ at, to: 'cy@yahoo.com', status: 'deferred', transport: 'shared-us' }),
      tried({ at, to: 'di@gmail.com', status: 'deferred' }),
    );
    await ingest(world, log.path);
    log.add(
      tried({ at: late, to: 'di@gmail.com', delay: 7200, before: 7199 }),
      queued({ at: late }).replace(/size=.*$/, 'status=expired, returned to sender'),
      removed({ at: late }),
    );
    await ingest(world, log.path);
    const today = dayText(world);
    t.deepEqual(await counted(world), [
      `${today} shop.acme.example 192.0.2.1 gmail marketing 3 2 2 1 0 -`,
      `${today} shop.acme.example shared-us yahoo marketing 1 0 1 1 0 -`,
    ]);
  },
);

onBothEngines('outcomes count for the day on which the message arrived', async (t, world) => {
  const { allocationId } = await reporting(world);
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - 5 * DAY });
  const log = mailLog(t);
  const yesterday = world.now - DAY;
  log.add(
    queued({ at: yesterday }),
    tried({ at: yesterday, status: 'deferred' }),
    tried({ at: world.now, delay: 86_401, before: 86_400 }),
    removed({ at: world.now }),
  );
  await ingest(world, log.path);
  t.deepEqual(await counted(world), [`${dayText(world, 1)} shop.acme.example 192.0.2.1 gmail marketing 1 1 1 0 0 -`]);
});

onBothEngines('where the first try was never seen, sent is as much as what became of it', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  for (const [index, status] of (['sent', 'bounced', 'sent'] as const).entries()) {
    const one = { at: world.now, id: `A1B2C3D4E${index}`, status, delay: 4000, before: 3999 };
    log.add(...message(one));
  }
  await ingest(world, log.path);
  t.deepEqual((await counted(world)).map(figures), ['3 2 0 1 0']);
});

onBothEngines('what is not ours is skipped and told: other ways, senders and accounts', async (t, world) => {
  await reporting(world);
  await make.account(world, { name: 'Other', weekly: null });
  const log = mailLog(t);
  const at = world.now;
  const line = tried({ at, id: 'B1B2C3D4E0' });
  log.add(
    ...message({ at, id: 'A1B2C3D4E0', transport: 'relay' }),
    ...message({ at, id: 'A1B2C3D4E1', transport: 'ip-203-0-113-9' }),
    ...message({ at, id: 'A1B2C3D4E2', from: 'x@nobody.example' }),
    ...message({ at, id: 'A1B2C3D4E3', from: '' }),
    ...message({ at, id: 'A1B2C3D4E4', from: 'x@news.other.example' }),
    ...message({ at: at + 3 * DAY, id: 'A1B2C3D4E5' }),
    line,
    line.replace('/ip-192-0-2-1/', '/'),
    ...message({ at, id: 'A1B2C3D4E6', from: 'bounces+ada=gmail.com@bounce.shop.acme.example' }),
  );
  const run = await ingest(world, log.path);
  t.deepEqual(run.skipped, {
    'not ours': 2,
    'no sender': 1,
    'unknown domain': 1,
    'another account’s IP': 1,
    future: 1,
    'unknown sender': 2,
    'own fault': 0,
    'no such mail': 0,
  });
  t.deepEqual((await counted(world)).map(figures), ['1 1 0 0 0'], 'a domain below a customer’s is the customer’s');
});

onBothEngines('mail of a transactional domain is transactional', async (t, world) => {
  const { domain } = await reporting(world);
  await world.db('domains').where({ id: domain.id }).update({ usage: 'transactional' });
  const log = mailLog(t);
  log.add(...message({ at: world.now }));
  await ingest(world, log.path);
  t.regex((await counted(world))[0] ?? '', / gmail transactional 1 1 0 0 0/);
});

onBothEngines(
  'dates of the older form are read too, of the year before where they would lie ahead',
  async (t, world) => {
    const { allocationId } = await reporting(world);
    await world
      .db('allocations')
      .where({ id: allocationId })
      .update({ allocated_at: world.now - 400 * DAY });
    const log = mailLog(t);
    const written = (at: number) => {
      const [, month = '', day = '', , time = ''] = new Date(at).toString().split(' ').toSpliced(3, 0, '');
      const [, clock = ''] = /(\d\d:\d\d:\d\d)/.exec(new Date(at).toString()) ?? [time];
      return `${month} ${String(Number(day)).padStart(2)} ${clock}`;
    };
    for (const [index, at] of [world.now - 340 * DAY, world.now - 335 * DAY].entries()) {
      log.add(...message({ at, id: `A1B2C3D4E${index}` }).map((line) => line.replace(/^\S+/, written(at))));
      utimesSync(log.path, at / 1000, at / 1000);
    }
    await ingest(world, log.path);
    t.deepEqual(
      (await counted(world)).map((line) => line.split(' ')[0]),
      [dayText(world, 340), dayText(world, 335)],
    );
  },
);

onBothEngines('two runs at once count once', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  for (let index = 0; index < 3000; index += 1)
    log.add(...message({ at: world.now, id: `A1B2C3D4E${index}`, to: `p${index}@gmail.com` }));
  const runs = await Promise.allSettled([1, 2, 3].map(() => ingest(world, log.path)));
  t.true(runs.some(({ status }) => status === 'fulfilled'));
  await ingest(world, log.path);
  t.deepEqual((await counted(world)).map(figures), ['3000 3000 0 0 0']);
});

onBothEngines('an outcome that cannot be read is told by its line, and stops nothing else', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  log.add('\u0000\u0001', 'x'.repeat(3_000_000), `${queued({ at: world.now }).slice(0, 60)}`);
  log.add(tried({ at: world.now }).replace('delays=0.02/', 'delays=abc/'));
  log.add(tried({ at: world.now }).replace(/^\S+/, '2026-99-99T99:99:99.0+00:00'));
  log.add(...message({ at: world.now }));
  const run = await ingest(world, log.path);
  t.like(run, { records: 1, delivered: 1 });
  t.deepEqual(
    run.unread.map(({ line }) => line),
    [3, 4, 5],
  );
  t.regex(run.unread[1]?.sentence ?? '', /cannot be read: 2026-11-23T.*delays=abc/);
  const again = await ingest(world, log.path);
  t.like(again, { lines: 0, records: 0 });
  t.is(again.unread.length, 3, 'they are told again until they are read');
});

onBothEngines('what could not be read is counted once as soon as it can be', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  const good = tried({ at: world.now });
  const odd = good.replace('delay=1.4,', 'delay=1,4,');
  log.add(queued({ at: world.now }), odd, ...message({ at: world.now, id: 'A1B2C3D4E6' }));
  t.is((await ingest(world, log.path)).unread.length, 1);
  const { size } = statSync(log.path);
  writeFileSync(log.path, readFileSync(log.path, 'utf8').replace(odd, good));
  t.is(statSync(log.path).size, size);
  t.like(await ingest(world, log.path), { delivered: 1, unread: [] });
  t.like(await ingest(world, log.path), { records: 0, unread: [] });
  t.deepEqual((await counted(world)).map(figures), ['2 2 0 0 0']);
});

onBothEngines(
  'a log that Postfix 3.7 wrote is counted, with retries three seconds after the first try',
  async (t, world) => {
    const { allocationId } = await reporting(world);
    await world
      .db('allocations')
      .where({ id: allocationId })
      .update({ allocated_at: world.now - DAY });
    // Two messages each to gmail.com, outlook.com, yahoo.com (deferred at first) and aol.com (refused).
    const lines = readFileSync(new URL('logs/postfix-3.7.log', import.meta.url), 'utf8')
      .trimEnd()
      .split('\n');
    const written = new Date(2026, 10, 27, 15, 53, 22).getTime();
    world.now = written + HOUR;
    const log = mailLog(t);
    // In three parts, as runs of every few seconds would read it, with a rotation.
    for (const [index, end] of [40, 77, lines.length].entries()) {
      log.add(...lines.slice([0, 40, 77][index], end));
      await ingest(world, log.path);
      if (index === 1) log.rotate();
    }
    const day = new Date(written).toISOString().slice(0, 10);
    t.deepEqual(await counted(world), [
      `${day} shop.acme.example 192.0.2.1 gmail marketing 2 2 0 0 0 -`,
      `${day} shop.acme.example 192.0.2.1 yahoo marketing 4 2 2 2 0 -`,
      `${day} shop.acme.example shared-us microsoft marketing 2 2 0 0 0 -`,
    ]);
    t.deepEqual(await world.db('sending_queue'), []);
  },
);

onBothEngines(
  'a hard log of Postfix 3.7: forged local parts, soft bounces, expiry, a receiver that forges too',
  async (t, world) => {
    const { allocationId } = await reporting(world);
    world.now = new Date(2026, 10, 28, 6, 34).getTime() + 12 * HOUR;
    await world
      .db('allocations')
      .where({ id: allocationId })
      .update({ allocated_at: world.now - 10 * DAY });
    await make.account(world, { name: 'Other', weekly: null });
    const log = mailLog(t);
    log.add(readFileSync(new URL('logs/postfix-3.7-hard.log', import.meta.url), 'utf8').trimEnd());
    const run = await ingest(world, log.path);
    t.deepEqual(run.unread, []);
    const day = new Date(world.now - 12 * HOUR).toISOString().slice(0, 10);
    t.deepEqual(await counted(world), [
      `${day} shop.acme.example 192.0.2.1 gmail marketing 6 1 0 5 0 -`,
      `${day} shop.acme.example 192.0.2.1 microsoft marketing 1 0 1 0 0 -`,
      `${day} shop.acme.example 192.0.2.1 other marketing 4 0 3 4 0 -`,
      `${day} shop.acme.example 192.0.2.1 yahoo marketing 2 1 2 0 0 -`,
    ]);
    t.like(run.skipped, { 'unknown domain': 1, 'unknown sender': 0, 'another account’s IP': 0 });
  },
);

onBothEngines('a message that postsuper queued again is the same message', async (t, world) => {
  const { allocationId } = await reporting(world);
  world.now = new Date(2026, 10, 28, 6, 36).getTime() + HOUR;
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - DAY });
  const log = mailLog(t);
  log.add(readFileSync(new URL('logs/postfix-3.7-requeued.log', import.meta.url), 'utf8').trimEnd());
  await ingest(world, log.path);
  t.deepEqual((await counted(world)).map(figures), ['1 0 1 0 0', '1 0 1 0 0']);
});

onBothEngines('what the mail server’s own settings break is not a bounce of an IP', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  const own = (id: string, dsn: string, reason: string) =>
    tried({ at: world.now, id, relay: 'none', status: 'bounced' })
      .replace(/dsn=\S+,/, `dsn=${dsn},`)
      .replace(/\(host.*/, `(${reason})`);
  for (const id of ['A1B2C3D4E1', 'A1B2C3D4E2', 'A1B2C3D4E3']) log.add(queued({ at: world.now, id }));
  log.add(
    own('A1B2C3D4E1', '5.4.6', 'mail for mta.example.net loops back to myself'),
    own(
      'A1B2C3D4E2',
      '5.4.4',
      'Host or domain name not found. Name service error for name=gmail.com type=AAAA: Host found but no data record of requested type',
    ),
    own(
      'A1B2C3D4E3',
      '5.4.4',
      'Host or domain name not found. Name service error for name=nosuch.example type=AAAA: Host not found',
    ),
  );
  const run = await ingest(world, log.path);
  t.is(run.skipped['own fault'], 2);
  t.deepEqual((await counted(world)).map(figures), ['1 0 0 1 0'], 'an address whose domain is gone has bounced');
});

onBothEngines('a log of Exim 4.96 is counted, by the address that Exim wrote before each try', async (t, world) => {
  const { allocationId } = await reporting(world);
  world.now = Date.UTC(2026, 10, 28, 12);
  await world.db('ips').where({ address: '192.0.2.1' }).update({ address: '127.0.0.2' });
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - DAY });
  const log = mailLog(t);
  log.add(readFileSync(new URL('logs/exim-4.96.log', import.meta.url), 'utf8').trimEnd());
  const run = await ingest(world, log.path, 'exim');
  t.deepEqual(run.unread, []);
  const about = '2026-11-28 shop.acme.example 127.0.0.2';
  t.deepEqual(await counted(world), [
    `${about} gmail marketing 4 2 0 2 0 -`,
    `${about} microsoft marketing 1 0 1 1 0 -`,
    `${about} other marketing 2 0 2 2 0 -`,
    `${about} yahoo marketing 2 1 2 1 0 -`,
  ]);
  t.like(run.skipped, { 'unknown sender': 0, 'not ours': 0 });
  t.deepEqual(await world.db('sending_queue'), []);
});

onBothEngines('Exim: what a receiver defers after the content (-46) is deferred, not held back', async (t, world) => {
  await reporting(world);
  const log = mailLog(t);
  const at = (second: number) => `${new Date(world.now + second * 1000).toISOString().slice(0, 19).replace('T', ' ')}`;
  // Exim's ids begin with the second of the arrival.
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let [begin, rest] = ['', Math.floor(world.now / 1000)];
  for (; begin.length < 6; rest = Math.floor(rest / 62)) begin = `${digits[rest % 62]}${begin}`;
  const id = `${begin}-0005j4-2Y`;
  const tried = `${id} warmdesk address=[<; 192.0.2.1] to=<ann@gmail.com>`;
  log.add(
    `${at(0)} ${id} <= news@shop.acme.example H=([127.0.0.1]) [127.0.0.1] P=esmtp S=376 id=1@shop.acme.example`,
    `${at(0)} ${tried}`,
    `${at(1)} ${id} == ann@gmail.com R=warmdesk T=warmdesk_smtp defer (-46) H=mx.inbox.example [127.163.11.25]: SMTP error from remote mail server after end of data: 451 come again`,
    `${at(2)} ${id} == ann@gmail.com R=warmdesk T=warmdesk_smtp defer (-53): retry time not reached for any host for 'gmail.com'`,
    `${at(3)} ${tried}`,
    `${at(3)} ${id} => ann@gmail.com R=warmdesk T=warmdesk_smtp H=mx.inbox.example [127.163.11.25] C="250 OK: message queued"`,
    `${at(3)} ${id} Completed`,
  );
  await ingest(world, log.path, 'exim');
  t.deepEqual((await counted(world)).map(figures), ['1 1 1 0 0']);
});

onBothEngines('ZoneMTA: logs that begin with the same lines of a start are told apart', async (t, world) => {
  const { allocationId } = await reporting(world);
  world.now = Date.UTC(2026, 10, 28, 12);
  await world.db('ips').where({ address: '192.0.2.1' }).update({ address: '127.0.0.21' });
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - DAY });
  await world.db('domains').where({ name: 'shop.acme.example' }).update({ name: 'news.acme.example' });
  const lines = readFileSync(new URL('logs/zonemta-3.11.0.log', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const start = lines.slice(0, 12);
  const accepted = lines.filter((line) => / ACCEPTED from=news@news\.acme\.example .* src=127\.0\.0\.21 /.test(line));
  t.true(accepted.length >= 4);
  const log = mailLog(t);
  log.add(...start);
  t.like(await ingest(world, log.path, 'zonemta'), { records: 0, unread: [] });
  log.add(...accepted.slice(0, 3));
  t.like(await ingest(world, log.path, 'zonemta'), { delivered: 3, unread: [] });
  log.rotate();
  log.add(...start, ...accepted.slice(3, 4));
  t.like(await ingest(world, log.path, 'zonemta'), { delivered: 1, unread: [] });
  t.like(await ingest(world, log.path, 'zonemta'), { lines: 0, records: 0, unread: [] });
  const other = mailLog(t);
  other.add('day,domain,via', '2026-11-28,a.example,192.0.2.1');
  t.regex((await ingest(world, other.path, 'zonemta')).unread[0]?.sentence ?? '', /^This is not a log of ZoneMTA/);
});
