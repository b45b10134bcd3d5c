import { createSender } from '../../src/notifications/background.ts';
import { claimDue, hasWork } from '../../src/notifications/store-claims.ts';
import { startMailServer } from '../support/mail-server.ts';
import { addReader, deliveryTo, outbox, queue } from '../support/outbox.ts';
import { MINUTE, onBothEngines } from '../support/world.ts';

onBothEngines('R-07: a sender that is stopped finishes what is under way and claims nothing more', async (t, world) => {
  const server = await startMailServer(t);
  const gate = Promise.withResolvers<null>();
  server.mood = () => gate.promise;
  const ola = await addReader(world.db, 'ola@acme.example');
  for (let n = 0; n < 7; n += 1) await queue(world, [ola]);
  const sender = createSender(deliveryTo(t, world, server));

  sender.start();
  await server.begun(4);
  const stopped = sender.stop();
  gate.resolve(null);
  await stopped;

  const statuses = (await outbox(world.db)).map((row) => row['status']);
  t.deepEqual(statuses.toSorted(), ['sent', 'sent', 'sent', 'sent', 'waiting', 'waiting', 'waiting']);
  t.is(server.accepted.length, 4);
  sender.poke();
  t.is(server.tries, 4);
});

onBothEngines('R-07: a mail whose sender crashed goes out, though nothing else is due', async (t, world) => {
  const server = await startMailServer(t);
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);
  await claimDue(world.db, { token: 'gone', now: world.now, until: world.now + MINUTE, oldest: 1, youngest: 0 });
  world.now += 2 * MINUTE;
  t.true(await hasWork(world.db, world.now));
  const sender = createSender(deliveryTo(t, world, server));

  sender.start();
  await server.took(1);
  await sender.stop();

  t.like((await outbox(world.db))[0], { status: 'sent', attempts: 2 });
});

onBothEngines('R-07: one mail that stalls holds up no other', async (t, world) => {
  const server = await startMailServer(t);
  const gate = Promise.withResolvers<null>();
  server.mood = (to) => (to.startsWith('slow') ? gate.promise : null);
  const slow = await addReader(world.db, 'slow@acme.example');
  const ola = await addReader(world.db, 'ola@acme.example');
  await queue(world, [slow]);
  for (let n = 0; n < 12; n += 1) await queue(world, [ola]);
  const sender = createSender(deliveryTo(t, world, server));

  sender.start();
  await server.took(12);
  await queue(world, [ola]);
  sender.poke();
  await server.took(13);
  gate.resolve(null);
  await sender.stop();

  t.is(server.accepted.at(-1)?.to[0], slow.email);
  t.is(server.accepted.length, 14);
});

onBothEngines('a fault of the database is logged and does not end the sender', async (t, world) => {
  const server = await startMailServer(t);
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);
  const delivery = deliveryTo(t, world, server);
  let faults = 1;
  const now = () => {
    if (faults-- > 0) throw new Error('the clock stood still');
    return world.now;
  };
  const sender = createSender({ ...delivery, now });

  sender.start();
  sender.poke();
  await server.begun(1);
  await sender.stop();

  t.is(server.accepted.length, 1);
  t.true(world.logLines.some((line) => line.includes('the outbox could not be looked at')));
});
