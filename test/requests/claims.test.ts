// Who of the reviewers has a request on the desk, and which one they are led to next.
import type { Person } from '../../src/accounts/person.ts';
import { checkData } from '../../src/invariants/store.ts';
import { forgetOpenings } from '../../src/requests/background.ts';
import { claimRequest, handOver, releaseClaim } from '../../src/requests/claims/actions.ts';
import { CLAIM_MS, OPENED_AVOIDED_MS } from '../../src/requests/claims/claim.ts';
import { listClaims } from '../../src/requests/claims/store.ts';
import { findNextFor } from '../../src/requests/claims/store-next.ts';
import { reference } from '../../src/requests/request.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const by = (world: World, person: Person) => ({ person, at: world.now });
const holder = async (world: World, id: number): Promise<string | null> =>
  (await listClaims(world.db, [id], world.now)).get(id)?.name ?? null;

/** Three requests, the first due first, and the staff. */
async function scene(world: World) {
  const staff = await make.staff(world);
  const ids: number[] = [];
  for (const name of ['Ash', 'Birch', 'Cedar']) {
    ids.push(await make.request(world, (await make.account(world, { name })).admin));
    world.now += HOUR;
  }
  const [ash = 0, birch = 0, cedar = 0] = ids;
  return { ...staff, ash, birch, cedar };
}

onBothEngines(
  'a claimed request shows whose it is, in the queue and on its page, until it lapses',
  async (t, world) => {
    const { ash, reviewer, reviewer2 } = await scene(world);
    const path = `/review/${reference(ash)}`;
    const [one, two] = [await world.signedIn(reviewer.email), await world.signedIn(reviewer2.email)];
    const claimed = await one.submit(await one.get(path), `${path}/claim`, {});
    t.is(claimed.location, `${path}?note=claimed`);
    t.regex((await one.get('/review')).text, /WD-1001 Ash .*In review yours/);
    t.regex((await two.get('/review')).text, new RegExp(`WD-1001 Ash .*In review with ${reviewer.name}`));
    t.regex((await one.get(path)).text, /Yours until/);
    t.regex((await two.get(path)).text, new RegExp(`${reviewer.name} has this until`));
    world.now += CLAIM_MS - 1;
    t.is(await holder(world, ash), reviewer.name);
    world.now += 1;
    t.is(await holder(world, ash), null);
    t.false((await two.get(path)).text.includes('has this until'));
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines('two who claim at once: one has it, the other reads who, 20 rounds', async (t, world) => {
  const { ash, reviewer, reviewer2 } = await scene(world);
  for (let round = 0; round < 20; round += 1) {
    const people = round % 2 ? [reviewer, reviewer2] : [reviewer2, reviewer];
    const outcomes = await Promise.all(people.map((person) => claimRequest(world.db, by(world, person), ash, null)));
    const winner = people[outcomes.findIndex((outcome) => outcome.ok)] as Person;
    const lost = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.problem]));
    const sentence = `${winner.name} has claimed this since you opened the page.`;
    t.deepEqual(lost, [{ name: 'not-possible', sentence }]);
    t.is(await holder(world, ash), winner.name);
    t.true((await releaseClaim(world.db, by(world, winner), ash)).ok);
    t.is(await holder(world, ash), null);
  }
  t.is((await world.db('audit_events').where({ name: 'request.claimed' })).length, 20);
});

onBothEngines('a colleague’s request is taken over only from the one whom the page named', async (t, world) => {
  const { ash, reviewer, reviewer2, admin } = await scene(world);
  const path = `/review/${reference(ash)}`;
  const desk = await world.signedIn(reviewer2.email);
  await claimRequest(world.db, by(world, reviewer), ash, null);
  const page = await desk.get(path);
  await claimRequest(world.db, by(world, admin), ash, reviewer.id);
  const before = await everythingStored(world.db);
  const late = await desk.submit(page, `${path}/claim`, {});
  t.is(late.status, 409);
  t.true(late.text.includes(`${admin.name} has claimed this since you opened the page.`));
  t.deepEqual(await everythingStored(world.db), before);
  const taken = await desk.submit(late, `${path}/claim`, {});
  t.is(taken.location, `${path}?note=claimed`, 'the fresh page names the right one');
  t.regex((await desk.get(path)).text, new RegExp(`${reviewer2.name} took it over from ${admin.name}`));
  const gone = await releaseClaim(world.db, by(world, reviewer), ash);
  t.deepEqual(gone.ok ? null : gone.problem, { name: 'not-possible', sentence: `${reviewer2.name} has this now.` });
});

