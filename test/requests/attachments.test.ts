// Files beside what people write about a request: over HTTP, as browsers send them.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ava from 'ava';
import { removeUnattached } from '../../src/attachments/background.ts';
import { gatherFaults } from '../../src/attachments/gather.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { reference } from '../../src/requests/request.ts';
import { settleDecisions } from '../../src/requests/review/pending/actions.ts';
import { type Chosen, filesIn, filesOn, GIF, getFile, JPEG, PNG, sendMessage, WEBP } from '../support/attaching.ts';
import * as make from '../support/make.ts';
import { folder } from '../support/process.ts';
import { received } from '../support/replies.ts';
import { createWorld, DAY, onBothEngines, type World } from '../support/world.ts';

/** Acme has sent a request, and a reviewer looks at it. */
async function scene(world: World, status: 'submitted' | 'needs_info' = 'submitted') {
  const acme = await make.account(world);
  const staff = await make.staff(world);
  const id = await make.requestIn(world, status, acme.admin);
  const ref = reference(id);
  return {
    ...{ acme, ...staff, id, ref, own: `/requests/${ref}`, desk: `/review/${ref}` },
    customer: await world.signedIn(acme.admin.email),
    colleague: await world.signedIn(staff.reviewer.email),
  };
}

const comment = (text: string, ...files: Chosen[]) => ({ field: 'comment', text, files });
const png = (name = 'volume.png'): Chosen => ({ name, content: PNG, type: 'image/png' });
const stored = async (world: World) => Number((await world.db('attachments').count({ n: '*' }).first())?.n);

onBothEngines(
  'files of a comment and of an answer are listed on both sides by name, type and size, and come back as they were',
  async (t, world) => {
    const { customer, colleague, own, desk } = await scene(world, 'needs_info');
    const log: Chosen = { name: 'mail.log', content: 'Nov 23 09:00 sent\n', type: 'text/html' };
    t.is((await sendMessage(customer, `${own}/comments`, comment('See the chart.', png(), log))).status, 303);
    const answer = { field: 'answer', text: 'About this much.', files: [{ name: 'Größe.webp', content: WEBP }] };
    t.is((await sendMessage(customer, `${own}/answer`, answer)).location, `${own}?note=answered`);
    t.is(filesIn(world).length, 3);
    for (const [visitor, path] of [
      [customer, own],
      [colleague, desk],
    ] as const) {
      const page = await visitor.get(path);
      t.regex(page.text, /See the chart\. volume\.png PNG picture, \d+ bytes mail\.log plain text, 18 bytes/);
      t.regex(page.text, /About this much\. Größe\.webp WebP picture, \d+ bytes/);
      const files = filesOn(page);
      t.deepEqual([...files.keys()], ['volume.png', 'mail.log', 'Größe.webp']);
      const picture = await getFile(world, visitor, files.get('volume.png') ?? '');
      t.deepEqual(picture.bytes, PNG);
      t.deepEqual((await getFile(world, visitor, files.get('mail.log') ?? '')).bytes, Buffer.from(String(log.content)));
    }
  },
);

onBothEngines('a file goes out to be saved, and no browser runs it as a page of ours', async (t, world) => {
  const { customer, own } = await scene(world);
  const page: Chosen = { name: 'page.html', content: '<script>alert(1)</script>', type: 'text/html' };
  await sendMessage(customer, `${own}/comments`, comment('Here.', png('Größe; 1.png'), page));
  const files = filesOn(await customer.get(own));
  t.deepEqual([...files.keys()], ['Größe_ 1.png', 'page.html.txt']);
  const expected = {
    'Größe_ 1.png': ['image/png', "filename*=UTF-8''Gr%C3%B6%C3%9Fe_%201.png"],
    'page.html.txt': ['text/plain; charset=utf-8', 'filename=page.html.txt'],
  } as const;
  for (const [name, [type, called]] of Object.entries(expected)) {
    const { status, headers } = await getFile(world, customer, files.get(name) ?? '');
    t.is(status, 200);
    t.is(headers.get('content-type'), type);
    t.true(headers.get('content-disposition')?.startsWith('attachment; '), name);
    t.true(headers.get('content-disposition')?.includes(called), headers.get('content-disposition') ?? '');
    t.is(headers.get('x-content-type-options'), 'nosniff');
    t.is(headers.get('content-security-policy'), "sandbox; default-src 'none'");
    t.is(headers.get('cache-control'), 'no-store');
  }
  const head = await customer.get(files.get('page.html.txt') ?? '', {}, 'HEAD');
  t.is(head.headers.get('content-length'), '25');
});

