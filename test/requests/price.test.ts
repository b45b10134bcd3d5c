// The price is fixed from the quote that the customer saw. Plans change by no action yet, so the tests change the row.

import { acceptOffer } from '../../src/requests/customer/actions.ts';
import { approveRequest, confirmApproval } from '../../src/requests/review/decide.ts';
import { findQuote } from '../../src/requests/store-decisions.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import * as make from '../support/make.ts';
import { everything } from '../support/notified.ts';
import { onBothEngines, type World } from '../support/world.ts';

const changePlan = (world: World, accountId: number, plan: string) =>
  world.db('accounts').where({ id: accountId }).update({ plan });
const prices = (world: World) => world.db('allocations').orderBy('id').pluck('monthly_cents');

onBothEngines('C-09: what became cheaper meanwhile is fixed at the cheaper price', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials' });
  await make.ips(world, 'us', 2);
  const id = await make.request(world, acme.admin, { ipCount: 2 });
  await changePlan(world, acme.id, 'premium');
  await make.decided(world, id);
  t.deepEqual(await prices(world), [0, 0]);
  t.is((await findQuote(world.db, id))?.monthlyCents, 0);
});

onBothEngines('what became dearer is the customer’s to agree to: it cannot be approved', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const id = await make.request(world, acme.admin);
  const old = await make.seen(world, id);
  await changePlan(world, acme.id, 'essentials');
  const before = await everything(world);
  const actor = { person: reviewer, at: world.now };
  t.like(await approveRequest(world.db, actor, id, { seen: old, reason: '' }), { problem: { name: 'changed' } });
  const seen = await make.seen(world, id);
  const outcome = await approveRequest(world.db, actor, id, { seen, reason: '' });
  t.like(outcome, { ok: false, problem: { name: 'not-possible' } });
  t.regex(JSON.stringify(outcome), /The price rose/);
  t.deepEqual(await everything(world), before);
});

onBothEngines('a price that moved between two reviewers sends the second one back', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials', weekly: 40_000 });
  const { reviewer2 } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const id = await make.requestIn(world, 'second_review', acme.admin);
  await changePlan(world, acme.id, 'premium');
  const form = { seen: await make.seen(world, id), reason: '' };
  const outcome = await confirmApproval(world.db, { person: reviewer2, at: world.now }, id, form);
  t.like(outcome, { ok: false, problem: { name: 'not-possible' } });
  t.is(Number((await everything(world)).quotes), 1, 'the new price is not kept');
});

onBothEngines('who waits, and who accepts an offer, pays what was approved or offered', async (t, world) => {
  const [waits, accepts] = [await make.account(world), await make.account(world)];
  await make.requestIn(world, 'waitlisted', waits.admin);
  const offered = await make.requestIn(world, 'offered', accepts.admin);
  for (const { id } of [waits, accepts]) await changePlan(world, id, 'essentials');
  await make.ips(world, 'us', 2);
  await serveWaitlist(world.db, world.now);
  await acceptOffer(world.db, { person: accepts.admin, at: world.now }, offered);
  t.deepEqual(await prices(world), [0, 0]);
  for (const mail of await world.db('outbox').where({ template: 'request-approved' })) {
    t.like(JSON.parse(mail.facts), { monthlyCents: 0, quoteSentence: '' }, 'no sentence about another price');
  }
});

onBothEngines('C-10: the mail of an approval names the price that was fixed', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials' });
  await make.ips(world, 'us', 2);
  await make.decided(world, await make.request(world, acme.admin, { ipCount: 2 }));
  const mails = await world.db('outbox').where({ template: 'request-approved' });
  t.is(mails.length, 2);
  for (const mail of mails) t.like(JSON.parse(mail.facts), { monthlyCents: 10_000, currency: 'USD' });
});
