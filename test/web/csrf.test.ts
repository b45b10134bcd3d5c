import { acme } from '../support/people.ts';
import { onBothEngines } from '../support/world.ts';

const NAME = { name: 'Changed', timeZone: 'UTC' };

onBothEngines('a post from another site is refused, no matter who is signed in', async (t, world) => {
  const { owner } = await acme(world);
  const visitor = await world.signedIn(owner.email);
  const cross = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: world.url },
  ];
  for (const headers of cross) {
    const answer = await visitor.post('/profile', NAME, headers);
    t.is(answer.status, 403);
    t.true(answer.text.includes('This came from another site'));
  }
  t.is((await world.db('people').where({ id: owner.id }).first()).name, owner.name);
});

onBothEngines('an older browser’s post is judged by its origin', async (t, world) => {
  const { owner } = await acme(world);
  const signIn = (origin: string) =>
    fetch(`${world.url}/sign-in`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ email: owner.email, password: 'a-wrong-one' }),
    });
  for (const origin of ['https://evil.example', 'null', `${world.url}.evil.example`]) {
    t.is((await signIn(origin)).status, 403, origin);
  }
  t.is((await signIn(world.url)).status, 422);
});