onBothEngines('a request is handed over to a colleague by name, who is mailed the note', async (t, world) => {
  const { ash, reviewer, reviewer2 } = await scene(world);
  const path = `/review/${reference(ash)}`;
  const one = await world.signedIn(reviewer.email);
  const page = await one.get(path);
  const none = await one.submit(page, `${path}/claim/handover`, { to: '', handoverNote: 'You know them.' });
  t.is(none.status, 422);
  t.regex(none.html, /id="to-error"/);
  t.true(none.text.includes('You know them.'), 'what was typed is kept');
  const done = await one.submit(page, `${path}/claim/handover`, {
    to: `${reviewer2.id}`,
    handoverNote: 'You know them.',
  });
  t.is(done.location, `${path}?note=passed-on`);
  t.is(await holder(world, ash), reviewer2.name);
  t.regex(
    (await one.get(path)).text,
    new RegExp(`${reviewer.name} handed it over to ${reviewer2.name} You know them.`),
  );
  const mails = await world.db('outbox').where({ template: 'request-passed-on' });
  t.deepEqual(
    mails.map((mail) => [mail.recipient_id, JSON.parse(mail.facts).note]),
    [[reviewer2.id, 'You know them.']],
  );
  const again = await handOver(world.db, by(world, reviewer), ash, { to: reviewer.id, note: '' });
  t.deepEqual(again.ok ? null : again.problem, { name: 'not-possible', sentence: `${reviewer2.name} has this now.` });
});

onBothEngines(
  'R-05: a request of their own account is for nobody to claim, to be handed or to be led to',
  async (t, world) => {
    const { reviewer, ash } = await scene(world);
    const elm = await make.account(world, { name: 'Elm' });
    const insider = await make.insider(world, elm.id);
    const id = await make.request(world, elm.admin);
    const claimed = await claimRequest(world.db, by(world, insider), id, null);
    t.deepEqual(claimed.ok ? null : claimed.problem, { name: 'own-account' });
    const handed = await handOver(world.db, by(world, reviewer), id, { to: insider.id, note: '' });
    const sentence = 'Choose a colleague who may decide this request.';
    t.deepEqual(handed.ok ? null : handed.problem, { name: 'not-possible', sentence });
    t.true((await claimRequest(world.db, by(world, reviewer), id, null)).ok);
    const page = (await (await world.signedIn(insider.email)).get(`/review/${reference(id)}`)).text;
    t.false(page.includes(reviewer.name), 'who of the staff has it is not for the customer’s own people');
    await world.db('requests').update({ claimed_by: null, claimed_at: null, claimed_until: null });
    await world.db('requests').where({ id }).update({ due_at: 1 });
    t.is(await findNextFor(world.db, insider, world.now, null), ash);
    t.is(await findNextFor(world.db, reviewer, world.now, null), id);
  },
);

onBothEngines('customers read nothing of claims: neither on the request nor in their history', async (t, world) => {
  const { ash, reviewer, reviewer2 } = await scene(world);
  await claimRequest(world.db, by(world, reviewer), ash, null);
  await handOver(world.db, by(world, reviewer), ash, { to: reviewer2.id, note: 'Hush.' });
  await releaseClaim(world.db, by(world, reviewer2), ash);
  const { email } = await world
    .db('people as p')
    .join('requests as r', 'r.requester_id', 'p.id')
    .where('r.id', ash)
    .first('p.email');
  const owner = await world.signedIn(email);
  for (const path of [`/requests/${reference(ash)}`, '/history']) {
    const { status, text } = await owner.get(path);
    t.is(status, 200);
    for (const word of ['claimed', 'handed', 'Hush', 'gave', reviewer.name])
      t.false(text.includes(word), `${path}: ${word}`);
  }
});

onBothEngines('a step ends the claim: with a decision nobody has the request any more', async (t, world) => {
  const { ash, birch, reviewer } = await scene(world);
  for (const id of [ash, birch]) await claimRequest(world.db, by(world, reviewer), id, null);
  await make.decided(world, ash);
  t.is(await holder(world, ash), null);
  t.is(await holder(world, birch), reviewer.name);
  const late = await claimRequest(world.db, by(world, reviewer), ash, null);
  t.deepEqual(late.ok ? null : late.problem, { name: 'not-open' });
  t.deepEqual(await checkData(world.db, world.now), []);
});

onBothEngines('next: of mine the one due first, then of those that nobody has', async (t, world) => {
  const { ash, birch, cedar, reviewer, reviewer2 } = await scene(world);
  const next = (person: Person, after: number | null = null) => findNextFor(world.db, person, world.now, after);
  t.is(await next(reviewer), ash);
  await claimRequest(world.db, by(world, reviewer), cedar, null);
  t.is(await next(reviewer), cedar, 'their own first, though due last');
  t.is(await next(reviewer2), ash, 'never a colleague’s');
  t.is(await next(reviewer, cedar), ash, 'skipping the last of their own leads to those of nobody');
  t.is(await next(reviewer, ash), birch);
  t.is(await next(reviewer, birch), null, 'nothing is left behind it');
  await make.decided(world, ash);
  t.is(await next(reviewer2, ash), birch);
  t.is(await next(reviewer, ash), cedar);
  world.now += CLAIM_MS;
  t.is(await next(reviewer2, birch), cedar, 'the claim has lapsed');
  const desk = await world.signedIn(reviewer2.email);
  t.is((await desk.get(`/review/next?after=${reference(birch)}`)).location, `/review/${reference(cedar)}`);
  t.is((await desk.get(`/review/next?after=${reference(cedar)}`)).location, '/review?note=no-next');
  t.is((await desk.get('/review/next?after=x')).location, `/review/${reference(birch)}`);
});

