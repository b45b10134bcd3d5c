// What an administrator sets: the first hour's page, name and looks, mail, policy, addresses of pools.
import test from 'ava';
import fc from 'fast-check';
import { sendDue } from '../../src/notifications/background.ts';
import { colourSheet, pictureType } from '../../src/setup/provider.ts';
import { customerio } from '../policy/facts.ts';
import { everythingStored } from '../support/dump.ts';
import { startMailServer } from '../support/mail-server.ts';
import * as make from '../support/make.ts';
import { deliveryTo } from '../support/outbox.ts';
import type { Visitor } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const administrator = async (world: World): Promise<Visitor> => world.signedIn((await make.staff(world)).admin.email);

async function send(visitor: Visitor, path: string, name: string, content: Buffer | string) {
  const form = new FormData();
  form.append('file', new Blob([content as unknown as string]), name);
  return visitor.send(path, form);
}

onBothEngines(
  'the Set up page leads through what is left, can be skipped and found again, and goes when all is done',
  async (t, world) => {
    const visitor = await administrator(world);
    t.regex((await visitor.get('/staff')).html, /href="\/set-up"/);
    const page = await visitor.get('/set-up');
    t.regex(page.text, /6 of 7 to do.*Staff Done/);
    for (const step of ['provider', 'mail', 'policy', 'ips', 'pools', 'customer'])
      t.is((await visitor.submit(page, `/set-up/${step}/skip`, {})).location, '/set-up', step);
    const skipped = await visitor.get('/set-up');
    t.regex(skipped.text, /nothing left to do.*Mail Skipped/);
    t.notRegex((await visitor.get('/staff')).html, /href="\/set-up"/, 'out of the way');
    await visitor.submit(skipped, '/set-up/mail/resumption', {});
    t.regex((await visitor.get('/set-up')).text, /1 of 7 to do/);
    t.is((await visitor.post('/set-up/nothing/skip', {})).status, 404);
  },
);

