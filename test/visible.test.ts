import ava from 'ava';
import { checkData } from '../src/invariants/store.ts';
import { declineRequest } from '../src/requests/review/decide.ts';
import { showsNothing, turnsText, unseenCharacters } from '../src/visible.ts';
import { takeStaffStep } from '../src/warmup/staff/actions.ts';
import { acme, staff } from './support/people.ts';
import { acmeWithIp, dedicatedAnswers, seenNow, sendingDomain, sent } from './support/scene.ts';
import { begun, warmupNow } from './support/warm.ts';
import { createWorld, onBothEngines } from './support/world.ts';

const NOTHING_TO_SEE = [
  '\u200b',
  '\u200b\u00a0\ufeff',
  '\u2060\u00ad',
  '\u202e',
  '\u3164',
  '\u2800',
  '\u{e0020}\ufe0f',
];

ava('what shows nothing is told from what shows something', (t) => {
  for (const text of ['', ' \n\t', ...NOTHING_TO_SEE]) t.true(showsNothing(text), encodeURIComponent(text));
  for (const text of ['.', '\u200bx', '❤️', '٪', 'ا\u200cب', '０']) t.false(showsNothing(text), text);
  t.true(showsNothing(unseenCharacters()));
  for (const one of NOTHING_TO_SEE.join('')) t.true(unseenCharacters().includes(one), encodeURIComponent(one));
});

ava('characters that turn the text around are found; those that scripts are written with are not', (t) => {
  for (const text of ['Ada \u202e', '\u2066Ada', '\u200fAda']) t.true(turnsText(text));
  for (const text of ['Ada', 'علی\u200cرضا', 'עדה', '\u200d']) t.false(turnsText(text));
});

onBothEngines('R-04: a reason that shows nothing is none, on the page and beneath it', async (t, world) => {
  const people = { acme: await acme(world), staff: await staff(world) };
  const domain = await sendingDomain(world, people.acme.id, { name: 'shop.acme.example', weekly: 20_000 });
  const id = await sent(world, people.acme.owner, dedicatedAnswers(world, [domain.id]));
  const visitor = await world.signedIn(people.staff.reviewer.email);
  for (const reason of NOTHING_TO_SEE) {
    for (const path of ['approval', 'refusal', 'question']) {
      const where = `/review/WD-${id + 1000}/${path}`;
      const fields = { reason, question: reason };
      const page = await visitor.get(`/review/WD-${id + 1000}`);
      const answer = await (path === 'approval' ? visitor.submit(page, where, fields) : visitor.post(where, fields));
      t.is(answer.status, 422, path);
    }
    const actor = { person: people.staff.reviewer, at: world.now };
    const declined = await declineRequest(world.db, actor, id, { seen: await seenNow(world, id), reason });
    t.deepEqual(declined, { ok: false, problem: { name: 'reason-missing' } });
  }
});

onBothEngines('a reason for pausing a warm-up that shows nothing is none', async (t, world) => {
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  const actor = { person: scene.staff.reviewer, at: world.now };
  const seen = await warmupNow(world, scene.warmupId);
  const form = { id: scene.warmupId, name: 'pause', seen, reason: '\u200b\u2060' } as const;
  const paused = await takeStaffStep(world.db, actor, form, world.deps.policy.document);
  t.deepEqual(paused, { ok: false, problem: { name: 'reason-missing' } });
});

onBothEngines('a name shows something and turns nothing around', async (t, world) => {
  const { owner } = await acme(world);
  const { admin } = await staff(world);
  const visitor = await world.signedIn(owner.email);
  for (const name of [...NOTHING_TO_SEE, 'Ada \u202eevE', '\u2067Ada']) {
    const answer = await visitor.post('/profile', { name, timeZone: 'UTC' });
    t.is(answer.status, 422, encodeURIComponent(name));
    t.regex(answer.text, /Name (is missing|has an invisible character)/);
  }
  t.is((await visitor.post('/profile', { name: 'علی\u200cرضا', timeZone: 'UTC' })).status, 303);
  const keeper = await world.signedIn(admin.email);
  t.is((await keeper.post('/mail-systems', { name: 'mx\u202e1' })).status, 422);
});

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  ava(`check-data finds words that show nothing (${engine})`, async (t) => {
    const world = await createWorld(t, engine);
    const scene = await acmeWithIp(world);
    await world.db('people').where({ id: scene.acme.member.id }).update({ name: '\u200b\u00a0\ufeff' });
    const lines = await checkData(world.db, world.now);
    t.is(lines.length, 1);
    t.regex(lines[0] ?? '', /^I78 person /);
  });
}
