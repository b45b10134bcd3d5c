import { mailSettings } from '../../src/mail.ts';
import { renderMail } from '../../src/notifications/render.ts';
import { acme } from '../support/people.ts';
import { HOUR, MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const OWNER = 'owner@acme.example';
const NEW = 'four plain words here';
const CHOICE = { password: NEW, repeated: NEW };

/** The paths of the links that were mailed, oldest first. */
async function mailedLinks(world: World): Promise<string[]> {
  const rows = await world.db('outbox').where({ template: 'password-reset' }).orderBy('id');
  const to = { id: 1, email: OWNER, name: 'owner', timeZone: 'UTC' };
  const settings = { ...mailSettings(world.deps), baseUrl: 'https://desk.example' };
  const mails = rows.map((row) =>
    renderMail({ to, template: row.template, facts: JSON.parse(row.facts), createdAt: row.created_at }, settings),
  );
  return (await Promise.all(mails)).map(({ text }) => /https:\/\/desk\.example(\S+)/.exec(text)?.[1] ?? '');
}

async function linkFor(world: World, email = OWNER): Promise<string> {
  await world.visitor().post('/password-reset', { email });
  return (await mailedLinks(world)).at(-1) as string;
}

const canSignIn = async (world: World, password: string) =>
  (await world.visitor().post('/sign-in', { email: OWNER, password })).status === 303;

onBothEngines('a mailed link gives a new password, once, and ends all sessions', async (t, world) => {
  await acme(world);
  const signedIn = await world.signedIn(OWNER);
  const link = await linkFor(world);
  const visitor = world.visitor();
  const form = await visitor.get(link);
  t.is(form.status, 200);
  t.is(form.headers.get('cache-control'), 'no-store');
  t.is(form.headers.get('referrer-policy'), 'strict-origin');
  t.true(await canSignIn(world, PASSWORD), 'looking at the page changes nothing');
  const changed = await visitor.submit(form, link, CHOICE);
  t.is(changed.location, '/sign-in?note=password-changed');
  t.is((await signedIn.get('/profile')).status, 303);
  t.is(Number((await world.db('sessions').count({ n: '*' }))[0]?.n), 0);
  t.false(await canSignIn(world, PASSWORD));
  t.true(await canSignIn(world, NEW));
  t.is((await visitor.get(link)).status, 404);
  t.is((await visitor.post(link, CHOICE)).status, 404);
});

onBothEngines('of two who use one link at the same moment, one gets it', async (t, world) => {
  await acme(world);
  const link = await linkFor(world);
  const answers = await Promise.all([1, 2].map(() => world.visitor().post(link, CHOICE)));
  t.deepEqual(answers.map(({ status }) => status).sort(), [303, 404]);
});

onBothEngines('a newer link replaces the older, and a link works for an hour', async (t, world) => {
  await acme(world);
  const older = await linkFor(world);
  world.now += MINUTE;
  const newer = await linkFor(world);
  t.is((await world.visitor().get(older)).status, 404);
  t.is((await world.visitor().get(newer)).status, 200);
  world.now += HOUR;
  t.is((await world.visitor().get(newer)).status, 404);
  t.is((await world.visitor().post(newer, CHOICE)).status, 404);
});

onBothEngines('wrong, empty and overlong tokens get the one page that says so', async (t, world) => {
  await acme(world);
  const link = await linkFor(world);
  for (const wrong of ['x', '%00', 'a'.repeat(43), 'a'.repeat(4000), `${link.slice(16)}x`, 'token[]=a', '%E0%A4']) {
    const answer = await world.visitor().get(`/password-reset/${wrong}`);
    t.true([404, 400].includes(answer.status), wrong);
    t.false(answer.html.includes('name="password"'), wrong);
  }
  const wrong = await world.visitor().get(`/password-reset/${'a'.repeat(43)}`);
  t.true(wrong.text.includes('This link no longer works'));
});

onBothEngines(
  'a new password that is short, long, common or repeated wrongly is refused, and the link stays',
  async (t, world) => {
    await acme(world);
    const link = await linkFor(world);
    const visitor = world.visitor();
    const refused = {
      '': 'is missing',
      seven77: 'has 7 characters',
      [`${'x'.repeat(201)}`]: 'at most 200',
      Password123: 'first that others try',
    };
    for (const [password, words] of Object.entries(refused)) {
      const answer = await visitor.post(link, { password, repeated: password });
      t.is(answer.status, 422, words);
      t.true(answer.text.includes(words), words);
    }
    const differs = await visitor.post(link, { password: NEW, repeated: `${NEW} ` });
    t.is(differs.status, 422);
    t.false(differs.html.includes(NEW));
    t.is((await visitor.post(link, CHOICE)).status, 303);
  },
);

onBothEngines(
  'the token stands nowhere: not in the database, not in the mail that waits, not in the log',
  async (t, world) => {
    await acme(world);
    const link = await linkFor(world);
    await world.visitor().get(link);
    await world.visitor().post(link, CHOICE);
    const token = link.slice('/password-reset/'.length);
    const tables = ['password_resets', 'outbox', 'audit_events', 'sessions'];
    const stored = JSON.stringify(await Promise.all(tables.map((table) => world.db(table).select('*'))));
    t.false(stored.includes(token));
    t.false(world.logLines.join('').includes(token));
    t.true(world.logLines.join('').includes('/password-reset/…'));
  },
);

onBothEngines('an unknown address and a disabled person get the same answer, and no mail', async (t, world) => {
  const { member } = await acme(world);
  await world.db('people').where({ id: member.id }).update({ disabled_at: world.now });
  const known = await world.visitor().post('/password-reset', { email: OWNER });
  for (const email of ['nobody@acme.example', 'member@acme.example']) {
    const answer = await world.visitor().post('/password-reset', { email });
    t.deepEqual([answer.status, answer.location], [known.status, known.location]);
  }
  t.is((await mailedLinks(world)).length, 1);
  t.is((await world.visitor().post('/password-reset', { email: 'no address' })).status, 422);
});

onBothEngines('a disabled person’s link does not work', async (t, world) => {
  const { owner } = await acme(world);
  const link = await linkFor(world);
  await world.db('people').where({ id: owner.id }).update({ disabled_at: world.now });
  t.is((await world.visitor().post(link, CHOICE)).status, 404);
});

onBothEngines('a fourth link within an hour is refused, for known and unknown alike', async (t, world) => {
  await acme(world);
  for (const email of [OWNER, 'nobody@acme.example']) {
    for (let i = 0; i < 3; i++) t.is((await world.visitor().post('/password-reset', { email })).status, 303);
    const fourth = await world.visitor().post('/password-reset', { email: email.toUpperCase() });
    t.is(fourth.status, 429);
    t.truthy(fourth.headers.get('retry-after'));
  }
  world.now += HOUR;
  t.is((await world.visitor().post('/password-reset', { email: OWNER })).status, 303);
});

onBothEngines('R-08: asking for a link and changing the password are in the history', async (t, world) => {
  const { owner } = await acme(world);
  await world.visitor().post(await linkFor(world), CHOICE);
  const events = await world.db('audit_events').where({ subject_type: 'person', subject_id: owner.id }).orderBy('seq');
  t.deepEqual(
    events.map(({ name, actor_id }) => [name, actor_id]),
    [
      ['person.added', null],
      ['person.resetRequested', null],
      ['person.passwordChanged', owner.id],
    ],
  );
});
