import { acme, staff } from '../support/people.ts';
import { onBothEngines, PASSWORD, type World } from '../support/world.ts';

const OWNER = 'owner@acme.example';
const sessionsOf = (world: World) => world.db('sessions').select('*');

onBothEngines('the right password signs in and leads home', async (t, world) => {
  await acme(world);
  const visitor = world.visitor();
  const form = await visitor.get('/sign-in');
  t.is(form.status, 200);
  const answer = await visitor.submit(form, '/sign-in', { email: 'Owner@ACME.example', password: PASSWORD });
  t.is(answer.status, 303);
  t.is(answer.location, '/');
  const profile = await visitor.get('/profile');
  t.is(profile.status, 200);
  t.true(profile.text.includes(OWNER));
});

onBothEngines('staff who are nobody’s customer are led to the queue', async (t, world) => {
  await staff(world);
  const answer = await world.visitor().post('/sign-in', { email: 'reviewer@warmdesk.example', password: PASSWORD });
  t.is(answer.location, '/review');
});

onBothEngines(
  'a wrong password and an unknown address get the same answer, with the address kept',
  async (t, world) => {
    await acme(world);
    for (const email of [OWNER, 'nobody@acme.example']) {
      const answer = await world.visitor().post('/sign-in', { email, password: 'a-wrong-one' });
      t.is(answer.status, 422);
      t.true(answer.text.includes('Email and password do not belong together'));
      t.true(answer.html.includes(`value="${email}"`));
      t.false(answer.html.includes('a-wrong-one'));
    }
    t.is((await sessionsOf(world)).length, 0);
  },
);

onBothEngines('empty and doubled fields are told, not signed in', async (t, world) => {
  await acme(world);
  const empty = await world.visitor().post('/sign-in', { email: ' ', password: '' });
  t.is(empty.status, 422);
  t.true(empty.text.includes('Email is missing'));
  t.true(empty.text.includes('Password is missing'));
  const doubled = await world.visitor().post('/sign-in', { email: OWNER, password: [PASSWORD, PASSWORD] });
  t.is(doubled.status, 422);
});

onBothEngines('a disabled person cannot sign in, and their session is dead at the next request', async (t, world) => {
  const { owner } = await acme(world);
  const visitor = await world.signedIn(OWNER);
  await world.db('people').where({ id: owner.id }).update({ disabled_at: world.now });
  t.is((await visitor.get('/profile')).location, '/sign-in?next=%2Fprofile');
  await world.db('sessions').where({ person_id: owner.id }).delete();
  t.is((await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD })).status, 422);
});

onBothEngines('signing in gives the session a new id, so a planted one is worth nothing', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  const [before] = await sessionsOf(world);
  await visitor.post('/sign-in', { email: OWNER, password: PASSWORD });
  const after = await sessionsOf(world);
  t.is(after.length, 1);
  t.not(after[0].id, before.id);
});

onBothEngines('signing out ends the session in the database too', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  const answer = await visitor.post('/sign-out', {});
  t.is(answer.location, '/sign-in?note=signed-out');
  t.is((await sessionsOf(world)).length, 0);
  t.is((await visitor.get('/profile')).status, 303);
  t.is((await visitor.post('/sign-out', {})).status, 303, 'signing out twice is not a fault');
});

onBothEngines('a visitor who is signed in is sent on from the sign-in page', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  t.is((await visitor.get('/sign-in?next=/requests')).location, '/requests');
});

onBothEngines('after signing in one goes on to pages of this site only', async (t, world) => {
  await acme(world);
  const away = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
  ];
  for (const next of away) {
    const answer = await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD, next });
    t.is(answer.location, '/', next);
  }
  const own = await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD, next: '/requests?page=2' });
  t.is(own.location, '/requests?page=2');
});
