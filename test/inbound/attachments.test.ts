// Files that come with replies, over real LMTP and SMTP.
import type { ExecutionContext } from 'ava';
import { type Chosen, filesIn, filesOn, getFile, PNG } from '../support/attaching.ts';
import * as make from '../support/make.ts';
import { INBOUND, received, reply, replyToOf, startInbound, type Wish } from '../support/replies.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** A reply with files, as mail programs write it: the picture of a signature belongs to the HTML. */
function replyWith(wish: Wish, files: readonly Chosen[]): string {
  const [head = '', text = ''] = reply(wish).split(/\r\n\r\n([\s\S]*)/);
  const part = (header: string, body: string) => `--b\r\n${header}\r\n\r\n${body}\r\n`;
  const parts = [
    part('Content-Type: multipart/alternative; boundary="a"', bothOf(text)),
    ...files.map(({ name, content, type = 'application/octet-stream' }) =>
      part(
        `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
        Buffer.from(content as string)
          .toString('base64')
          .replace(/.{76}/g, '$&\r\n'),
      ),
    ),
  ];
  const type = 'Content-Type: multipart/mixed; boundary="b"';
  return `${head.replace(/^Content-Type: .*$/m, type)}\r\n\r\n${parts.join('')}--b--\r\n`;
}

const bothOf = (text: string): string =>
  [
    `--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}`,
    '--a\r\nContent-Type: multipart/related; boundary="r"\r\n',
    `--r\r\nContent-Type: text/html\r\n\r\n<p>${text}</p><img src="cid:logo">`,
    '--r\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64',
    `Content-Disposition: inline; filename="logo.png"\r\n\r\n${PNG.toString('base64')}\r\n--r--\r\n--a--`,
  ].join('\r\n');

const png = (name = 'volume.png'): Chosen => ({ name, content: PNG });
const stored = async (world: World) => Number((await world.db('attachments').count({ n: '*' }).first())?.n);

async function scene(t: ExecutionContext, world: World, status: 'submitted' | 'needs_info' = 'submitted') {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  const id = await make.requestIn(world, status, acme.admin);
  const mails = await received(t, world, acme.admin.email);
  const to = replyToOf(mails.at(-1));
  const ref = `WD-${1000 + id}`;
  return {
    ...{ acme, reviewer, id, to, own: `/requests/${ref}`, desk: `/review/${ref}` },
    from: `Ann <${acme.admin.email}>`,
    hand: await startInbound(t, world),
  };
}

onBothEngines(
  'files of a reply are attached to its comment; those that cannot be are told by name',
  async (t, world) => {
    const { acme, reviewer, own, desk, from, to, hand } = await scene(t, world);
    const files: Chosen[] = [
      png('Größe.png'),
      { name: 'contract.pdf', content: '%PDF-1.7\n', type: 'image/png' },
      { name: 'page.html', content: '<script>alert(1)</script>', type: 'text/html' },
      { name: 'empty.txt', content: '' },
      { name: 'big.txt', content: 'x'.repeat(5_000_001) },
    ];
    t.regex(await hand(replyWith({ from, to, text: 'It is late.' }, files), { to }), /^250 /);
    for (const [email, path] of [
      [acme.admin.email, own],
      [reviewer.email, desk],
    ] as const) {
      const visitor = await world.signedIn(email);
      const page = await visitor.get(path);
      t.true(
        page.text.includes(
          'commented by mail; “contract.pdf” was left out, as it is of a type that cannot be attached; “empty.txt” was left out, as it is empty; “big.txt” was left out, as it is larger than 5 MB It is late.',
        ),
        page.text,
      );
      t.deepEqual([...filesOn(page).keys()], ['Größe.png', 'page.html.txt']);
      const got = await getFile(world, visitor, filesOn(page).get('Größe.png') ?? '');
      t.deepEqual(got.bytes, PNG);
      t.is(got.headers.get('content-type'), 'image/png');
    }
    const [told] = await world.db('outbox').where({ template: 'request-commented' }).pluck('facts');
    t.deepEqual(JSON.parse(told).files, ['Größe.png', 'page.html.txt']);
    t.is(filesIn(world).length, 2);
  },
  INBOUND,
);

onBothEngines(
  'a reply that answers a question brings its files along, over SMTP too',
  async (t, world) => {
    const { acme, own, from, to, hand } = await scene(t, world, 'needs_info');
    t.regex(await hand(replyWith({ from, to }, [png()]), { to, lmtp: false }), /^250 /);
    const page = await (await world.signedIn(acme.admin.email)).get(own);
    t.regex(page.text, /Acme admin answered by mail About 70,000 a week\. volume\.png PNG picture/);
  },
  INBOUND,
);

onBothEngines(
  'files of a mail that is not filed are not kept: the same again, an automatic one, one for a closed request',
  async (t, world) => {
    const { acme, own, from, to, hand } = await scene(t, world);
    const mail = replyWith({ from, to }, [png()]);
    await Promise.all([hand(mail, { to }), hand(`X-Way: other\r\n${mail}`, { to }), hand(mail, { to, lmtp: false })]);
    t.is(await stored(world), 1);
    t.is(filesIn(world).length, 1);
    await hand(replyWith({ from, to, own: 'Auto-Submitted: auto-replied\r\n' }, [png()]), { to });
    await (await world.signedIn(acme.admin.email)).post(`${own}/withdrawal`, {});
    t.regex(await hand(replyWith({ from, to }, [png()]), { to }), /^550 /);
    t.deepEqual([await stored(world), filesIn(world).length], [1, 1]);
  },
  INBOUND,
);

onBothEngines(
  'a message by mail has as many files as one on the page, and an account no more than its limits',
  async (t, world) => {
    const { acme, own, from, to, hand } = await scene(t, world);
    await hand(
      replyWith(
        { from, to },
        ['1', '2', '3', '4', '5', '6'].map((nth) => png(`${nth}.png`)),
      ),
      { to },
    );
    const visitor = await world.signedIn(acme.admin.email);
    t.true(
      (await visitor.get(own)).text.includes(
        'commented by mail; “6.png” was left out, as it comes after the five files that a message can have',
      ),
    );
    const { id: _, ...first } = await world.db('attachments').first();
    const more = Array.from({ length: 94 }, (_, nth) => ({ ...first, file_key: String(nth).padStart(36, '0') }));
    await world.db('attachments').insert(more);
    await hand(replyWith({ from, to }, [png('a.png'), png('b.png')]), { to });
    const page = await visitor.get(own);
    t.true(page.text.includes('“b.png” was left out, as it is more than the account can attach'), page.text);
    t.true(filesOn(page).has('a.png'));
  },
  INBOUND,
);

onBothEngines(
  'files of a mail in quarantine are kept once a reviewer adds it, and not where it is deleted',
  async (t, world) => {
    const { acme, reviewer, own, to, hand } = await scene(t, world);
    const files = [png(), { name: 'contract.pdf', content: '%PDF-1.7\n' }];
    const from = 'ann@private.example';
    for (const text of ['One.', 'Two.']) await hand(replyWith({ from, to, text }, files), { to });
    t.deepEqual([await stored(world), filesIn(world)], [0, []]);
    const visitor = await world.signedIn(reviewer.email);
    const page = await visitor.get('/mail/inbound');
    t.regex(page.text, /Attached 2 files, added with the mail as far as they can be attached/);
    const [one, two] = await world.db('inbound_mails').orderBy('id').pluck('id');
    t.is((await visitor.submit(page, `/mail/inbound/${two}/deletion`, {})).status, 303);
    t.deepEqual(filesIn(world), []);
    const insider = await world.signedIn((await make.insider(world, acme.id)).email);
    t.is((await insider.post(`/mail/inbound/${one}/acceptance`, {})).status, 404);
    t.deepEqual(filesIn(world), []);
    t.is((await visitor.submit(page, `/mail/inbound/${one}/acceptance`, {})).status, 303);
    t.is((await visitor.post(`/mail/inbound/${one}/acceptance`, {})).status, 409);
    t.is(filesIn(world).length, 1);
    const theirs = await (await world.signedIn(acme.admin.email)).get(own);
    t.regex(theirs.text, /added a mail from ann@private\.example; “contract\.pdf” was left out, .* One\. volume\.png/);
  },
  INBOUND,
);
