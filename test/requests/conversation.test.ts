import type { Person } from '../../src/accounts/person.ts';
import type { Db } from '../../src/database.ts';
import { expireUnanswered } from '../../src/requests/background.ts';
import { NOT_STARTED } from '../../src/requests/clock/clock.ts';
import { answerRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import { openStatuses, statuses } from '../../src/requests/request.ts';
import { addNote, askForInformation } from '../../src/requests/review/actions.ts';
import { findRequest, moveRequest } from '../../src/requests/store.ts';
import { listDecisionsInForce, listHistory } from '../../src/requests/store-decisions.ts';
import type { TransitionProblem } from '../../src/requests/transition.ts';
import type { Result } from '../../src/result.ts';
import * as make from '../support/make.ts';
import { everything } from '../support/notified.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const by = (world: World, person: Person) => ({ person, at: world.now });
const nameOf = (outcome: Result<unknown, TransitionProblem>): string => (outcome.ok ? 'taken' : outcome.problem.name);
const row = (world: World) => world.db('requests').first();

onBothEngines('a question stops the clock; the answer gives back what was left of it', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  const id = await make.request(world, acme.admin);
  world.now += 4 * HOUR;
  t.is(nameOf(await askForInformation(world.db, by(world, reviewer), id, 'How much?')), 'taken');
  const asked = { status: 'needs_info', due_at: null, due_left: 20 * HOUR, expires_at: world.now + 14 * DAY };
  t.like(await row(world), asked);
  world.now += 3 * DAY;
  t.is(nameOf(await answerRequest(world.db, by(world, acme.member), id, 'This much.')), 'taken');
  t.like(await row(world), { status: 'submitted', due_at: world.now + 20 * HOUR, due_left: null, expires_at: null });
  t.deepEqual(
    (await listHistory(world.db, id)).map((entry) => entry.body),
    [null, 'How much?', 'This much.'],
  );
});

onBothEngines('after an answer the reviewers have at least two hours', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  const id = await make.request(world, acme.admin);
  world.now += 40 * HOUR;
  await askForInformation(world.db, by(world, reviewer), id, 'How much?');
  t.like(await row(world), { due_left: 0 });
  world.now += HOUR;
  await answerRequest(world.db, by(world, acme.admin), id, 'This much.');
  t.like(await row(world), { due_at: world.now + 2 * HOUR });
});

onBothEngines('questions and answers need words, and only the account answers', async (t, world) => {
  const [acme, other] = [await make.account(world), await make.account(world)];
  const { reviewer } = await make.staff(world);
  const id = await make.request(world, acme.admin);
  t.is(nameOf(await askForInformation(world.db, by(world, reviewer), id, '')), 'reason-missing');
  t.is(nameOf(await answerRequest(world.db, by(world, acme.admin), id, 'So.')), 'not-open');
  await askForInformation(world.db, by(world, reviewer), id, 'How much?');
  t.is(nameOf(await answerRequest(world.db, by(world, acme.admin), id, ' ')), 'reason-missing');
  for (const stranger of [reviewer, other.admin]) {
    t.is(nameOf(await answerRequest(world.db, by(world, stranger), id, 'So.')), 'not-yours');
  }
  t.is(nameOf(await askForInformation(world.db, by(world, reviewer), id, 'And?')), 'not-open');
});

onBothEngines('a question at the second review voids the proposal', async (t, world) => {
  const acme = await make.account(world, { weekly: 40_000 });
  const { reviewer2 } = await make.staff(world);
  const id = await make.requestIn(world, 'second_review', acme.admin);
  t.is(nameOf(await askForInformation(world.db, by(world, reviewer2), id, 'How much?')), 'taken');
  t.deepEqual(await listDecisionsInForce(world.db, id), []);
  await answerRequest(world.db, by(world, acme.admin), id, 'This much.');
  t.like(await row(world), { status: 'submitted', version: 4 });
});

onBothEngines('customers read a question without the name of who asked it, in the mail too', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  await make.requestIn(world, 'needs_info', acme.admin);
  const mail = await world.db('outbox').where({ template: 'request-question' }).first();
  t.like(JSON.parse(mail.facts), { question: 'How much?', asker: 'A reviewer' });
  t.false(mail.facts.includes(reviewer.name));
});

