import { acme } from '../support/people.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines('name and time zone can be changed, and the history has before and after', async (t, world) => {
  const { owner } = await acme(world);
  const visitor = await world.signedIn(owner.email);
  const page = await visitor.get('/profile');
  const ada = { name: ' Ada <b>Owner</b> ', timeZone: 'Europe/Berlin' };
  const saved = await visitor.submit(page, '/profile', ada);
  t.is(saved.location, '/profile?note=profile-saved');
  const after = await visitor.get('/profile?note=profile-saved');
  t.true(after.text.includes('Your settings are saved'));
  t.true(after.html.includes('value="Ada &lt;b&gt;Owner&lt;/b&gt;"'));
  t.regex(after.html, /<option value="Europe\/Berlin" selected>/);
  const [event] = await world.db('audit_events').where({ name: 'person.profileChanged' });
  t.deepEqual(JSON.parse(event.facts), {
    before: { name: 'owner', timeZone: 'UTC' },
    after: { name: 'Ada <b>Owner</b>', timeZone: 'Europe/Berlin' },
  });
});

onBothEngines('saving without a change records nothing', async (t, world) => {
  const { owner } = await acme(world);
  const visitor = await world.signedIn(owner.email);
  await visitor.post('/profile', { name: owner.name, timeZone: owner.timeZone });
  t.is((await world.db('audit_events').where({ name: 'person.profileChanged' })).length, 0);
});

onBothEngines('a bad name or time zone is told, with what was typed kept', async (t, world) => {
  const { owner } = await acme(world);
  const visitor = await world.signedIn(owner.email);
  for (const timeZone of ['', 'Mars/Olympus', '+01:00', 'Europe/Berlin\u0000', 'x'.repeat(5000)]) {
    const answer = await visitor.post('/profile', { name: 'Kept Name', timeZone });
    t.is(answer.status, 422, timeZone);
    t.true(answer.html.includes('value="Kept Name"'));
  }
  for (const name of ['', ' ', 'x'.repeat(101), 'a\nb', 'a\u0000b']) {
    t.is((await visitor.post('/profile', { name, timeZone: 'UTC' })).status, 422, name);
  }
});

onBothEngines('a profile is for those who are signed in', async (t, world) => {
  t.is((await world.visitor().get('/profile')).location, '/sign-in?next=%2Fprofile');
});
