// A browser goes on as soon as it has the head of an answer, before the end of it has come.
import { setTimeout as wait } from 'node:timers/promises';
import { SessionStore } from '../../src/accounts/session/store.ts';
import { setUpApp } from '../support/authenticator.ts';
import { acme } from '../support/people.ts';
import { onBothEngines, PASSWORD } from '../support/world.ts';

const OWNER = 'owner@acme.example';

/** A database that takes a moment to store a session. */
const { set } = SessionStore.prototype;
SessionStore.prototype.set = function (...all) {
  void wait(200).then(() => set.apply(this, all));
};

onBothEngines('the second step is there when a browser is sent to it', async (t, world) => {
  await acme(world);
  await setUpApp(world, await world.signedIn(OWNER));
  const sent = await fetch(new URL('/sign-in', world.url), {
    method: 'POST',
    body: new URLSearchParams({ email: OWNER, password: PASSWORD }),
    headers: { 'sec-fetch-site': 'same-origin' },
    redirect: 'manual',
  });
  t.is(sent.headers.get('location'), '/sign-in/code');
  const cookie = (sent.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const page = await fetch(new URL('/sign-in/code', world.url), { headers: { cookie }, redirect: 'manual' });
  t.is(page.status, 200);
  await Promise.all([sent.text(), page.text()]);
});