onBothEngines('a question without an answer expires at the exact instant, not before', async (t, world) => {
  const acme = await make.account(world);
  await make.requestIn(world, 'needs_info', acme.admin);
  const end = world.now + 14 * DAY;
  t.is(await expireUnanswered(world.db, end - 1), 0);
  t.is(await expireUnanswered(world.db, end), 1);
  t.like(await row(world), { status: 'expired', version: 3 });
  const mail = await world.db('outbox').where({ template: 'request-expired' }).first();
  t.like(JSON.parse(mail.facts), { waitedForDays: 14 });
  world.now = end;
});

onBothEngines('what was answered and asked again since it was listed is not closed', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  const id = await make.requestIn(world, 'needs_info', acme.admin);
  world.now += 14 * DAY;
  let isAsked = false;
  const askAgain = async () => {
    if (isAsked) return;
    isAsked = true;
    t.is(nameOf(await answerRequest(world.db, by(world, acme.admin), id, 'This much.')), 'taken');
    t.is(nameOf(await askForInformation(world.db, by(world, reviewer), id, 'And when?')), 'taken');
  };
  // The list is read; before the first act on it begins, the conversation goes on.
  const db = new Proxy(world.db, {
    get: (target, name) =>
      name === 'transaction'
        ? (work: (trx: Db) => Promise<unknown>) => askAgain().then(() => target.transaction(work))
        : Reflect.get(target, name),
  });
  t.is(await expireUnanswered(db, world.now), 0);
  t.true(isAsked);
  t.like(await row(world), { status: 'needs_info', expires_at: world.now + 14 * DAY });
});

onBothEngines(
  'a request is not moved by who read it before it moved, also where it is back where it was',
  async (t, world) => {
    const acme = await make.account(world);
    const { reviewer } = await make.staff(world);
    const id = await make.request(world, acme.admin);
    const stale = (await findRequest(world.db, id)) ?? t.fail();
    await askForInformation(world.db, by(world, reviewer), id, 'How much?');
    await answerRequest(world.db, by(world, acme.admin), id, 'This much.');
    const before = await row(world);
    t.like(before, { status: stale.status, version: 3 });
    t.false(await moveRequest(world.db, stale, 'declined', { dueAt: null, clock: NOT_STARTED }));
    t.deepEqual(await row(world), before);
  },
);

onBothEngines('what is closed late says how long it really waited', async (t, world) => {
  const acme = await make.account(world);
  await make.requestIn(world, 'needs_info', acme.admin);
  world.now += 17 * DAY + HOUR;
  t.is(await expireUnanswered(world.db, world.now), 1);
  const mail = await world.db('outbox').where({ template: 'request-expired' }).first();
  t.like(JSON.parse(mail.facts), { waitedForDays: 17 });
});

for (const status of statuses) {
  const isOpen = (openStatuses as readonly string[]).includes(status);
  onBothEngines(
    `R-09: ${isOpen ? 'an open' : 'a closed'} request (${status}) ${isOpen ? 'can' : 'cannot'} be withdrawn`,
    async (t, world) => {
      const acme = await make.account(world, { weekly: status === 'second_review' ? 40_000 : 180_000 });
      if (status === 'fulfilled') await make.ips(world, 'us', 1);
      const id = await make.requestIn(world, status, acme.admin);
      t.is(
        nameOf(await withdrawRequest(world.db, by(world, acme.member), id)),
        'not-yours',
        'a colleague without a say',
      );
      const before = await everything(world);
      t.is(nameOf(await withdrawRequest(world.db, by(world, acme.billing), id)), isOpen ? 'taken' : 'not-open');
      if (!isOpen) t.deepEqual(await everything(world), before);
      if (!isOpen) return;
      t.like(await row(world), { status: 'withdrawn', due_at: null, due_left: null, expires_at: null });
      t.is((await everything(world)).allocations, 0);
      await t.notThrowsAsync(make.request(world, acme.admin), 'a new one can be sent');
    },
  );
}

onBothEngines('a note changes no state and makes nobody’s page stale', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  const id = await make.request(world, acme.admin);
  const seen = await make.seen(world, id);
  const mails = (await everything(world)).outbox;
  t.is(nameOf(await addNote(world.db, by(world, reviewer), id, 'Known from last year.')), 'taken');
  t.deepEqual(await make.seen(world, id), seen);
  t.is((await everything(world)).outbox, mails, 'nobody is mailed');
  t.is(nameOf(await addNote(world.db, by(world, reviewer), 999, 'x')), 'not-found');
});