onBothEngines(
  'the provider’s name, colour and logo are on every page, also where nobody is signed in, and in mails',
  async (t, world) => {
    const visitor = await administrator(world);
    const page = await visitor.get('/settings/provider');
    for (const [colour, name] of [
      ['red', 'Nimbus'],
      ['#12345', 'Nimbus'],
      ['#12345g', 'Nimbus'],
      ['', '\u202eNimbus'],
      ['', ' '],
    ] as const)
      t.is((await visitor.submit(page, '/settings/provider', { name, colour })).status, 422, `${name} ${colour}`);
    const saved = await visitor.submit(page, '/settings/provider', { name: 'Nimbus <Mail>', colour: '#FFDD00' });
    t.is(saved.location, '/settings/provider?note=settings-saved');
    t.is((await send(visitor, '/settings/logo', 'logo.png', PNG)).status, 303);
    const open = await world.visitor().get('/sign-in');
    t.regex(open.html, /<title>Sign in · Nimbus &lt;Mail&gt;<\/title>/);
    const logo = /src="(\/provider\/logo\?v=[0-9a-f]+)"/.exec(open.html)?.[1] ?? '';
    const picture = await fetch(`${world.url}${logo}`);
    t.is(picture.headers.get('content-type'), 'image/png');
    t.is(picture.headers.get('x-content-type-options'), 'nosniff');
    t.deepEqual(Buffer.from(await picture.arrayBuffer()), PNG);
    t.regex(await (await fetch(`${world.url}/provider/colours.css`)).text(), /--accent: light-dark\(#[0-9a-f]{6}/);
    t.regex((await visitor.get('/audit')).text, /set the provider’s name to Nimbus <Mail>, its colour to #ffdd00/);
    const server = await startMailServer(t);
    await visitor.post('/settings/mail/test', {});
    t.regex((await visitor.get('/settings/mail')).text, /Waiting to admin@warmdesk\.example/);
    await sendDue(deliveryTo(t, world, server));
    t.is(server.accepted[0]?.mail.subject, 'A test mail from Nimbus <Mail>');
    t.regex((await visitor.get('/settings/mail')).text, /Sent to admin@warmdesk\.example.*250/);
  },
);

onBothEngines('what isn’t a picture, too large or missing is refused, and nothing changes', async (t, world) => {
  const visitor = await administrator(world);
  const before = await everythingStored(world.db);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  for (const [name, content] of [
    ['x.png', svg],
    ['x.svg', svg],
    ['x.png', ''],
    ['x.png', '<html>'],
  ] as const) {
    const answer = await send(visitor, '/settings/logo', name, content);
    t.is(answer.status, 422, name);
    t.regex(answer.text, /The logo must be a PNG, JPEG, GIF or WebP picture/);
  }
  const large = await send(visitor, '/settings/logo', 'x.png', Buffer.concat([PNG, Buffer.alloc(300_000)]));
  t.regex(large.text, /larger than 200 kB/);
  t.regex((await visitor.post('/settings/logo', {})).text, /Choose a picture/);
  t.deepEqual(await everythingStored(world.db), before);
  t.is((await world.visitor().get('/provider/logo')).status, 404);
});

onBothEngines('another shipped policy is in force at once; one of one’s own is checked whole', async (t, world) => {
  const visitor = await administrator(world);
  const page = await visitor.get('/settings/policy');
  const done = await visitor.submit(page, '/settings/policy', { policy: 'sendgrid' });
  t.is(done.location, '/settings/policy?note=settings-saved');
  t.is(world.deps.policy.name, 'sendgrid');
  t.regex((await visitor.get('/policy')).text, /Essentials/);
  for (const odd of ['', '../sendgrid', '/etc/passwd', 'README'])
    t.is((await visitor.post('/settings/policy', { policy: odd })).status, 422, odd);
  const own = {
    ...customerio,
    name: 'nimbus',
    title: 'Nimbus',
    extraIpMonthlyCents: { value: 2500, rule: 'own choice' },
  };
  const broken = await send(
    visitor,
    '/settings/policy/file',
    'p.json',
    JSON.stringify({ ...own, currency: 1, plans: [] }),
  );
  t.is(broken.status, 422);
  for (const path of ['currency', 'plans']) t.true(broken.text.includes(path), path);
  t.regex((await send(visitor, '/settings/policy/file', 'p.json', '{')).text, /The file is not JSON/);
  t.is(world.deps.policy.name, 'sendgrid', 'nothing was changed');
  t.is((await send(visitor, '/settings/policy/file', 'p.json', JSON.stringify(own))).status, 303);
  t.is(world.deps.policy.document.extraIpMonthlyCents.value, 2500);
});

onBothEngines('the addresses of pools are kept in the database, each in one place', async (t, world) => {
  const [stock = ''] = await make.ips(world, 'us', 1);
  const visitor = await administrator(world);
  const page = await visitor.get('/settings/pools');
  const path = '/settings/pools/shared-us';
  const saved = await visitor.submit(page, path, { 'shared-us': '192.0.2.9\n192.0.2.10\n2001:DB8::9' });
  t.is(saved.location, '/settings/pools?note=settings-saved');
  const pool = world.deps.policy.document.pools.find(({ key }) => key === 'shared-us');
  t.deepEqual(pool?.addresses, ['192.0.2.9', '192.0.2.10', '2001:db8::9'], 'routers read them');
  const other = await visitor.post('/settings/pools/shared-eu', { 'shared-eu': '192.0.2.10' });
  t.regex(other.text, /192\.0\.2\.10 is in the pool shared-us/);
  const held = await visitor.post(path, { 'shared-us': stock });
  t.is(held.status, 422);
  t.regex(held.text, /is in the inventory of dedicated IPs|reserved/);
  const added = await visitor.post('/inventory/ips', { addresses: '192.0.2.9', region: 'us' });
  t.is(added.status, 422, 'nor the other way round');
  t.is((await visitor.post('/settings/pools/nothing', {})).status, 404);
  t.regex((await visitor.get('/audit')).text, /changed the addresses of the pool shared-us: 3 added, 0 removed/);
});

test('white text on any colour of a provider, and its links on our grounds, can be read in both themes', (t) => {
  const luminance = (hex: string) => {
    const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
    const [r = 0, g = 0, b = 0] = parts.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string) => {
    const [x, y] = [luminance(a), luminance(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
      const sheet = colourSheet(`#${number.toString(16).padStart(6, '0')}`);
      const pair = (name: string) =>
        new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(sheet)?.slice(1) ?? [];
      const [fill = '', fillDark = ''] = pair('accent');
      const [ink = '', inkDark = ''] = pair('accent-ink');
      return (
        contrast(fill, '#ffffff') >= 4.5 &&
        contrast(fillDark, '#ffffff') >= 4.5 &&
        contrast(ink, '#faf9f7') >= 4.5 &&
        contrast(inkDark, '#272523') >= 4.5
      );
    }),
  );
  t.pass();
});

test('a picture is known by how it begins, whatever its name', (t) => {
  t.is(pictureType(PNG), 'image/png');
  t.is(pictureType(Buffer.from('RIFF1234WEBPVP8 ')), 'image/webp');
  for (const text of ['', 'GIF', '<svg', '%PDF-1.7', 'RIFF1234WAVE'])
    t.is(pictureType(Buffer.from(text)), undefined, text);
});
