// Colleagues whom an internal note names with an @: mailed once, as they want it, and no customer hears of it.
import ava from 'ava';
import { chooseMails } from '../../src/notifications/preferences/actions.ts';
import { goAway } from '../../src/requests/absence/actions.ts';
import { appealDecline } from '../../src/requests/appeals/actions.ts';
import { handOver } from '../../src/requests/claims/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { addNote } from '../../src/requests/review/actions.ts';
import { mentionedIn } from '../../src/requests/review/mentions/mentions.ts';
import * as make from '../support/make.ts';
import { lastNotified, recordsOf } from '../support/notified.ts';
import { DAY, onBothEngines } from '../support/world.ts';

const person = (id: number, name: string, email: string) => ({ id, name, email });
const ANN = person(1, 'Ann Ash', 'ann@desk.example');
const ANNA = person(2, 'Anna Birch', 'ab@desk.example');
const ANN_ELM = person(3, 'Ann-Marie Élan', 'marie@desk.example');
const BO = person(4, 'Bo Çedar', 'bo.c@desk.example');

ava('a colleague is named by the whole name, the first one, or the mail address as far as its @', (t) => {
  const named = (text: string) => mentionedIn(text, [ANN, ANNA, ANN_ELM, BO]).map(({ id }) => id);
  t.deepEqual(named('@Ann Ash, look'), [1]);
  t.deepEqual(named('@ann look. And @ANNA!'), [1, 2]);
  t.deepEqual(named('(@Ann-Marie Élan)'), [3]);
  t.deepEqual(named('@bo.c? @Bo Çedar.'), [4], 'each once');
  t.deepEqual(named('@marie and @ab'), [3, 2], 'in the order of the text');
  for (const text of [
    'ann',
    '@',
    '@ann1',
    '@ann-lena',
    '@ann.example',
    'me@ann',
    'x@ann.example',
    '@@ann',
    '@nobody',
    '@Annabel',
  ])
    t.deepEqual(named(text), [], text);
});

ava('a call that two of them have names neither', (t) => {
  const other = person(5, 'Ann Oak', 'oak@desk.example');
  t.deepEqual(mentionedIn('@Ann, look', [person(6, 'Ann Fir', 'fir@desk.example'), other]), []);
  t.deepEqual(mentionedIn('@Ann Oak, look', [person(6, 'Ann Fir', 'fir@desk.example'), other]), [other]);
});

onBothEngines(
  'R-07: a note mails each colleague whom it names once, and says in the history whom',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    const acme = await make.account(world);
    const id = await make.request(world, acme.admin);
    const by = { person: reviewer, at: world.now };
    t.true(
      (await addNote(world.db, by, id, '@reviewer2 and @Staff admin: known? @reviewer2! @reviewer @Acme admin')).ok,
    );
    t.deepEqual(await lastNotified(world, id), [
      `${admin.name}: request-mentioned`,
      `${reviewer2.name}: request-mentioned`,
    ]);
    t.deepEqual((await recordsOf(world, id)).at(-1)?.facts, { mentioned: [reviewer2.name, admin.name] });
    const page = await (await world.signedIn(reviewer.email)).get(`/review/${reference(id)}`);
    t.regex(page.text, new RegExp(`${reviewer.name} wrote a note to ${reviewer2.name}, ${admin.name}`));
    t.true((await addNote(world.db, by, id, 'Nobody: a@reviewer2.example')).ok);
    t.deepEqual(await lastNotified(world, id), []);
  },
);

onBothEngines(
  'no customer reads of it, nor is anybody of the account mailed, be they on the staff',
  async (t, world) => {
    const { reviewer } = await make.staff(world);
    const acme = await make.account(world);
    const insider = await make.insider(world, acme.id);
    const id = await make.request(world, acme.admin);
    const name = insider.email.split('@')[0];
    t.true((await addNote(world.db, { person: reviewer, at: world.now }, id, `@${name} @admin secret words`)).ok);
    t.deepEqual(await lastNotified(world, id), ['Staff admin: request-mentioned']);
    for (const one of [acme.admin, acme.member, insider]) {
      const visitor = await world.signedIn(one.email);
      for (const page of [`/requests/${reference(id)}`, '/history', '/'])
        t.notRegex((await visitor.get(page)).html, /secret words|wrote a note/, page);
    }
  },
);

