import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import ava, { type ExecutionContext } from 'ava';
import express from 'express';
import type { Person } from '../../src/accounts/person.ts';
import { type UploadLimits, uploadRoutes } from '../../src/sending/upload/routes.ts';
import { everythingStored } from '../support/dump.ts';
import { counted, countOf, dayText, reporting, untilStored, uploadCounts } from '../support/reporting.ts';
import { readable } from '../support/visitor.ts';
import { createWorld, onBothEngines, type World } from '../support/world.ts';

const HEADER = 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained,opened';

const row = (world: World, wish: Partial<Record<string, string | number>> = {}) => {
  const cells = { ...countOf(world), opened: '', ...wish };
  return Object.values(cells).join(',');
};

async function office(world: World) {
  const scene = await reporting(world);
  const visitor = await world.signedIn(scene.staff.reviewer.email);
  const upload = (content: string | Uint8Array) => uploadCounts(world, visitor, content);
  return { ...scene, visitor, upload };
}

const file = (...rows: readonly string[]): string => [HEADER, ...rows, ''].join('\n');

onBothEngines('a large file with an early fault is answered at once', async (t, world) => {
  const { upload } = await office(world);
  const rows = Array.from({ length: 20_000 }, () => row(world));
  const faults = {
    'a column that nobody knows': ['day,domain,nonsense', ...rows].join('\n'),
    'a quotation mark that is not closed': file(`"${row(world)}`, ...rows),
    'a byte that isn’t text': `\u0000${file(...rows)}`,
  };
  for (const [what, content] of Object.entries(faults)) {
    t.true(content.length > 1_000_000, what);
    const answer = await upload(content);
    t.is(answer.status, 422, what);
    t.regex(answer.text, /Nothing was stored/, what);
  }
  t.is((await world.db('sending_counts')).length, 0);
});

onBothEngines('a file’s counts are stored, told as new, replaced and unchanged, and recorded', async (t, world) => {
  const { upload } = await office(world);
  const first = await upload(file(row(world), row(world, { provider: 'yahoo', opened: 7 })));
  t.is(first.status, 200);
  t.regex(first.text, /Accepted as new 2 Replaced other figures 0 Unchanged 0 Rejected 0/);
  const second = await upload(
    file(row(world), row(world, { provider: 'yahoo', sent: 200 }), row(world, { via: 'shared-us' })),
  );
  t.regex(second.text, /Accepted as new 1 Replaced other figures 1 Unchanged 1 Rejected 0/);
  const today = dayText(world);
  t.deepEqual(await counted(world), [
    `${today} shop.acme.example 192.0.2.1 gmail marketing 100 90 5 3 1 -`,
    `${today} shop.acme.example 192.0.2.1 yahoo marketing 200 90 5 3 1 -`,
    `${today} shop.acme.example shared-us gmail marketing 100 90 5 3 1 -`,
  ]);
  const events = await world.db('audit_events').where({ name: 'counts.uploaded' }).orderBy('id');
  t.deepEqual(
    events.map((event) => JSON.parse(event.facts)),
    [
      { file: 'counts.csv', rows: 2, new: 2, replaced: 0 },
      { file: 'counts.csv', rows: 3, new: 1, replaced: 1 },
    ],
  );
});

