// Changing one's mail address by links to both: used twice, late, by somebody else; two at once; taken meanwhile.

import { finishEmailChanges } from '../../src/accounts/email-change/actions.ts';
import { changeToken } from '../../src/accounts/email-change/email-change.ts';
import { deleteChange, findChangeOf } from '../../src/accounts/email-change/store.ts';
import { insertPasskey } from '../../src/accounts/passkeys/store.ts';
import { disablePerson, resetSecondFactor } from '../../src/accounts/people/actions.ts';
import { askReset } from '../../src/accounts/reset/actions.ts';
import { resetToken } from '../../src/accounts/reset/token.ts';
import * as make from '../support/make.ts';
import type { Visitor } from '../support/visitor.ts';
import { DAY, HOUR, MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const NEW = 'ana@new.example';
const ASK = '/profile/email';

/** The paths of the two links that were mailed last. */
async function links(world: World): Promise<{ proof: string; asked: string; to: string[] }> {
  const path = async (template: string) => {
    const mail = await world.db('outbox').where({ template }).orderBy('id', 'desc').first();
    return [`/email-change/${changeToken(world.deps.sessionSecret, JSON.parse(mail.facts).seed)}`, mail.to_address];
  };
  const [[proof, toNew], [asked, toOld]] = [await path('email-proof'), await path('email-asked')];
  return { proof, asked, to: [toNew, toOld] };
}

async function ask(world: World, email = NEW) {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const page = await visitor.get(ASK);
  const answer = await visitor.submit(page, ASK, { email });
  return { acme, visitor, answer, ...(await links(world)) };
}

const emailOf = async (world: World, id: number): Promise<string> =>
  (await world.db('people').where({ id }).first('email')).email;

const follow = async (visitor: Visitor, path: string, fields: Record<string, string> = {}) =>
  visitor.submit(await visitor.get(path), path, fields);

onBothEngines('an address is changed once both links are followed, in either order', async (t, world) => {
  for (const order of [['proof', 'asked'] as const, ['asked', 'proof'] as const]) {
    const found = await ask(world, `${order[0]}@new.example`);
    t.is(found.answer.location, '/profile/email?note=email-asked');
    const { admin } = found.acme;
    t.deepEqual(found.to, [`${order[0]}@new.example`, admin.email]);
    const mailbox = world.visitor();
    const first = await follow(mailbox, found[order[0]]);
    t.is(first.status, 200);
    t.is(await emailOf(world, admin.id), admin.email, 'one alone changes nothing');
    const second = await follow(mailbox, found[order[1]]);
    t.regex(second.text, /Your address is changed/);
    t.is(await emailOf(world, admin.id), `${order[0]}@new.example`);
    t.is((await found.visitor.get('/profile')).status, 200, 'open sessions go on');
    const signIn = (email: string) => world.visitor().post('/sign-in', { email, password: PASSWORD });
    t.is((await signIn(`${order[0]}@new.example`)).status, 303);
    t.is((await signIn(admin.email)).status, 422);
  }
  const told = await world.db('outbox').where({ template: 'email-changed' }).pluck('to_address');
  t.is(told.length, 4, 'each change is told to both addresses');
});

onBothEngines('looking at a link does nothing, and a link works once', async (t, world) => {
  const { acme, proof, asked } = await ask(world);
  const mailbox = world.visitor();
  for (const path of [proof, asked]) t.is((await mailbox.get(path)).status, 200);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
  await follow(mailbox, proof);
  t.regex((await mailbox.get(proof)).text, /Your new address is confirmed/);
  t.is((await mailbox.post(proof, {})).status, 404);
  await follow(mailbox, asked);
  for (const path of [proof, asked]) {
    t.is((await mailbox.get(path)).status, 404);
    t.is((await mailbox.post(path, {})).status, 404);
  }
});

onBothEngines('the old address stops it: nothing is changed, and all sessions end', async (t, world) => {
  const { acme, visitor, proof, asked } = await ask(world);
  const mailbox = world.visitor();
  await follow(mailbox, proof);
  const stopped = await follow(mailbox, asked, { answer: 'stop' });
  t.regex(stopped.text, /The change is stopped.*Choose a new password now/);
  t.is((await visitor.get('/profile')).status, 303);
  world.now += 4 * DAY;
  await finishEmailChanges(world.db, world.now);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
  t.is((await mailbox.post(proof, {})).status, 404);
  const [event] = await world.db('audit_events').where({ name: 'person.emailKept' });
  t.is(JSON.parse(event.facts).why, 'stopped');
});

onBothEngines(
  'where the old mailbox is lost, a confirmed address holds after three days, not earlier',
  async (t, world) => {
    const { acme, proof, asked } = await ask(world);
    await follow(world.visitor(), proof);
    world.now += 3 * DAY - 1;
    t.is(await finishEmailChanges(world.db, world.now), 0);
    t.is(await emailOf(world, acme.admin.id), acme.admin.email);
    world.now += 1;
    t.is((await world.visitor().get(asked)).status, 404, 'too late to be stopped');
    t.is(await finishEmailChanges(world.db, world.now), 1);
    t.is(await emailOf(world, acme.admin.id), NEW);
    t.is(await finishEmailChanges(world.db, world.now), 0);
  },
);

onBothEngines('an address that is not confirmed within three days is forgotten', async (t, world) => {
  const { acme, proof, asked } = await ask(world);
  await follow(world.visitor(), asked);
  world.now += 3 * DAY;
  t.is((await world.visitor().post(proof, {})).status, 404);
  await finishEmailChanges(world.db, world.now);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
  t.deepEqual(await world.db('email_changes'), []);
});

onBothEngines('a link is of no use to somebody else who is signed in', async (t, world) => {
  const { acme, proof, asked } = await ask(world);
  const other = await world.signedIn(acme.member.email);
  for (const path of [proof, asked]) {
    const answer = await other.get(path);
    t.is(answer.status, 404);
    t.notRegex(answer.text, /ana@new/);
    t.is((await other.post(path, { answer: 'stop' })).status, 404);
  }
  t.is((await world.visitor().get(proof)).status, 200, 'it still works for its own person');
});

onBothEngines('a newer change replaces the older, and it can be taken back', async (t, world) => {
  const { acme, visitor, proof, asked } = await ask(world);
  await visitor.submit(await visitor.get(ASK), ASK, { email: 'other@new.example' });
  for (const path of [proof, asked]) t.is((await world.visitor().get(path)).status, 404);
  const newer = await links(world);
  const page = await visitor.get(ASK);
  t.regex(page.text, /A change is pending.*other@new\.example/);
  t.is((await visitor.submit(page, `${ASK}/withdrawal`, {})).location, '/profile?note=email-kept');
  t.is((await world.visitor().get(newer.proof)).status, 404);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
});

onBothEngines('of two who follow both links at the same moment the change is made once', async (t, world) => {
  const { acme, proof, asked } = await ask(world);
  const answers = await Promise.all([proof, asked, proof, asked].map((path) => world.visitor().post(path, {})));
  t.is(answers.filter(({ text }) => text.includes('Your address is changed')).length, 1);
  t.is(await emailOf(world, acme.admin.id), NEW);
  t.is((await world.db('audit_events').where({ name: 'person.emailChanged' })).length, 1);
});

onBothEngines('of two people who want one address the first to have it confirmed gets it', async (t, world) => {
  const acme = await make.account(world);
  const found = [];
  for (const person of [acme.admin, acme.member]) {
    const visitor = await world.signedIn(person.email);
    await visitor.post(ASK, { email: NEW });
    found.push(await links(world));
  }
  for (const one of found) await world.visitor().post(one.asked, {});
  const answers = await Promise.all(found.map((one) => world.visitor().post(one.proof, {})));
  t.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
  t.regex(answers.map(({ text }) => text).join(), /This address belongs to somebody by now/);
  t.is((await world.db('people').where({ email: NEW })).length, 1);
});

onBothEngines('asking for an address that is somebody’s shows nothing of it; its owner is told', async (t, world) => {
  const other = await make.account(world, { name: 'Other' });
  const asking = [await make.account(world, { name: 'Asker1' }), await make.account(world, { name: 'Asker2' })];
  const shown = [];
  for (const [index, email] of [other.admin.email, 'nobody@other.example'].entries()) {
    const visitor = await world.signedIn(asking[index]?.admin.email ?? '');
    const answer = await visitor.post(ASK, { email: email.toUpperCase() });
    const pages = [await visitor.get(answer.location ?? ''), await visitor.get('/history')];
    const texts = pages.map(({ text }) =>
      text
        .replaceAll(email, 'ADDRESS')
        .replace(/ page \w+$/, '')
        .replaceAll(/asker[12]/gi, 'asker'),
    );
    shown.push([answer.status, answer.location, ...texts]);
  }
  t.regex(String(shown[0]), /A change is pending.*ADDRESS/);
  t.deepEqual(shown[0], shown[1], 'the same answer, the same page, the same history');
  const mails = await world.db('outbox').whereIn('template', ['email-proof', 'email-in-use']).orderBy('id');
  t.deepEqual(
    mails.map(({ template, to_address: to }) => [template, to]),
    [
      ['email-in-use', other.admin.email],
      ['email-proof', 'nobody@other.example'],
    ],
  );
  t.is(await emailOf(world, other.admin.id), other.admin.email);
});

onBothEngines(
  'an address that is somebody’s is never taken from them, agreed at the old one or not',
  async (t, world) => {
    const acme = await make.account(world);
    const visitor = await world.signedIn(acme.admin.email);
    await visitor.post(ASK, { email: acme.member.email });
    const { facts } = await world.db('outbox').where({ template: 'email-asked' }).first();
    const asked = `/email-change/${changeToken(world.deps.sessionSecret, JSON.parse(facts).seed)}`;
    t.is((await follow(world.visitor(), asked)).status, 200);
    world.now += 3 * DAY;
    t.is(await finishEmailChanges(world.db, world.now), 1);
    t.is(await emailOf(world, acme.admin.id), acme.admin.email);
    t.is(await emailOf(world, acme.member.id), acme.member.email);
    t.is((await world.db('audit_events').where({ name: 'person.emailChanged' })).length, 0);
  },
);

onBothEngines('an address that was taken while the change waited is not taken away', async (t, world) => {
  const { acme, proof } = await ask(world);
  await follow(world.visitor(), proof);
  await make.person(world, { email: NEW, staffRole: 'reviewer' });
  world.now += 3 * DAY;
  await finishEmailChanges(world.db, world.now);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
  const [event] = await world.db('audit_events').where({ name: 'person.emailKept' });
  t.is(JSON.parse(event.facts).why, 'taken');
});

onBothEngines('somebody who is disabled meanwhile keeps the address that they had', async (t, world) => {
  const { acme, proof } = await ask(world);
  await follow(world.visitor(), proof);
  const team = { kind: 'account', id: acme.id, name: acme.name } as const;
  await make.person(world, { email: 'second@acme.example', accountId: acme.id, accountRole: 'admin' });
  await disablePerson(world.db, { person: null, at: world.now }, team, acme.admin.id);
  world.now += 3 * DAY;
  await finishEmailChanges(world.db, world.now);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
});

onBothEngines('a password link in the old mailbox dies with the change', async (t, world) => {
  const { acme, proof, asked } = await ask(world);
  await askReset(world.db, acme.admin, world.deps.sessionSecret, world.now);
  const { facts } = await world.db('outbox').where({ template: 'password-reset' }).first();
  const reset = `/password-reset/${resetToken(world.deps.sessionSecret, JSON.parse(facts).seed)}`;
  t.is((await world.visitor().get(reset)).status, 200);
  for (const path of [proof, asked]) await follow(world.visitor(), path);
  t.is((await world.visitor().get(reset)).status, 404);
});

onBothEngines('ending a change ends none that was asked for in its place', async (t, world) => {
  const { acme, visitor } = await ask(world);
  const { id } = acme.admin;
  const older = await findChangeOf(world.db, id, world.now);
  if (older === null) return t.fail('no change waits');
  world.now += MINUTE;
  await visitor.submit(await visitor.get(ASK), ASK, { email: NEW });
  t.false(await deleteChange(world.db, older));
  const newer = await findChangeOf(world.db, id, world.now);
  t.is(newer?.expiresAt, world.now + 3 * DAY);
  t.true(newer !== null && (await deleteChange(world.db, newer)));
});

onBothEngines('what goes wrong with one change holds up no other', async (t, world) => {
  const broken = await ask(world, 'first@new.example');
  await follow(world.visitor(), broken.proof);
  const { acme, proof } = await ask(world);
  await follow(world.visitor(), proof);
  await world.db('email_changes').where({ person_id: broken.acme.admin.id }).update({ email: 'no address' });
  world.now += 3 * DAY;
  await t.throwsAsync(finishEmailChanges(world.db, world.now), { message: /^1 of 2 changes of an address could not/ });
  t.is(await emailOf(world, acme.admin.id), NEW);
  t.is(await emailOf(world, broken.acme.admin.id), broken.acme.admin.email);
});

onBothEngines('a new password drops a change that waits, confirmed as it may be', async (t, world) => {
  const { acme, proof, asked } = await ask(world);
  await follow(world.visitor(), proof);
  await askReset(world.db, acme.admin, world.deps.sessionSecret, world.now);
  const { facts } = await world.db('outbox').where({ template: 'password-reset' }).first();
  const reset = `/password-reset/${resetToken(world.deps.sessionSecret, JSON.parse(facts).seed)}`;
  const password = 'four plain words here';
  t.is((await follow(world.visitor(), reset, { password, repeated: password })).status, 303);
  t.is((await world.visitor().get(asked)).status, 404);
  world.now += 3 * DAY;
  await finishEmailChanges(world.db, world.now);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
  const [event] = await world.db('audit_events').where({ name: 'person.emailKept' });
  t.like(event, { actor_id: acme.admin.id, subject_id: acme.admin.id });
  t.is(JSON.parse(event.facts).why, 'reset');
});

onBothEngines('an admin who removes a second step drops a change that waits', async (t, world) => {
  const { acme, proof } = await ask(world);
  await follow(world.visitor(), proof);
  const passkey = { personId: acme.admin.id, credentialId: 'lost', publicKey: 'lost', counter: 0, name: 'Lost' };
  await insertPasskey(world.db, passkey, world.now);
  const team = { kind: 'account', id: acme.id, name: acme.name } as const;
  t.true((await resetSecondFactor(world.db, { person: null, at: world.now }, team, acme.admin.id)).ok);
  world.now += 3 * DAY;
  await finishEmailChanges(world.db, world.now);
  t.is(await emailOf(world, acme.admin.id), acme.admin.email);
  t.is((await world.db('audit_events').where({ name: 'person.emailKept' })).length, 1);
});

onBothEngines('who has been signed in for long signs in again first', async (t, world) => {
  const { visitor } = await ask(world);
  await world.db('email_changes').delete();
  world.now += 16 * MINUTE;
  for (const answer of [await visitor.get(ASK), await visitor.post(ASK, { email: NEW })])
    t.is(answer.location, '/sign-in?again=1&next=%2Fprofile%2Femail');
  t.deepEqual(await world.db('email_changes'), []);
});

onBothEngines('wrong addresses, and more than five changes a day, are refused in words', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  for (const [email, words] of [
    ['', /New email is missing/],
    ['no address', /must be an address/],
    ['a@b.example, c@d.example', /must be an address/],
    [acme.admin.email.toUpperCase(), /your address already/],
  ] as const) {
    const answer = await visitor.post(ASK, { email });
    t.is(answer.status, 422);
    t.regex(answer.text, words);
  }
  for (let no = 1; no <= 5; no++) t.is((await visitor.post(ASK, { email: `a${no}@new.example` })).status, 303);
  t.is((await visitor.post(ASK, { email: 'a6@new.example' })).status, 429);
  t.is((await world.db('email_changes')).length, 1);
});

onBothEngines(
  'the tokens are in no table and no line of the log; the history and the admins are told',
  async (t, world) => {
    const { acme, proof, asked } = await ask(world);
    for (const path of [proof, asked]) await follow(world.visitor(), path);
    const stored = JSON.stringify(await Promise.all(['outbox', 'audit_events'].map((table) => world.db(table))));
    for (const path of [proof, asked]) {
      const token = path.split('/').at(-1) ?? '';
      t.false(stored.includes(token) || world.logLines.join('').includes(token));
    }
    const events = await world
      .db('audit_events')
      .where({ subject_type: 'person', subject_id: acme.admin.id })
      .orderBy('seq');
    t.deepEqual(events.map(({ name }) => name).slice(1), [
      'person.emailAsked',
      'person.emailTold',
      'person.emailChanged',
      'person.emailTold',
    ]);
    t.true(events.slice(1).every(({ actor_id }) => actor_id === acme.admin.id));
    world.now += HOUR;
  },
);
