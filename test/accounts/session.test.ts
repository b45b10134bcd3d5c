import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deleteExpiredSessions } from '../../src/accounts/session/store.ts';
import { updatePassword } from '../../src/accounts/store.ts';
import { createApp } from '../../src/app.ts';
import type { Deps } from '../../src/deps.ts';
import { acme, staff } from '../support/people.ts';
import { HOUR, MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const OWNER = 'owner@acme.example';

/** The statements that `work` sends to the database. */
async function statements(world: World, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const listen = ({ sql }: { sql: string }) => void seen.push(sql);
  world.db.on('query', listen);
  await work();
  world.db.off('query', listen);
  return seen;
}

/** The line that sets the session's cookie; the browser's own mark has another. */
const sessionCookie = (headers: Headers): string =>
  headers.getSetCookie().find((line) => /^(__Host-)?warmdesk=/.test(line)) ?? '';

/** An address that is answered without reading anything but who asks. */
const NO_PAGE = '/nowhere';

onBothEngines('reading who is signed in takes one query, and none without a cookie', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  t.is((await statements(world, () => visitor.get(NO_PAGE))).length, 1);
  t.is((await statements(world, () => world.visitor().get('/sign-in'))).length, 0);
  const forged = { cookie: 'warmdesk=s%3Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.wrong' };
  t.is((await statements(world, () => world.visitor().get('/sign-in', forged))).length, 0);
});

onBothEngines('a session is written again only when its end moves by more than five minutes', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  world.now += 5 * MINUTE;
  t.is((await statements(world, () => visitor.get(NO_PAGE))).length, 1);
  world.now += 1;
  t.is((await statements(world, () => visitor.get(NO_PAGE))).length, 2);
  t.is((await statements(world, () => visitor.get(NO_PAGE))).length, 1);
});

onBothEngines('the cookie’s id is stored as a hash, and nothing about the person beside it', async (t, world) => {
  const { owner } = await acme(world);
  const answer = await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD });
  const id = /^warmdesk=s%3A([^.]+)\./.exec(sessionCookie(answer.headers))?.[1] ?? '';
  t.is(id.length, 32);
  const [row] = await world.db('sessions').select('*');
  t.false(JSON.stringify(row).includes(id));
  t.is(row.person_id, owner.id);
  t.false(row.data.includes(OWNER));
});

onBothEngines('the cookie is out of reach for scripts and other sites', async (t, world) => {
  await acme(world);
  const answer = await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD });
  const cookie = sessionCookie(answer.headers);
  t.regex(cookie, /^warmdesk=.*; HttpOnly; SameSite=Lax$/);
  t.regex(cookie, /Path=\/;/);
  t.false(/Secure|Domain/.test(cookie));
  for (const line of answer.headers.getSetCookie()) t.regex(line, /Path=\/;.*HttpOnly; SameSite=Lax$/);
});

onBothEngines('over https the cookie is this host’s alone and never goes out in the clear', async (t, world) => {
  await acme(world);
  const config = { ...world.deps.config, baseUrl: 'https://desk.example', trustProxy: 1 };
  const home = await serve(t, { ...world.deps, config });
  const answer = await fetch(`${home}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ email: OWNER, password: PASSWORD }),
    headers: { 'x-forwarded-proto': 'https' },
    redirect: 'manual',
  });
  t.regex(sessionCookie(answer.headers), /^__Host-warmdesk=.*; Path=\/;.*; HttpOnly; Secure; SameSite=Lax$/);
  t.truthy(answer.headers.get('strict-transport-security'));
});

async function serve(t: { teardown(work: () => void): void }, deps: Deps): Promise<string> {
  const server = createServer(createApp(deps)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

onBothEngines('a session ends after twelve hours without a request', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  for (const hours of [11, 11]) {
    world.now += hours * HOUR;
    t.is((await visitor.get('/profile')).status, 200);
  }
  world.now += 12 * HOUR;
  t.is((await visitor.get('/profile')).status, 303);
});

onBothEngines('a session ends after seven days, however much it is used', async (t, world) => {
  await staff(world);
  const visitor = await world.signedIn('reviewer@warmdesk.example');
  for (let hours = 8; hours < 7 * 24; hours += 8) {
    world.now += 8 * HOUR;
    t.is((await visitor.get('/profile')).status, 200, `${hours} hours`);
  }
  world.now += 8 * HOUR;
  t.is((await visitor.get('/profile')).status, 303);
});

onBothEngines('a session does not outlive the password that it was made with', async (t, world) => {
  const { owner } = await acme(world);
  const visitor = await world.signedIn(OWNER);
  await updatePassword(world.db, owner.id, 'another hash');
  t.is((await visitor.get('/profile')).status, 303);
});

onBothEngines('only sessions that have run out are deleted', async (t, world) => {
  await acme(world);
  await world.signedIn(OWNER);
  world.now += 11 * HOUR;
  await world.signedIn('billing@acme.example');
  t.is(await deleteExpiredSessions(world.db, world.now), 0);
  world.now += 2 * HOUR;
  t.is(await deleteExpiredSessions(world.db, world.now), 1);
});

onBothEngines('a database that fails under a session gives the error page, and nothing dies', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  await world.db.schema.renameTable('sessions', 'sessions_away');
  const answer = await visitor.get('/profile');
  t.is(answer.status, 500);
  t.true(answer.text.includes('Something went wrong on our side'));
  t.is((await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD })).status, 500);
  t.is((await world.visitor().get('/sign-in')).status, 200);
  await world.db.schema.renameTable('sessions_away', 'sessions');
  t.is((await visitor.get('/profile')).status, 200);
});