onBothEngines('commas, semicolons and tabs, a BOM, quotes and CRLF read the same', async (t, world) => {
  const { upload } = await office(world);
  const plain = file(row(world), row(world, { provider: 'yahoo' }));
  await upload(plain);
  const before = await counted(world);
  const quoted = plain.replaceAll(/[^,\n]+/g, '"$&"');
  const shuffled =
    'Opened;SENT;delivered;deferred;bounced;complained; stream ;provider;via;domain;day\r\n' +
    `;100;90;5;3;1;marketing;gmail;192.0.2.1;SHOP.acme.example.;${dayText(world)}`;
  const writings = [
    plain.replaceAll(',', ';'),
    plain.replaceAll(',', '\t'),
    `\ufeff${plain}`,
    plain.replaceAll('\n', '\r\n'),
    `\ufeff${quoted.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
    `${plain}\n\n`,
  ];
  for (const writing of writings) {
    const answer = await upload(writing);
    t.regex(answer.text, /new 0 Replaced other figures 0 Unchanged 2/, JSON.stringify(writing));
  }
  t.regex((await upload(shuffled)).text, /Unchanged 1/);
  const without = plain.replace(',opened', '').replaceAll(/,$/gm, '');
  t.regex((await upload(without)).text, /Unchanged 2/, 'openings may be left out');
  t.deepEqual(await counted(world), before);
});

onBothEngines('one bad line refuses the whole file, each with its number and why', async (t, world) => {
  const { upload } = await office(world);
  const before = await everythingStored(world.db);
  const answer = await upload(
    file(
      row(world),
      row(world, { day: dayText(world, -1) }),
      row(world, { sent: -1 }),
      row(world, { delivered: 101 }),
      row(world, { via: '203.0.113.9' }),
      row(world, { domain: 'nobody.example' }),
      row(world, { domain: "=cmd|' /C calc'!A0" }),
      row(world, { via: '@SUM(A1)' }),
      row(world, { sent: '1e3' }),
      row(world, { sent: '' }),
      row(world, { day: '26.11.2026', stream: 'both' }),
      `${row(world)},more`,
      row(world, { provider: '<b>gmail</b>' }),
      row(world),
      row(world, { via: '192.0.2.2' }),
    ),
  );
  t.is(answer.status, 422);
  const told = [...answer.html.matchAll(/<tr><th scope="row" class="num">(.*?)<\/th><td>(.*?)<\/td>/g)].map(
    ([, line, why]) => `${line}: ${readable(why ?? '')}`,
  );
  t.deepEqual(told, [
    '3: The day is in the future. Days are days of UTC.',
    '4: The field sent is negative: “-1”.',
    '5: More was delivered than was sent.',
    '6: “203.0.113.9” is neither an IP of the inventory nor a shared pool of the policy.',
    '7: No customer has the domain “nobody.example”.',
    `8: The field domain begins like a formula: “=cmd|' /C calc'!A0”. Write the plain value.`,
    '9: The field via begins like a formula: “@SUM(A1)”. Write the plain value.',
    '10: The field sent must be a whole number in digits, not “1e3”.',
    '11: The field sent is empty. Write 0 where there was nothing.',
    '12: The field day must be a date like 2026-11-26, not “26.11.2026”. The field stream must be marketing or transactional, not “both”.',
    '13: It has 12 fields, and the header has 11.',
    '14: “<b>gmail</b>” is not a mailbox provider in the policy. Known ones: gmail, microsoft, yahoo, apple, microsoft-365, other.',
    '15: Duplicate of line 2 (same day, domain, IP or pool, provider and stream). Remove one of them.',
    '16: 192.0.2.2 was not Acme’s on that day, and shop.acme.example is Acme’s.',
  ]);
  t.true(answer.html.includes('&lt;b&gt;gmail'));
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('of many rejected lines the first 200 are shown and the others counted', async (t, world) => {
  const { upload } = await office(world);
  const answer = await upload(file(...Array.from({ length: 1250 }, () => row(world, { domain: 'nobody.example' }))));
  t.is(answer.status, 422);
  t.is([...answer.html.matchAll(/<tr><th scope="row"/g)].length, 200);
  t.true(answer.html.includes('>201</th>'));
  t.false(answer.html.includes('>202</th>'));
  t.regex(answer.text, /1,250 lines are rejected.*The first 200 are shown; 1,050 more are rejected/);
});

onBothEngines('what isn’t such a file is told in a sentence, and nothing is stored', async (t, world) => {
  const { upload, visitor } = await office(world);
  const before = await everythingStored(world.db);
  const bad: readonly [string | Uint8Array, RegExp][] = [
    ['', /The file is empty/],
    [`${HEADER}\n`, /has a header and no row/],
    ['day,domain\n1,2\n', /The header lacks via, provider, stream.*Its first line must be: day,domain/],
    [file(row(world)).replaceAll(',', '|'), /The header lacks day, domain, via.*which (is|are) not known here/],
    [`${HEADER},=cmd\n`, /The header has “=cmd”, which is not known here/],
    [HEADER.replace('via', 'day'), /has day twice/],
    [Buffer.from(`\ufeff${file(row(world))}`, 'utf16le'), /not CSV in UTF-8/],
    [new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0]), /not CSV in UTF-8/],
    [file(row(world), row(world, { domain: '"unclosed' })), /quotation mark/],
    [file(row(world, { domain: 'ab"c' })), /quotation mark within a field/],
    [file(row(world, { domain: 'x'.repeat(5000) })), /longer than 4,096 characters/],
    [file(row(world, { domain: 'a\u0000b' })), /not CSV in UTF-8|No customer has the domain/],
  ];
  for (const [content, sentence] of bad) {
    const answer = await upload(content);
    t.is(answer.status, 422, String(sentence));
    t.regex(answer.text, sentence);
  }
  for (const answer of [
    await visitor.send('/sending/upload', new FormData()),
    await visitor.post('/sending/upload', { file: 'x' }),
  ]) {
    t.is(answer.status, 422);
    t.regex(answer.text, /Choose a CSV file/);
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('uploads of the same file at once leave its counts once', async (t, world) => {
  const { upload } = await office(world);
  const rows = Array.from({ length: 300 }, (_, index) =>
    row(world, {
      day: dayText(world, index % 60),
      via: index % 2 ? 'shared-us' : 'shared-eu',
      provider: ['gmail', 'yahoo', 'apple', 'other', 'microsoft'][index % 5] ?? '',
    }),
  );
  const unique = [...new Set(rows)];
  const answers = await Promise.all([unique, unique.toReversed(), unique].map((some) => upload(file(...some))));
  t.true(answers.every(({ status }) => status === 200));
  t.is((await counted(world)).length, unique.length);
});

onBothEngines('a form that ends within a field in which no file was chosen ends no process', async (t, world) => {
  const { visitor } = await office(world);
  const body = '--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\nhalf';
  const answer = await visitor.send('/sending/upload', body, { 'content-type': 'multipart/form-data; boundary=x' });
  t.is(answer.status, 400);
  t.regex(answer.text, /did not arrive whole/);
});

onBothEngines('a file that is cut off on its way leaves nothing', async (t, world) => {
  const { visitor } = await office(world);
  const before = await everythingStored(world.db);
  const body = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${file(row(world))}`;
  const answer = await visitor.send('/sending/upload', body, { 'content-type': 'multipart/form-data; boundary=x' });
  t.is(answer.status, 400);
  t.regex(answer.text, /did not arrive whole/);
  t.is((await visitor.send('/sending/upload', 'x', { 'content-type': 'multipart/form-data' })).status, 422);
  t.deepEqual(await everythingStored(world.db), before);
});

ava('a file whose length is said to be beyond 1 GB is refused before it is read', async (t) => {
  const world = await createWorld(t);
  const { visitor } = await office(world);
  const cookie = visitor.cookie;
  const asked = request(new URL('/sending/upload', world.url), {
    method: 'POST',
    headers: { cookie, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 1_100_000_000 },
  });
  asked.flushHeaders();
  const [answer] = await once(asked, 'response');
  t.is(answer.statusCode, 413);
  t.regex(readable(await text(answer)), /larger than 1 GB, so nothing was stored\. Split it by days/);
  asked.destroy();
});

ava('a file that grows beyond the limits is refused: its bytes with 413, its rows with a sentence', async (t) => {
  const world = await createWorld(t);
  const { staff } = await office(world);
  const asked = await desk(t, world, staff.admin, { mostBytes: 5000, mostRows: 5 });
  const many = (count: number) =>
    file(...Array.from({ length: count }, (_, ago) => row(world, { via: 'shared-us', day: dayText(world, ago) })));
  t.like(await asked(many(100)), { status: 413 });
  const long = await asked(many(6));
  t.is(long.status, 422);
  t.regex(long.body, /more than 5 rows\. Split it by days/);
  t.is((await counted(world)).length, 0);
  t.is((await asked(many(5))).status, 303);
  await untilStored(world);
  t.is((await counted(world)).length, 5);
});

/** The upload with limits of its own, behind nothing else. The length of what is sent is not said beforehand. */
async function desk(t: ExecutionContext, world: World, person: Person, limits: UploadLimits) {
  const app = express();
  app.use((req, res, next) => {
    req.person = person;
    res.page = (view, data, status = 200) => void res.status(status).json({ view, data });
    next();
  });
  const [, route] = uploadRoutes(world.deps, limits);
  app.post('/', (req, res) => route?.handle(req, res));
  const server = app.listen(0, '127.0.0.1');
  t.teardown(() => void server.close());
  await once(server, 'listening');
  return async (content: string) => {
    const body = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${content}\r\n--x--\r\n`;
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: ReadableStream.from([new TextEncoder().encode(body)]),
      redirect: 'manual',
      duplex: 'half',
    } as RequestInit);
    return { status: answer.status, body: await answer.text() };
  };
}