onBothEngines('text is text, whatever its first letters are in another format', async (t, world) => {
  const { customer, own } = await scene(world);
  const lists = [
    'MAC address,count\n00:11:22,4\n',
    'BMW dealers,1200\nKia dealers,300\n',
    'MZ,zone\n',
    'ID3 tags of our podcast\n',
    'FWS and CWS reports\n',
    'GIF89a is a format\n',
    '8BPS\t9\n',
    'SQLite or not?\n',
    '\ufeffOggS;Größe\r\n1;2\r\n',
  ].map((content, nth): Chosen => ({ name: `${nth}.csv`, content, type: 'text/csv' }));
  for (const half of [lists.slice(0, 5), lists.slice(5)])
    t.is((await sendMessage(customer, `${own}/comments`, comment('Lists.', ...half))).status, 303);
  t.deepEqual([...new Set(await world.db('attachments').pluck('type'))], ['text']);
  const files = filesOn(await customer.get(own));
  t.is(files.size, lists.length);
  const { headers, bytes } = await getFile(world, customer, files.get('0.csv.txt') ?? '');
  t.is(headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(bytes.toString(), String(lists[0]?.content));
});

const REJECTED: readonly (readonly [what: string, file: Chosen, sentence: RegExp])[] = [
  ['a PDF', { name: 'a.pdf', content: '%PDF-1.7\n%âãÏÓ' }, /“a\.pdf” is of a type that cannot be attached/],
  ['a PDF called a picture', { name: 'a.png', content: '%PDF-1.7\n', type: 'image/png' }, /“a\.png” is of a type/],
  ['a program', { name: 'a.txt', content: Buffer.from('4d5a90000300000004', 'hex') }, /“a\.txt” is of a type/],
  ['an archive', { name: 'a.txt', content: Buffer.from('504b030414000000', 'hex') }, /is of a type/],
  ['SVG', { name: 'a.svg', content: '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>' }, /is of a type/],
  ['text with a sign for terminals', { name: 'a.log', content: 'plain\u001b[31m' }, /is of a type/],
  ['text that is not UTF-8', { name: 'a.txt', content: Buffer.from('e9e8', 'hex') }, /is of a type/],
  ['half a character at the end', { name: 'a.txt', content: Buffer.from('61c3', 'hex') }, /is of a type/],
  ['a page’s language for printers', { name: 'a.txt', content: '%!PS\nshowpage\n' }, /is of a type/],
  ['formatted text', { name: 'a.txt', content: '{\\rtf1 Hello}' }, /is of a type/],
  ['settings for Windows', { name: 'a.txt', content: 'REGEDIT4\r\n\r\n[HKEY_CURRENT_USER]\r\n' }, /is of a type/],
  [
    'sound',
    { name: 'a.txt', content: Buffer.from('4d414320960f000034000000180000005800000000000000', 'hex') },
    /is of a/,
  ],
  ['an empty file', { name: 'a.png', content: '' }, /“a\.png” is empty/],
  ['too large a file', { name: 'a.txt', content: 'x'.repeat(5_000_001) }, /“a\.txt” is larger than 5 MB/],
];

onBothEngines(
  'what cannot be attached is told beside its field; what was typed is kept, nothing stored',
  async (t, world) => {
    const { customer, own } = await scene(world);
    for (const [what, file, sentence] of REJECTED) {
      const answer = await sendMessage(customer, `${own}/comments`, comment('Look at <this>', png(), file));
      t.is(answer.status, 422, what);
      t.regex(answer.text, sentence, what);
      t.regex(answer.html, /<p class="field-error" id="commentFiles-error">/, what);
      t.regex(answer.html, /<a href="#commentFiles">/, what);
      t.regex(answer.html, />\nLook at &lt;this&gt;<\/textarea>/, what);
    }
    const many = await sendMessage(
      customer,
      `${own}/comments`,
      comment('Six.', ...Array.from({ length: 6 }, () => png())),
    );
    t.regex(many.text, /A message can have up to five files/);
    const wordless = await sendMessage(customer, `${own}/comments`, comment(' ', png()));
    t.is(wordless.status, 422);
    t.regex(wordless.text, /Your comment is missing\. Fill it in\./);
    t.regex(wordless.text, /Choose the files again/);
    t.deepEqual([filesIn(world), await stored(world)], [[], 0]);
    const exact = { name: 'a.txt', content: 'x'.repeat(5_000_000) };
    t.is((await sendMessage(customer, `${own}/comments`, comment('Just fits.', exact))).status, 303);
    for (const [name, content] of Object.entries({ 'a.gif': GIF, 'a.jpg': JPEG, 'a.webp': WEBP }))
      t.is(
        (await sendMessage(customer, `${own}/comments`, comment('A picture.', { name, content }))).status,
        303,
        name,
      );
    t.is(await stored(world), 4);
  },
);

onBothEngines('a form without files, and one from before the session ended, are taken as before', async (t, world) => {
  const { customer, own } = await scene(world);
  t.is((await sendMessage(customer, `${own}/comments`, comment('Words alone.'))).status, 303);
  t.is((await customer.post(`${own}/comments`, { comment: 'As it was.' })).status, 303);
  t.deepEqual([filesIn(world), await stored(world)], [[], 0]);
});

onBothEngines('a form that ends too early stores nothing, and keeps the words that came', async (t, world) => {
  const { customer, own } = await scene(world);
  const type = { 'content-type': 'multipart/form-data; boundary=cut' };
  const part = (name: string, rest: string) => `--cut\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n`;
  const body = `${part('comment', '\r\n')}It was under way.\r\n${part('commentFiles', '; filename="a.txt"\r\n')}half of`;
  const unnamed = body.replace('"a.txt"', '""');
  for (const cut of [
    body,
    unnamed,
    body.replace('half of', ''),
    `${part('comment', '\r\n')}It was under way.\r\n--cut`,
  ]) {
    const answer = await customer.send(`${own}/comments`, cut, type);
    t.is(answer.status, 422, cut);
    t.regex(answer.text, /The form did not arrive complete/, cut);
    t.regex(answer.html, />\nIt was under way\.<\/textarea>/, cut);
  }
  t.deepEqual([filesIn(world), await stored(world)], [[], 0]);
});

onBothEngines('the files of a message that is refused are gone', async (t, world) => {
  const { customer, colleague, own, desk } = await scene(world);
  const answer = { field: 'answer', text: 'Nobody asked.', files: [png()] };
  t.is((await sendMessage(customer, `${own}/answer`, answer)).status, 409);
  await customer.post(`${own}/withdrawal`, {});
  const late = await sendMessage(customer, `${own}/comments`, comment('Too late.', png()));
  t.is(late.status, 409);
  t.regex(late.text, /Too late\./);
  const question = { field: 'question', text: 'How much?', files: [png()] };
  t.is((await sendMessage(colleague, `${desk}/question`, question)).status, 409);
  const reason = { field: 'reason', text: 'Look again.', files: [png()] };
  t.is((await sendMessage(colleague, `${desk}/return`, reason)).status, 422, 'this form takes none');
  t.deepEqual([filesIn(world), await stored(world)], [[], 0]);
});

onBothEngines('a reviewer’s question has files; its customer reads them once it takes effect', async (t, world) => {
  const { customer, colleague, own, desk } = await scene(world);
  await sendMessage(customer, `${own}/comments`, comment('Here.', png()));
  Object.assign(world.deps, { config: { ...world.deps.config, undoMs: 30_000 } });
  const ask = await colleague.get(`${desk}?decision=ask`);
  t.regex(ask.html, /<input [^>]*id="questionFiles" name="questionFiles" type="file" multiple accept="image\/png,/);
  t.regex(ask.html, /<form [^>]*action="[^"]*\/question" enctype="multipart\/form-data"/);
  const question = { field: 'question', text: 'Is this yours?', files: [png('spike.png')] };
  t.is((await sendMessage(colleague, `${desk}/question`, question)).status, 303);
  t.deepEqual([...filesOn(await customer.get(own)).keys()], ['volume.png']);
  const folder = world.deps.config.attachmentsDir;
  for (const key of filesIn(world)) utimesSync(join(folder, key), 1, 1);
  t.is(await removeUnattached(world.db, folder, world.now), 0, 'it is waited for');
  world.now += 30_000;
  t.is(await settleDecisions(world.deps), 1);
  const path = filesOn(await customer.get(own)).get('spike.png') ?? '';
  t.deepEqual((await getFile(world, customer, path)).bytes, PNG);
});

onBothEngines(
  'files of an internal note are for staff alone, also where a reviewer is of the account',
  async (t, world) => {
    const { acme, customer, colleague, own, desk } = await scene(world);
    const insider = await world.signedIn((await make.insider(world, acme.id)).email);
    const note = { field: 'note', text: 'Seen elsewhere.', files: [png('listing.png')] };
    t.is((await sendMessage(colleague, `${desk}/notes`, note)).status, 303);
    const [path = ''] = filesOn(await colleague.get(desk)).values();
    t.is((await getFile(world, colleague, path)).status, 200);
    t.notRegex((await customer.get(own)).html, /listing\.png/);
    t.notRegex((await insider.get(desk)).html, /listing\.png/);
    const asCustomer = path.replace('/review/', '/requests/');
    for (const [visitor, address] of [
      [customer, asCustomer],
      [customer, path],
      [insider, path],
      [insider, asCustomer],
      [colleague, asCustomer],
    ] as const)
      t.is((await getFile(world, visitor, address)).status, 404, address);
    for (const table of ['outbox', 'pending_decisions'])
      t.false(JSON.stringify(await world.db(table)).includes('listing.png'), table);
  },
);

onBothEngines('a file is found by those who may read its request, and below that request alone', async (t, world) => {
  const { acme, customer, colleague, own, desk } = await scene(world);
  await sendMessage(customer, `${own}/comments`, comment('Here.', png()));
  const [path = ''] = filesOn(await customer.get(own)).values();
  const file = path.split('/').at(-1);
  const birch = await make.account(world, { name: 'Birch' });
  const other = reference(await make.request(world, birch.admin));
  const stranger = await world.signedIn(birch.admin.email);
  t.is((await getFile(world, await world.signedIn(acme.member.email), path)).status, 200);
  t.is((await getFile(world, colleague, `${desk}/files/${file}`)).status, 200);
  for (const [visitor, address] of [
    [stranger, path],
    [stranger, `/requests/${other}/files/${file}`],
    [colleague, `/review/${other}/files/${file}`],
    [customer, `${own}/files/0`],
    [customer, `${own}/files/${Number(file) + 1}`],
    [customer, `${own}/files/..%2F..%2Fwarmdesk.sqlite`],
  ] as const)
    t.is((await getFile(world, visitor, address)).status, 404, address);
  t.is((await getFile(world, world.visitor(), path)).status, 303);
});

onBothEngines('mails name the files and do not carry them', async (t, world) => {
  const { acme, reviewer, customer, colleague, own, desk } = await scene(world);
  const told = async (email: string, subject: RegExp, names: RegExp) => {
    const mails = (await received(t, world, email)).filter(({ mail }) => subject.test(mail.subject ?? ''));
    t.is(mails.length, 1, String(subject));
    t.regex(mails[0]?.mail.text ?? '', names);
    t.regex(mails[0]?.mail.text ?? '', /They are not in this mail\. Open the request to get them\./);
    t.is(mails[0]?.mail.attachments.length, 0);
  };
  const log = { name: 'mail.log', content: 'sent\n' };
  await sendMessage(customer, `${own}/comments`, comment('Here.', png(), log));
  await told(reviewer.email, /^Comment/, /Attached files:\s+- volume\.png\s+- mail\.log/);
  await sendMessage(colleague, `${desk}/question`, { field: 'question', text: 'Whose?', files: [png('spike.png')] });
  await told(acme.admin.email, /question/, /- spike\.png/);
  await sendMessage(customer, `${own}/answer`, { field: 'answer', text: 'Ours.', files: [png('ours.png')] });
  await told(reviewer.email, /^Answered/, /- ours\.png/);
});

onBothEngines(
  'an account can attach a hundred files a day and half a gigabyte in all; staff are not counted',
  async (t, world) => {
    const { acme, customer, colleague, own, desk } = await scene(world);
    t.is((await sendMessage(colleague, `${desk}/notes`, { field: 'note', text: 'Ours.', files: [png()] })).status, 303);
    await sendMessage(customer, `${own}/comments`, comment('The first.', png()));
    const { id: _, ...first } = await world.db('attachments').orderBy('id', 'desc').first();
    const more = (count: number, wish: object) =>
      world.db('attachments').insert(
        Array.from({ length: count }, (_, nth) => ({
          ...{ ...first, ...wish },
          file_key: `${wish === OLD ? 1 : 2}${nth}`.padStart(36, '0'),
        })),
      );
    await more(98, {});
    t.regex(
      (await sendMessage(customer, `${own}/comments`, comment('Two.', png(), png()))).text,
      /can attach only one more now: it can attach 100 files in 24 hours\. Try again later\./,
    );
    t.is((await sendMessage(customer, `${own}/comments`, comment('One.', png()))).status, 303);
    t.regex(
      (await sendMessage(customer, `${own}/comments`, comment('One.', png()))).text,
      /can attach no more files now: it can attach 100 files in 24 hours/,
    );
    t.is((await sendMessage(customer, `${own}/comments`, comment('None.'))).status, 303);
    t.is((await sendMessage(colleague, `${desk}/notes`, { field: 'note', text: 'Ours.', files: [png()] })).status, 303);
    world.now += DAY + 1;
    const again = await world.signedIn(acme.admin.email);
    t.is((await sendMessage(again, `${own}/comments`, comment('Next day.', png()))).status, 303);
    await more(20, OLD);
    t.regex(
      (await sendMessage(again, `${own}/comments`, comment('More.', png()))).text,
      /take up all the space they may/,
    );
  },
);

const OLD = { bytes: 25_000_000, attached_at: 0 };

onBothEngines('nobody changes or deletes what is stored of a file', async (t, world) => {
  const { customer, own } = await scene(world);
  await sendMessage(customer, `${own}/comments`, comment('Here.', png()));
  const [key = ''] = filesIn(world);
  t.is(statSync(join(world.deps.config.attachmentsDir, key)).mode & 0o777, 0o400);
  const refusal = { message: /attachments are never changed/ };
  await t.throwsAsync(async () => world.db('attachments').update({ name: 'other.png' }), refusal);
  await t.throwsAsync(async () => world.db('attachments').delete(), refusal);
});

onBothEngines(
  'each night what belongs to no message is removed once it is a day old; the rest stays',
  async (t, world) => {
    const { customer, own } = await scene(world);
    await sendMessage(customer, `${own}/comments`, comment('Here.', png()));
    const folder = world.deps.config.attachmentsDir;
    const [kept = ''] = filesIn(world);
    const put = (name: string, at: number) => {
      writeFileSync(join(folder, name), 'x');
      utimesSync(join(folder, name), at / 1000, at / 1000);
    };
    const [old, young] = ['0', '1'].map((nth) => `00000000-0000-4000-8000-00000000000${nth}`) as [string, string];
    put(old, world.now - DAY - 1000);
    put(young, world.now - DAY + 60_000);
    put('notes-of-an-administrator', 0);
    utimesSync(join(folder, kept), 1, 1);
    t.is(await removeUnattached(world.db, folder, world.now), 1);
    t.deepEqual(filesIn(world), [young, kept, 'notes-of-an-administrator'].toSorted());
    put(old, 0);
    t.is(await removeUnattached(world.db, folder, world.now), 0, 'once in a day');
    world.now += DAY;
    t.is(await removeUnattached(world.db, folder, world.now), 2);
    t.deepEqual(filesIn(world), [kept, 'notes-of-an-administrator'].toSorted());
    t.is(await removeUnattached(world.db, join(folder, 'not-there'), world.now + DAY), 0);
  },
);

onBothEngines(
  'a database to which nothing was ever attached removes nothing: the folder is another one’s',
  async (t, world) => {
    const folder = world.deps.config.attachmentsDir;
    const name = '00000000-0000-4000-8000-000000000000';
    writeFileSync(join(folder, name), 'x');
    utimesSync(join(folder, name), 1, 1);
    t.is(await removeUnattached(world.db, folder, world.now), 0);
    t.deepEqual(filesIn(world), [name]);
  },
);

onBothEngines('what was typed is kept where the session ended meanwhile', async (t, world) => {
  const { own } = await scene(world);
  const answer = await sendMessage(world.visitor(), `${own}/comments`, comment('Look at <this>', png()));
  t.is(answer.status, 401);
  t.is(answer.hidden('/sign-in').kept?.[0], JSON.stringify({ comment: 'Look at <this>' }));
  t.deepEqual(filesIn(world), []);
});

onBothEngines('a file that is missing or changed is found, and not sent as if it were right', async (t, world) => {
  const { customer, own } = await scene(world);
  await sendMessage(customer, `${own}/comments`, comment('Three.', png('a.png'), png('b.png'), png('c.png')));
  const folder = world.deps.config.attachmentsDir;
  t.deepEqual(await gatherFaults(world.db, folder), []);
  const [one, two] = await world.db('attachments').orderBy('id').pluck('file_key');
  rmSync(join(folder, one));
  chmodSync(join(folder, two), 0o600);
  writeFileSync(join(folder, two), 'changed');
  t.deepEqual(await gatherFaults(world.db, folder), [
    `F01 attachment 1: its file ${one} is in the folder`,
    `F02 attachment 2: its file ${two} is as it was stored`,
  ]);
  t.is((await getFile(world, customer, `${own}/files/1`)).status, 500);
});

ava('a policy says what may be attached; one that names no types takes no files', async (t) => {
  const shipped = loadPolicy(policyPath('customerio'));
  if (!shipped.ok) return t.fail();
  const { attachments } = shipped.value;
  const choice = (value: readonly string[]) => ({ ...attachments, types: { value, rule: 'own choice' } });
  const file = join(folder(t), 'policy.json');
  for (const [types, sentence] of [
    [['text'], /You can attach: plain text; up to five files of 5 MB each\./],
    [[], /No files can be attached to this request\. Send the text alone\./],
  ] as const) {
    writeFileSync(file, JSON.stringify({ ...shipped.value, attachments: choice(types) }));
    const world = await createWorld(t, 'SQLite', { POLICY: file });
    const { customer, own } = await scene(world);
    t.is((await customer.get(own)).html.includes('type="file"'), types.length > 0);
    const answer = await sendMessage(customer, `${own}/comments`, comment('A picture.', png()));
    t.is(answer.status, 422);
    t.regex(answer.text, sentence);
    t.is((await sendMessage(customer, `${own}/comments`, comment('Words.'))).status, 303);
    t.deepEqual(filesIn(world), []);
  }
});

ava('a PDF is attached where the policy says so, and goes out to be saved like any file', async (t) => {
  const shipped = loadPolicy(policyPath('customerio'));
  if (!shipped.ok) return t.fail();
  const types = { value: ['png', 'pdf'], rule: 'own choice' };
  const policy = { ...shipped.value, attachments: { ...shipped.value.attachments, types } };
  const file = join(folder(t), 'policy.json');
  writeFileSync(file, JSON.stringify(policy));
  for (const engine of ['SQLite', 'PostgreSQL'] as const) {
    const world = await createWorld(t, engine, { POLICY: file });
    const { customer, colleague, own, desk } = await scene(world);
    t.regex((await customer.get(own)).text, /PNG pictures, or PDF files; up to five files/);
    const content = '%PDF-1.7\n1 0 obj\n<</S /JavaScript /JS (app.alert\\(1\\))>>\nendobj\n';
    const pdf: Chosen = { name: 'contract.html', content, type: 'text/html' };
    t.is((await sendMessage(customer, `${own}/comments`, comment('Page two.', pdf))).status, 303);
    for (const [visitor, path] of [
      [customer, own],
      [colleague, desk],
    ] as const) {
      const files = filesOn(await visitor.get(path));
      t.deepEqual([...files.keys()], ['contract.html.pdf']);
      const { headers, bytes } = await getFile(world, visitor, files.get('contract.html.pdf') ?? '');
      t.is(bytes.toString(), content);
      t.is(headers.get('content-type'), 'application/pdf');
      t.is(headers.get('content-disposition'), 'attachment; filename=contract.html.pdf');
      t.is(headers.get('x-content-type-options'), 'nosniff');
      t.is(headers.get('content-security-policy'), "sandbox; default-src 'none'");
    }
  }
});

ava('npm run check-data looks at the files, too', async (t) => {
  const world = await createWorld(t);
  const { customer, own } = await scene(world);
  await sendMessage(customer, `${own}/comments`, comment('Here.', png()));
  const { attachmentsDir: ATTACHMENTS_DIR } = world.deps.config;
  const env = { ...process.env, DATABASE_URL: world.databaseUrl, ATTACHMENTS_DIR };
  const run = () => spawnSync('node', ['src/cli/check-data.ts'], { env });
  t.deepEqual([run().status, run().stdout.toString()], [0, '']);
  const [key = ''] = filesIn(world);
  rmSync(join(ATTACHMENTS_DIR, key));
  t.deepEqual([run().status, run().stdout.toString()], [1, `F01 attachment 1: its file ${key} is in the folder\n`]);
});
