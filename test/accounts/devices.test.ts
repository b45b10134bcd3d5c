// Where somebody is signed in, ending that, and who hears of a sign-in from elsewhere.
import ava from 'ava';
import { devices } from 'playwright-core';
import { forgetOldDevices } from '../../src/accounts/background.ts';
import { noteDevice } from '../../src/accounts/session/actions.ts';
import { deviceName } from '../../src/accounts/session/device.ts';
import { mailSettings } from '../../src/mail.ts';
import { renderMail } from '../../src/notifications/render.ts';
import { halfIn, setUpApp } from '../support/authenticator.ts';
import { acme, staff } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';
import { DAY, HOUR, MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const OWNER = 'owner@acme.example';
const agentOf = (name: string) => ({ 'user-agent': devices[name]?.userAgent ?? '' });
const FIREFOX = agentOf('Desktop Firefox');
const PHONE = agentOf('iPhone 15');
const OWN = '/profile/sign-in';

/** Signs in with a browser that says what it is. */
async function enter(visitor: Visitor, headers: Record<string, string>, email = OWNER): Promise<Visitor> {
  const answer = await visitor.post('/sign-in', { email, password: PASSWORD }, headers);
  if (answer.status !== 303) throw new Error(`not signed in: ${answer.status}`);
  return visitor;
}
const told = (world: World): Promise<string[]> =>
  world
    .db('outbox')
    .where({ template: 'new-device' })
    .orderBy('id')
    .pluck('facts')
    .then((all) => all.map((facts) => JSON.parse(facts).device));
/** The ids of the sessions that the page offers to end. */
const ends = (html: string): string[] =>
  [...html.matchAll(/sessions\/([0-9a-f]{64})\/ending/g)].map(([, id = '']) => id);

ava('browsers and systems are named as real ones say what they are', (t) => {
  const names = {
    'Desktop Chrome': 'Chrome on Windows',
    'Desktop Edge': 'Edge on Windows',
    'Desktop Firefox': 'Firefox on Windows',
    'Desktop Safari': 'Safari on Mac',
    'iPhone 15': 'Safari on iPhone',
    'iPad (gen 7)': 'Safari on iPad',
    'Pixel 7': 'Chrome on Android',
    'Galaxy S9+': 'Chrome on Android',
  };
  for (const [device, name] of Object.entries(names)) t.is(deviceName(devices[device]?.userAgent), name, device);
  for (const { userAgent } of Object.values(devices))
    if (/^Mozilla/.test(userAgent) && !/MeeGo|BB10|Nokia|PlayBook/.test(userAgent))
      t.notRegex(deviceName(userAgent), /^Unknown browser$/, userAgent);
  t.is(deviceName(undefined), 'Unknown browser');
  t.is(deviceName('curl/8.5.0'), 'Unknown browser');
  t.is(deviceName('<script>alert(1)</script>'.repeat(1000)), 'Unknown browser');
});

onBothEngines('the very first sign-in is not told, one with another browser is', async (t, world) => {
  await acme(world);
  await enter(world.visitor(), FIREFOX);
  t.deepEqual(await told(world), [], 'the first');
  await enter(world.visitor(), FIREFOX);
  t.deepEqual(await told(world), [], 'a private window of the same browser at the same place');
  const phone = await enter(world.visitor(), PHONE);
  t.deepEqual(await told(world), ['Safari on iPhone']);
  const [mail] = await world.db('outbox').where({ template: 'new-device' });
  t.is(mail.to_address, OWNER);
  t.is(JSON.parse(mail.facts).address, '127.0.0.1');
  t.true((await world.db('audit_events').pluck('name')).includes('person.newDevice'));
  await enter(phone, PHONE);
  t.deepEqual(await told(world), ['Safari on iPhone'], 'once');
});

onBothEngines('a browser is known again wherever it goes, and after an update', async (t, world) => {
  await acme(world);
  const laptop = await enter(world.visitor(), FIREFOX);
  const cookie = () => /warmdesk-device=([\w-]{22})/.exec(laptop.cookie)?.[1];
  const first = cookie();
  await world.db('known_devices').update({ address: '198.51.100.7' });
  await enter(laptop, { 'user-agent': `${FIREFOX['user-agent'].replace('Windows', 'Linux')}` });
  t.deepEqual(await told(world), [], 'by the mark that it keeps');
  t.truthy(first);
  t.not(cookie(), first, 'which is another each time');
  const kept = JSON.stringify(await world.db('known_devices'));
  t.false(kept.includes(cookie() ?? '-'), 'and stored as a hash');
  t.is((await world.db('known_devices')).length, 1);
});

onBothEngines(
  'a mark that somebody planted, or made up, or that is another person’s, is not known',
  async (t, world) => {
    await acme(world);
    await enter(world.visitor(), FIREFOX);
    const other = await enter(world.visitor(), PHONE, 'billing@acme.example');
    const planted = 'warmdesk-device=AAAAAAAAAAAAAAAAAAAAAA';
    await enter(world.visitor(), { ...agentOf('Pixel 7'), cookie: planted });
    t.deepEqual(await told(world), ['Chrome on Android']);
    const marks = await world.db('known_devices').pluck('mark_hash');
    await enter(world.visitor(), { ...agentOf('Desktop Edge'), cookie: planted });
    t.deepEqual(await told(world), ['Chrome on Android', 'Edge on Windows'], 'it was not taken over');
    t.false(marks.some((mark) => mark.includes('AAAA')));
    await enter(other, PHONE);
    t.deepEqual(await told(world), ['Chrome on Android', 'Edge on Windows', 'Safari on iPhone']);
  },
);

onBothEngines('R-07: two at once from one new device are told once', async (t, world) => {
  const { owner } = await acme(world);
  await enter(world.visitor(), FIREFOX);
  const seen = { mark: null, device: 'Safari on iPhone', address: '203.0.113.7' };
  const at = world.now;
  const notes = [1, 2, 3, 4].map((n) => noteDevice(world.db, { person: owner, at }, { ...seen, next: `next${n}` }));
  await Promise.all(notes);
  t.deepEqual(await told(world), ['Safari on iPhone']);
});

onBothEngines('a sign-in that needs a second step is told of when that is shown', async (t, world) => {
  await acme(world);
  const { codes } = await setUpApp(world, await world.signedIn(OWNER));
  const thief = world.visitor();
  await thief.post('/sign-in', { email: OWNER, password: PASSWORD }, PHONE);
  t.deepEqual(await told(world), []);
  await thief.post('/sign-in/recovery', { recovery: codes[0] ?? '' }, PHONE);
  t.deepEqual(await told(world), ['Safari on iPhone']);
});

onBothEngines('somebody sees where they are signed in, and ends one or all others', async (t, world) => {
  await acme(world);
  const laptop = await enter(world.visitor(), FIREFOX);
  world.now += HOUR;
  const phone = await enter(world.visitor(), PHONE);
  const tablet = await enter(world.visitor(), agentOf('iPad (gen 7)'));
  await enter(world.visitor(), FIREFOX, 'billing@acme.example');
  world.now += 20 * MINUTE;
  const page = await laptop.get(OWN);
  t.regex(page.text, /Firefox on Windows This one 127\.0\.0\.1 · since 23 Nov 2026, 09:00 UTC/);
  t.regex(page.text, /Safari on iPhone 127\.0\.0\.1 · since 23 Nov 2026, 10:00 UTC · last seen 20 min ago/);
  t.is(ends(page.html).length, 2, 'not the one in use, nor those of others');
  await phone.get('/');
  t.regex((await laptop.get(OWN)).text, /Safari on iPhone .*? last seen just now/);

  const id = ends(page.html).find((one) => page.html.indexOf(one) > page.html.indexOf('iPad')) ?? '';
  t.is((await laptop.post(`${OWN}/sessions/${id}/ending`, {})).location, `${OWN}?note=session-ended`);
  t.is((await tablet.get('/profile')).status, 303);
  t.is((await laptop.post(`${OWN}/sessions/${id}/ending`, {})).location, `${OWN}?note=session-over`);
  t.is((await phone.get('/profile')).status, 200);
  t.is((await laptop.post(`${OWN}/sessions/ending`, {})).location, `${OWN}?note=sessions-ended`);
  t.is((await phone.get('/profile')).status, 303);
  t.is((await laptop.get('/profile')).status, 200);
  t.is((await world.db('sessions')).length, 2, 'the colleague’s stays');
  const ended = await world.db('audit_events').where({ name: 'person.sessionsEnded' });
  t.deepEqual(
    ended.map(({ facts }) => JSON.parse(facts).count),
    [1, 1],
  );
});

onBothEngines('nobody ends the session of somebody else, and none is told of it', async (t, world) => {
  const { member } = await acme(world);
  const owner = await enter(world.visitor(), FIREFOX);
  const other = await enter(world.visitor(), PHONE, member.email);
  await enter(other.at(world.url), PHONE, member.email);
  const row = await world.db('sessions').where({ person_id: member.id }).first('id');
  for (const id of [row.id, 'x', '0'.repeat(64), "' or 1=1 --"]) {
    const answer = await owner.post(`${OWN}/sessions/${encodeURIComponent(id)}/ending`, {});
    t.is(answer.location, `${OWN}?note=session-over`, id);
  }
  t.is((await world.db('sessions').where({ person_id: member.id })).length > 0, true);
});

onBothEngines('a sign-in that stops at the second step is not listed, and ends with all others', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  await setUpApp(world, visitor);
  const half = await halfIn(world, OWNER);
  t.deepEqual(ends((await visitor.get(OWN)).html), []);
  await visitor.post(`${OWN}/sessions/ending`, {});
  t.is((await half.get('/sign-in/code')).location, '/sign-in');
});

