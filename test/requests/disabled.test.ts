// Somebody who is disabled is mailed nothing any more; what concerned them goes to those of the account who pay.

import { sendDue } from '../../src/notifications/background.ts';
import { askForInformation } from '../../src/requests/review/actions.ts';
import { declineRequest } from '../../src/requests/review/decide.ts';
import { startMailServer } from '../support/mail-server.ts';
import * as make from '../support/make.ts';
import { deliveryTo } from '../support/outbox.ts';
import { HOUR, onBothEngines } from '../support/world.ts';

onBothEngines(
  'R-07: who was disabled after asking is told nothing more; the account’s payers are',
  async (t, world) => {
    const acme = await make.account(world);
    const staff = await make.staff(world);
    const id = await make.request(world, acme.billing, {});
    await world.db('people').where({ id: acme.billing.id }).update({ disabled_at: world.now });
    world.now += HOUR;
    const by = { person: staff.reviewer, at: world.now };
    t.true((await askForInformation(world.db, by, id, 'How much?')).ok);
    const notified = await world
      .db('outbox')
      .where({ template: 'request-question' })
      .orderBy('to_address')
      .pluck('to_address');
    t.deepEqual(notified, [acme.admin.email]);
    t.is(
      (await world.db('outbox').where({ recipient_id: acme.billing.id }).whereNot({ template: 'request-received' }))
        .length,
      0,
    );
  },
);

onBothEngines('a mail that waits for somebody who was disabled since is held, and says why', async (t, world) => {
  const server = await startMailServer(t);
  const acme = await make.account(world);
  const staff = await make.staff(world);
  const id = await make.request(world, acme.admin, {});
  const form = { seen: await make.seen(world, id), reason: 'No.' };
  t.true((await declineRequest(world.db, { person: staff.reviewer, at: world.now }, id, form)).ok);
  await world.db('people').where({ id: acme.admin.id }).update({ disabled_at: world.now });
  await sendDue(deliveryTo(t, world, server));
  t.false(server.accepted.some(({ to }) => to.includes(acme.admin.email)));
  const rows = await world.db('outbox').where({ recipient_id: acme.admin.id });
  t.true(rows.length >= 2);
  for (const row of rows) {
    t.is(row.status, 'failed');
    t.regex(row.smtp_reply, /is disabled/);
  }
  t.true(server.accepted.length > 0, 'staff got theirs');
});
