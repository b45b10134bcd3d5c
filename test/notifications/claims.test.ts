// Which mails a claim gets, and when there is work at all. What senders make of their claims is in sender.test.ts.
import { claimDue, finishFailed, finishRetry, finishSent, hasWork } from '../../src/notifications/store-claims.ts';
import { addReader, outbox, queue } from '../support/outbox.ts';
import { MINUTE, onBothEngines } from '../support/world.ts';

const ALL = { oldest: 100, youngest: 100 };

onBothEngines(
  'R-07: there is work once a mail is due, and none while it waits or is with a sender',
  async (t, world) => {
    const { db, now } = world;
    t.false(await hasWork(db, now), 'nothing is queued');
    await queue(world, [await addReader(db, 'ola@acme.example')]);
    t.false(await hasWork(db, now - 1));
    t.true(await hasWork(db, now), 'it is due');
    const claim = { ...ALL, token: 'mine', now, until: now + MINUTE };
    const [mail] = await claimDue(db, claim);
    t.false(await hasWork(db, now), 'it is being sent');
    await finishRetry(db, { id: mail?.id ?? 0, token: 'mine' }, now + MINUTE, '450 later');
    t.false(await hasWork(db, now + MINUTE - 1), 'it waits for its next try');
    t.true(await hasWork(db, now + MINUTE));
    await claimDue(db, { ...claim, now: now + MINUTE });
    await finishFailed(db, { id: mail?.id ?? 0, token: 'mine' }, '550 no');
    t.false(await hasWork(db, now + 9 * MINUTE), 'it is held for a person');
  },
);

onBothEngines('R-07: a claim gets the longest due and the youngest that are due, each once', async (t, world) => {
  const { db, now } = world;
  const ola = await addReader(db, 'ola@acme.example');
  for (let n = 0; n < 6; n += 1) await queue(world, [ola]);
  const ids = (await outbox(db)).map((row) => Number(row['id']));
  const at = (index: number) => ids[index] as number;
  // The last is not due yet; the third has been due for longest, then the first.
  await db('outbox')
    .where({ id: at(5) })
    .update({ next_at: now + 1 });
  await db('outbox')
    .where({ id: at(2) })
    .update({ next_at: now - 2 });
  await db('outbox')
    .where({ id: at(0) })
    .update({ next_at: now - 1 });
  const claim = { token: 'mine', now, until: now + MINUTE };

  const got = await claimDue(db, { ...claim, oldest: 2, youngest: 1 });
  t.deepEqual(
    got.map(({ id }) => id),
    [at(0), at(2), at(4)],
  );
  for (const row of await outbox(db))
    if (got.some(({ id }) => id === row['id']))
      t.like(row, { status: 'sending', next_at: null, claim_token: 'mine', claimed_until: now + MINUTE, attempts: 1 });
    else t.like(row, { status: 'waiting', claim_token: null, attempts: 0 });
  const rest = await claimDue(db, { ...claim, token: 'another', ...ALL });
  t.deepEqual(
    rest.map(({ id }) => id),
    [at(1), at(3)],
  );
  t.deepEqual(await claimDue(db, { ...claim, ...ALL }), []);
  t.true(await finishSent(db, { id: at(1), token: 'another' }, now, '250 taken'));
});
