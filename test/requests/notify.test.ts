// Who is mailed at each step: one mail to each person concerned, none to the person who took the step, receipts aside.
import type { Person } from '../../src/accounts/person.ts';
import { expireUnanswered } from '../../src/requests/background.ts';
import { acceptOffer, answerRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import type { Status } from '../../src/requests/request.ts';
import { askForInformation, sendBack } from '../../src/requests/review/actions.ts';
import { confirmApproval, declineRequest, offerFewer } from '../../src/requests/review/decide.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import * as make from '../support/make.ts';
import { lastNotified, recordsOf } from '../support/notified.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

type Scene = { world: World; id: number; staff: make.Staff; acme: make.Account };
type Case = {
  readonly step: string;
  /** The status of the request before the step. */
  readonly at: Status;
  readonly ips?: number;
  readonly take: (scene: Scene) => Promise<unknown>;
  readonly notified: readonly string[];
  readonly record: { name: string; to: Status; who: string | null };
};

const by = (world: World, person: Person) => ({ person, at: world.now });
const form = async ({ world, id }: Scene, reason = 'So.') => ({ seen: await make.seen(world, id), reason });

// Acme’s billing contact asks; the reviewer is the first to act, the second reviewer the next.
const CASES: readonly Case[] = [
  {
    step: 'a question',
    at: 'submitted',
    take: ({ world, id, staff }) => askForInformation(world.db, by(world, staff.reviewer), id, 'How much?'),
    notified: ['Acme billing: request-question'],
    record: { name: 'request.asked', to: 'needs_info', who: 'Staff reviewer' },
  },
  {
    step: 'the answer',
    at: 'needs_info',
    take: ({ world, id, acme }) => answerRequest(world.db, by(world, acme.billing), id, 'This much.'),
    notified: ['Staff reviewer: request-answered'],
    record: { name: 'request.answered', to: 'submitted', who: 'Acme billing' },
  },
  {
    step: 'no answer',
    at: 'needs_info',
    take: ({ world }) => {
      world.now += 14 * DAY;
      return expireUnanswered(world.db, world.now);
    },
    notified: ['Acme billing: request-expired'],
    record: { name: 'request.expired', to: 'expired', who: null },
  },
  {
    step: 'a proposal',
    at: 'second_review',
    take: async () => {},
    notified: [
      'Acme billing: request-second-review',
      'Staff admin: request-to-confirm',
      'Staff reviewer2: request-to-confirm',
    ],
    record: { name: 'request.proposed', to: 'second_review', who: 'Staff reviewer' },
  },
  {
    step: 'its confirmation',
    at: 'second_review',
    ips: 1,
    take: async (scene) =>
      confirmApproval(scene.world.db, by(scene.world, scene.staff.reviewer2), scene.id, await form(scene)),
    notified: ['Acme admin: request-approved', 'Acme billing: request-approved', 'Staff reviewer: request-decided'],
    record: { name: 'request.fulfilled', to: 'fulfilled', who: 'Staff reviewer2' },
  },
  {
    step: 'its confirmation without a free IP',
    at: 'second_review',
    take: async (scene) =>
      confirmApproval(scene.world.db, by(scene.world, scene.staff.reviewer2), scene.id, await form(scene)),
    notified: ['Acme admin: request-waitlisted', 'Acme billing: request-waitlisted', 'Staff reviewer: request-decided'],
    record: { name: 'request.waitlisted', to: 'waitlisted', who: 'Staff reviewer2' },
  },
  {
    step: 'its return',
    at: 'second_review',
    take: ({ world, id, staff }) => sendBack(world.db, by(world, staff.reviewer2), id, 'Ask first.'),
    notified: ['Acme billing: request-back-in-review', 'Staff reviewer: request-sent-back'],
    record: { name: 'request.sentBack', to: 'submitted', who: 'Staff reviewer2' },
  },
  {
    step: 'a refusal at the second review',
    at: 'second_review',
    take: async (scene) =>
      declineRequest(scene.world.db, by(scene.world, scene.staff.reviewer2), scene.id, await form(scene)),
    notified: ['Acme billing: request-declined', 'Staff reviewer: request-decided'],
    record: { name: 'request.declined', to: 'declined', who: 'Staff reviewer2' },
  },
  {
    step: 'a refusal',
    at: 'submitted',
    take: async (scene) =>
      declineRequest(scene.world.db, by(scene.world, scene.staff.reviewer), scene.id, await form(scene)),
    notified: ['Acme billing: request-declined'],
    record: { name: 'request.declined', to: 'declined', who: 'Staff reviewer' },
  },
  {
    step: 'an approval',
    at: 'submitted',
    ips: 1,
    take: ({ world, id }) => make.approve(world, id),
    notified: ['Acme admin: request-approved', 'Acme billing: request-approved'],
    record: { name: 'request.fulfilled', to: 'fulfilled', who: 'Staff reviewer' },
  },
  {
    step: 'an approval without a free IP',
    at: 'submitted',
    take: ({ world, id }) => make.approve(world, id),
    notified: ['Acme admin: request-waitlisted', 'Acme billing: request-waitlisted'],
    record: { name: 'request.waitlisted', to: 'waitlisted', who: 'Staff reviewer' },
  },
  {
    step: 'an IP for the one who waited',
    at: 'waitlisted',
    take: async ({ world }) => {
      await make.ips(world, 'us', 1);
      return serveWaitlist(world.db, world.now);
    },
    notified: ['Acme admin: request-approved', 'Acme billing: request-approved'],
    record: { name: 'request.fulfilled', to: 'fulfilled', who: null },
  },
  {
    step: 'an offer',
    at: 'submitted',
    take: async (scene) => {
      const offer = { ...(await form(scene)), approvedCount: 1 };
      return offerFewer(scene.world.db, by(scene.world, scene.staff.reviewer), scene.id, offer);
    },
    notified: ['Acme admin: request-offered', 'Acme billing: request-offered'],
    record: { name: 'request.offered', to: 'offered', who: 'Staff reviewer' },
  },
  {
    step: 'its acceptance by a colleague',
    at: 'offered',
    ips: 1,
    take: ({ world, id, acme }) => acceptOffer(world.db, by(world, acme.admin), id),
    notified: ['Acme billing: request-approved'],
    record: { name: 'request.fulfilled', to: 'fulfilled', who: 'Acme admin' },
  },
  {
    step: 'its acceptance by the requester',
    at: 'offered',
    ips: 1,
    take: ({ world, id, acme }) => acceptOffer(world.db, by(world, acme.billing), id),
    notified: ['Acme admin: request-approved', 'Acme billing: request-approved'],
    record: { name: 'request.fulfilled', to: 'fulfilled', who: 'Acme billing' },
  },
  {
    step: 'a withdrawal by the requester',
    at: 'second_review',
    take: ({ world, id, acme }) => withdrawRequest(world.db, by(world, acme.billing), id),
    notified: ['Acme billing: request-withdrawn', 'Staff reviewer: request-withdrawn'],
    record: { name: 'request.withdrawn', to: 'withdrawn', who: 'Acme billing' },
  },
  {
    step: 'a withdrawal by a colleague while a question is open',
    at: 'needs_info',
    take: ({ world, id, acme }) => withdrawRequest(world.db, by(world, acme.admin), id),
    notified: ['Acme billing: request-withdrawn', 'Staff reviewer: request-withdrawn'],
    record: { name: 'request.withdrawn', to: 'withdrawn', who: 'Acme admin' },
  },
];

for (const { step, at, ips = 0, take, notified, record } of CASES) {
  onBothEngines(`R-07, R-08: ${step} mails exactly those concerned, and leaves one record`, async (t, world) => {
    const staff = await make.staff(world);
    const acme = await make.account(world, { weekly: at === 'second_review' ? 40_000 : 180_000 });
    await make.account(world, { name: 'Bystander' });
    const wish = step === 'an offer' ? { ipCount: 2 } : {};
    const id = await make.requestIn(world, at, acme.billing, wish);
    await make.ips(world, 'us', ips);
    world.now += 1000;
    const before = await recordsOf(world, id);
    await take({ world, id, staff, acme });
    t.deepEqual(await lastNotified(world, id), notified);
    const after = await recordsOf(world, id);
    if (step !== 'a proposal') t.is(after.length, before.length + 1);
    const from = after.at(-2)?.to ?? null;
    const stamp = step === 'a proposal' ? world.now - 1000 : world.now;
    t.like(after.at(-1), { ...record, from, at: stamp });
    t.is(Number((await world.db('requests').where({ id }).first()).version), after.length, 'version: status changes');
  });
}

onBothEngines(
  'R-07: the mails of one request hang together, and lead each reader to a page of theirs',
  async (t, world) => {
    await make.staff(world);
    const acme = await make.account(world);
    const id = await make.requestIn(world, 'declined', acme.admin);
    const mails = await world.db('outbox as o').join('people as p', 'p.id', 'o.recipient_id');
    t.true(mails.length >= 4);
    for (const mail of mails) {
      t.is(mail.thread, `WD-${1000 + id}`);
      const page = mail.staff_role === null ? 'requests' : 'review';
      t.is(JSON.parse(mail.facts).path, `/${page}/WD-${1000 + id}`);
    }
  },
);

onBothEngines('who asked and is on the staff gets the customer’s mail, once', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world);
  const boss = { email: 'boss@acme.example', name: 'Both', accountId: acme.id, accountRole: 'admin' } as const;
  const both = await make.person(world, { ...boss, staffRole: 'reviewer' });
  const id = await make.request(world, both);
  await declineRequest(world.db, by(world, reviewer), id, { seen: await make.seen(world, id), reason: 'No.' });
  t.deepEqual(await lastNotified(world, id), ['Both: request-declined']);
  t.is(
    JSON.parse((await world.db('outbox').where({ template: 'request-declined' }).first()).facts).path,
    '/requests/WD-1001',
  );
});

onBothEngines('who pays and is on the staff is led to the page where an offer can be accepted', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world);
  const pays = { email: 'pays@acme.example', name: 'Both', accountId: acme.id, accountRole: 'billing' } as const;
  const both = await make.person(world, { ...pays, staffRole: 'reviewer' });
  const id = await make.request(world, acme.admin, { ipCount: 2 });
  const form = { seen: await make.seen(world, id), reason: 'So.', approvedCount: 1 };
  await offerFewer(world.db, by(world, reviewer), id, form);
  const mail = await world.db('outbox').where({ template: 'request-offered', recipient_id: both.id }).first();
  t.is(JSON.parse(mail.facts).path, '/requests/WD-1001');
});