onBothEngines('due at the same time: next leads to each once, the one that was sent first before', async (t, world) => {
  const { ash, birch, cedar, reviewer } = await scene(world);
  await world.db('requests').update({ due_at: world.now });
  const next = (after: number | null) => findNextFor(world.db, reviewer, world.now, after);
  t.deepEqual([await next(null), await next(ash), await next(birch), await next(cedar)], [ash, birch, cedar, null]);
});

onBothEngines('what a colleague has just opened is not next, and says who opened it', async (t, world) => {
  const { ash, birch, reviewer, reviewer2 } = await scene(world);
  const [one, two] = [await world.signedIn(reviewer.email), await world.signedIn(reviewer2.email)];
  t.is((await one.get('/review/next')).location, `/review/${reference(ash)}`);
  const path = `/review/${reference(ash)}`;
  t.false((await one.get(path)).text.includes('opened this'));
  world.now += 120_000;
  t.is((await one.get('/review/next')).location, path, 'who opened it themself is still led to it');
  t.is((await two.get('/review/next')).location, `/review/${reference(birch)}`, 'two reviewers get two requests');
  t.regex((await two.get(path)).text, new RegExp(`${reviewer.name} opened this 2 min ago`));
  world.now += 1_000;
  await one.get(path);
  t.false((await one.get(path)).text.includes(`${reviewer.name} opened this`), 'nobody is told of themself');
  const openedAt = () => world.db('request_openings').where({ person_id: reviewer.id }).first('opened_at');
  const { opened_at: first } = await openedAt();
  t.is(first, world.now, 'this look counts');
  world.now += 20_000;
  await one.get(path);
  t.is((await openedAt()).opened_at, first, 'another one within half a minute is not written');
  world.now -= 20_000;
  world.now += OPENED_AVOIDED_MS;
  t.is((await two.get('/review/next')).location, `/review/${reference(ash)}`);
  t.is(await forgetOpenings(world.db, world.now), 0);
  t.is(await forgetOpenings(world.db, world.now + 2 * DAY), 2);
  t.is((await world.db('request_openings')).length, 0);
});

onBothEngines('R-04: who proposed an approval is not led to it, nor may claim it', async (t, world) => {
  const { reviewer, reviewer2 } = await make.staff(world);
  const id = await make.request(world, (await make.account(world, { weekly: 40_000 })).admin);
  await make.approve(world, id, 'So.');
  t.is(await findNextFor(world.db, reviewer, world.now, null), null);
  t.is(await findNextFor(world.db, reviewer2, world.now, null), id);
  const claimed = await claimRequest(world.db, by(world, reviewer), id, null);
  t.deepEqual(claimed.ok ? null : claimed.problem, { name: 'own-proposal' });
});

onBothEngines('what one had claimed until it lapsed is skipped like any other', async (t, world) => {
  const { ash, birch, cedar, reviewer } = await scene(world);
  await claimRequest(world.db, by(world, reviewer), birch, null);
  world.now += CLAIM_MS + 1;
  const skip = (after: number | null) => findNextFor(world.db, reviewer, world.now, after);
  t.deepEqual([await skip(null), await skip(ash), await skip(birch), await skip(cedar)], [ash, birch, cedar, null]);
});

onBothEngines('what a disabled colleague had is nobody’s', async (t, world) => {
  const { ash, birch, cedar, reviewer, reviewer2, admin } = await scene(world);
  for (const id of [ash, birch, cedar]) await claimRequest(world.db, by(world, reviewer), id, null);
  t.is(await findNextFor(world.db, reviewer2, world.now, null), null);
  await (await world.signedIn(admin.email)).post(`/staff/${reviewer.id}/disabling`, {});
  t.is(await holder(world, ash), null);
  t.is(await findNextFor(world.db, reviewer2, world.now, null), ash);
  t.regex((await (await world.signedIn(reviewer2.email)).get('/review?desk=free')).text, /WD-1001 Ash/);
});

onBothEngines('R-05: nobody’s are also those of one’s own account, no matter who has them', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const elm = await make.account(world, { name: 'Elm' });
  const insider = await world.signedIn((await make.insider(world, elm.id)).email);
  const id = await make.request(world, elm.admin);
  const before = await insider.get('/review?desk=free');
  await claimRequest(world.db, by(world, reviewer), id, null);
  const rows = ({ text }: { text: string }) => /WD-\d+ Elm/.test(text);
  t.deepEqual([rows(before), rows(await insider.get('/review?desk=free'))], [true, true]);
  t.false(rows(await (await world.signedIn(reviewer.email)).get('/review?desk=free')));
});