onBothEngines('what a browser says of itself and a forwarded address are shown as text only', async (t, world) => {
  await acme(world);
  await enter(world.visitor(), FIREFOX);
  const odd = { 'user-agent': 'Firefox/1 <b>Windows</b>', 'x-forwarded-for': '203.0.113.99' };
  const visitor = await enter(world.visitor(), odd);
  const page = await visitor.get(OWN);
  t.false(page.html.includes('<b>'));
  t.false(page.html.includes('203.0.113.99'), 'nobody but a trusted proxy says where somebody comes from');
});

onBothEngines('a browser that nobody signed in with for a year is forgotten', async (t, world) => {
  await staff(world);
  await world.signedIn('admin@warmdesk.example');
  t.is(await forgetOldDevices(world.db, world.now + 364 * DAY), 0);
  t.is(await forgetOldDevices(world.db, world.now + 366 * DAY), 1);
});

onBothEngines('the mail of a new device says what a new password ends, and that passkeys stay', async (t, world) => {
  const { owner } = await acme(world);
  await enter(world.visitor(), FIREFOX);
  await enter(world.visitor(), PHONE);
  const row = await world.db('outbox').where({ template: 'new-device' }).first();
  const settings = { ...mailSettings(world.deps), baseUrl: 'https://desk.example' };
  const mail = { to: owner, template: row.template, facts: JSON.parse(row.facts), createdAt: row.created_at };
  const { text } = await renderMail(mail, settings);
  t.regex(text.replace(/\s+/g, ' '), /signs out everybody who is in your account\. Passkeys stay: .* remove each/);
  t.regex(text, /https:\/\/desk\.example\/profile\/sign-in/);
});
