import ava from 'ava';
import { ownPath, readKept } from '../../src/accounts/form.ts';
import { acme } from '../support/people.ts';
import { hiddenFields } from '../support/visitor.ts';
import { onBothEngines, PASSWORD } from '../support/world.ts';

const OWNER = 'owner@acme.example';

onBothEngines('what was sent after the session had ended can be sent again after signing in', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  await world.db('sessions').delete();
  const typed = { name: 'Ada "quoted" <b>', timeZone: 'Europe/Berlin', list: ['one', 'two'] };
  const form = await visitor.post('/profile', typed);
  t.is(form.status, 401);
  t.true(form.text.includes('What you typed is kept'));
  const wrong = await visitor.submit(form, '/sign-in', { email: OWNER, password: 'a-wrong-one' });
  t.is(wrong.status, 422);
  const resumed = await visitor.submit(wrong, '/sign-in', { email: OWNER, password: PASSWORD });
  t.is(resumed.status, 200);
  t.true(resumed.text.includes('You are signed in again'));
  t.deepEqual(hiddenFields(resumed.html, '/profile'), {
    name: [typed.name],
    timeZone: [typed.timeZone],
    list: typed.list,
  });
  const sent = await visitor.submit(resumed, '/profile', {});
  t.is(sent.location, '/profile?note=profile-saved');
  t.is((await world.db('people').where({ email: OWNER }).first()).name, typed.name);
});

onBothEngines('nothing is kept that does not come from the sign-in form, or that leads elsewhere', async (t, world) => {
  await acme(world);
  const linked = await world.visitor().get('/sign-in?next=/profile&kept=%7B%22name%22%3A%22Mallory%22%7D');
  t.false(linked.html.includes('Mallory'));
  const away = { email: OWNER, password: PASSWORD, next: '//evil.example', kept: '{"a":"b"}' };
  t.is((await world.visitor().post('/sign-in', away)).location, '/');
  const broken = { email: OWNER, password: PASSWORD, next: '/profile', kept: '{"a":{"b":"c"}}' };
  t.is((await world.visitor().post('/sign-in', broken)).location, '/profile');
});

ava('kept is a flat object of texts and lists of texts, of 64 KB at most', (t) => {
  t.deepEqual(readKept('{"a":"b","c":["d","e"]}'), { a: 'b', c: ['d', 'e'] });
  t.deepEqual(readKept('{}'), {});
  const others = [undefined, ['{}'], '', '[]', 'null', '1', '"a"', '{"a":1}', '{"a":null}', '{"a":[["b"]]}', '{'];
  for (const other of [...others, JSON.stringify({ a: 'x'.repeat(64 * 1024) })]) t.is(readKept(other), null);
});

ava('one goes on to paths of this site only', (t) => {
  for (const own of ['/', '/requests', '/requests/5?page=2#x', '/a//b', '/%5Cevil']) t.is(ownPath(own), own);
  const others = [
    '',
    'requests',
    '//e',
    '/\\e',
    '\\\\e',
    '/\t/e',
    '/\n/e',
    'https://e',
    '/a b',
    '/ä',
    ' /a',
    ['/a'],
    undefined,
  ];
  for (const other of [...others, `/${'a'.repeat(2000)}`]) t.is(ownPath(other), '/', String(other));
});