onBothEngines(
  'R-07: as people want it: in the summary, not at all, or by a stand-in while they are away',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    const acme = await make.account(world);
    const id = await make.request(world, acme.admin);
    const note = async (text: string): Promise<string[]> => {
      t.true((await addNote(world.db, { person: reviewer, at: world.now }, id, text)).ok);
      return lastNotified(world, id);
    };
    await goAway(world.db, { person: reviewer2, at: world.now }, { until: world.now + DAY, standInId: admin.id });
    t.deepEqual(await note('@reviewer2 and @admin'), [`${admin.name}: request-mentioned`], 'once for both');
    await chooseMails(world.db, { person: admin, at: world.now }, { of: admin }, { mentions: 'off' });
    t.deepEqual(await note('@admin'), []);
    t.regex((await (await world.signedIn(admin.email)).get('/profile/mails')).text, /Notes that mention you/);
  },
);

onBothEngines(
  'R-07: the note of a hand-over mails whom it names, and the colleague who gets the request once',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    const acme = await make.account(world);
    const id = await make.request(world, acme.admin);
    const by = { person: reviewer, at: world.now };
    const note = '@reviewer2, this is yours. @admin knows them, @reviewer does not.';
    t.true((await handOver(world.db, by, id, { to: reviewer2.id, note })).ok);
    t.deepEqual(await lastNotified(world, id), [
      `${admin.name}: request-mentioned`,
      `${reviewer2.name}: request-passed-on`,
    ]);
    t.deepEqual((await recordsOf(world, id)).at(-1)?.facts, { to: reviewer2.name, mentioned: [admin.name] });
    const mail = await world.db('outbox').where({ template: 'request-mentioned' }).first('facts');
    t.like(JSON.parse(mail.facts), { by: reviewer.name, where: 'hand-over', note });
    const page = await (await world.signedIn(admin.email)).get(`/review/${reference(id)}`);
    t.regex(page.text, /handed it over to Staff reviewer2, with a note to Staff admin/);
    t.notRegex(
      (await (await world.signedIn(acme.admin.email)).get(`/requests/${reference(id)}`)).text,
      /this is yours/,
    );
  },
);

onBothEngines('R-07: an appeal mails whom it names: who declined it too, but nobody twice', async (t, world) => {
  const { reviewer, reviewer2, admin } = await make.staff(world);
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'declined', acme.admin);
  await chooseMails(world.db, { person: admin, at: world.now }, { of: admin }, { 'to-review': 'off' });
  const reason = 'As @reviewer said, it is better now. @reviewer2 and @Staff admin saw it, @billing too.';
  t.true((await appealDecline(world.db, { person: acme.admin, at: world.now }, id, reason)).ok);
  t.deepEqual(await lastNotified(world, id), [
    `${acme.admin.name}: request-appealed`,
    `${admin.name}: request-mentioned`,
    `${reviewer2.name}: request-to-review`,
    `${reviewer.name}: request-mentioned`,
  ]);
  const mail = await world.db('outbox').where({ template: 'request-mentioned' }).first('facts');
  t.like(JSON.parse(mail.facts), { by: acme.admin.name, where: 'appeal', note: reason });
});

onBothEngines('R-07: an appeal mails whom it names while they are away without a stand-in', async (t, world) => {
  const { reviewer2 } = await make.staff(world);
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'declined', acme.admin);
  const until = world.now + DAY;
  t.true((await goAway(world.db, { person: reviewer2, at: world.now }, { until, standInId: null })).ok);
  const reason = '@reviewer2 saw it.';
  t.true((await appealDecline(world.db, { person: acme.admin, at: world.now }, id, reason)).ok);
  t.true((await lastNotified(world, id)).includes(`${reviewer2.name}: request-mentioned`));
});
