// Approving several clear requests at once: each decision is its own, and refuses where something changed.
import { checkData } from '../../src/invariants/store.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Answer } from '../support/visitor.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

/** Three clear requests and one that fails, of the oldest first; four IPs are free. */
async function scene(world: World) {
  const staff = await make.staff(world);
  await make.ips(world, 'us', 4);
  const sent = async (name: string, weekly: number) => {
    const account = await make.account(world, { name, weekly });
    const id = await make.request(world, account.admin);
    world.now += HOUR;
    return { account, id };
  };
  const [ash, birch, cedar] = [await sent('Ash', 180_000), await sent('Birch', 180_000), await sent('Cedar', 180_000)];
  const dull = await sent('Dull', 20_000);
  const desk = await world.signedIn(staff.reviewer.email);
  const all = [ash.id, birch.id, cedar.id, dull.id];
  return { ...staff, ash, birch, cedar, dull, desk, all };
}

const asked = (ids: readonly number[]): string =>
  `/review/approvals?${new URLSearchParams(ids.map((id): [string, string] => ['request', String(id)]))}`;
const statuses = (world: World): Promise<string[]> => world.db('requests').orderBy('id').pluck('status');
const shownIn = (page: Answer): string[] =>
  [...page.html.matchAll(/name="request" value="(\d+)"/g)].map(([, id]) => id ?? '');

onBothEngines(
  'only requests of which every check passes can be chosen, with their count and price',
  async (t, world) => {
    const { desk, all, ash, birch, cedar, reviewer, reviewer2 } = await scene(world);
    await claimRequest(world.db, { person: reviewer2, at: world.now }, cedar.id, null);
    await claimRequest(world.db, { person: reviewer, at: world.now }, ash.id, null);
    const queue = await desk.get('/review');
    t.deepEqual(shownIn(queue), [ash.id, birch.id].map(String), 'not what fails, nor what a colleague has');
    const before = await everythingStored(world.db);
    const page = await desk.get(asked(all));
    t.is(page.status, 200);
    t.deepEqual(shownIn(page), [ash.id, birch.id].map(String));
    const { monthly_cents: cents } = await world.db('quotes').where({ request_id: ash.id }).first();
    t.regex(page.text, new RegExp(`Approve two requests .*\\$${(2 * cents) / 100} a month in all`));
    const [, count] = /All (\d+) checks pass/.exec((await desk.get(`/review/WD-${1000 + ash.id}`)).text) ?? [];
    t.regex(page.text, new RegExp(`Ash .*${count} pass`), 'as many as its own page says');
    t.regex(page.text, /Left out .*WD-\d+ Cedar: Staff reviewer2 has it\..*WD-\d+ Dull: \S+ checks? do/);
    t.deepEqual(await everythingStored(world.db), before);
  },
);

onBothEngines(
  'what became dearer than the customer saw cannot be chosen; what became cheaper is at its new price',
  async (t, world) => {
    const { desk, all, ash, birch, cedar } = await scene(world);
    const account = await make.account(world, { name: 'Elm', weekly: 180_000, plan: 'essentials' });
    const elm = await make.request(world, account.admin);
    const moved = (id: number, plan: string) => world.db('accounts').where({ id }).update({ plan });
    await moved(account.id, 'premium');
    await moved(birch.account.id, 'essentials');
    const open = [ash.id, cedar.id, elm].map(String);
    t.deepEqual(shownIn(await desk.get('/review')), open);
    const page = await desk.get(asked([...all, elm]));
    t.deepEqual(shownIn(page), open);
    t.regex(page.text, /Left out .*Birch: The price rose since the customer saw it\./);
    const done = await desk.submit(page, '/review/approvals', {});
    t.regex(done.text, /3 of 3 approved/);
    const cents: number[] = await world.db('allocations').pluck('monthly_cents');
    const sum = cents.reduce((total, one) => total + one, 0) / 100;
    t.regex(page.text, new RegExp(`Approve three requests .*\\$${sum} a month in all`));
  },
);

onBothEngines(
  'R-06: each is decided by itself; one that changed since is refused with the difference',
  async (t, world) => {
    const { desk, ash, birch, cedar, all } = await scene(world);
    const page = await desk.get(asked(all));
    await make.counts(world, birch.account.domains[0]?.id ?? 0, { weekly: 180_000, bounced: 0.5 });
    await make.decided(world, cedar.id);
    const done = await desk.submit(page, '/review/approvals', {});
    t.is(done.status, 200);
    t.regex(done.text, /1 of 3 approved/);
    t.regex(done.text, /Ash Approved/);
    t.regex(done.text, /Birch Not decided Nothing was decided, because this changed since .*Bounce rate/);
    t.regex(done.text, /Cedar Not decided Nothing was changed: somebody else was faster\. Staff reviewer approved it/);
    t.deepEqual(await statuses(world), ['fulfilled', 'submitted', 'fulfilled', 'submitted']);
    t.is((await world.db('decisions').where({ request_id: ash.id })).length, 1);
    t.deepEqual(await checkData(world.db, world.now), []);
    const before = await everythingStored(world.db);
    const again = await desk.submit(page, '/review/approvals', {});
    t.regex(again.text, /0 of 3 approved/, 'sent twice, nothing is decided twice');
    t.deepEqual(await everythingStored(world.db), before);
  },
);

onBothEngines(
  'one’s own, what is decided and what is beyond a page is left out, and the page says so',
  async (t, world) => {
    const { reviewer, desk, ash, birch, cedar, all } = await scene(world);
    await make.decided(world, birch.id);
    await world.db('people').where({ id: reviewer.id }).update({ account_id: ash.account.id, account_role: 'member' });
    const page = await desk.get(asked(all));
    t.deepEqual(shownIn(page), [`${cedar.id}`]);
    t.regex(page.text, /Left out .*Ash: This is your own request, or your own account’s\./);
    t.regex(page.text, /Birch: It is not waiting for a first decision\./);
    const unknown = (count: number) => Array.from({ length: count }, (_, index) => 90_000 + index);
    t.notRegex((await desk.get(asked([cedar.id, ...unknown(24)]))).text, /You chose/);
    t.regex((await desk.get(asked([cedar.id, ...unknown(25)]))).text, /You chose 26\. Only the first 1 /);
    const twice = { request: [cedar.id, cedar.id, ...unknown(24)].map(String) };
    const done = await desk.submit(page, '/review/approvals', twice);
    t.regex(done.text, /1 of 1 approved/, '25 at most, each once');
  },
);

onBothEngines('where the IPs run out the rest is waitlisted, and the row says so', async (t, world) => {
  const { desk, all } = await scene(world);
  const page = await desk.get(asked(all));
  await world.db('ips').whereIn('id', world.db('ips').select('id').limit(3)).update({ status: 'withdrawn' });
  const done = await desk.submit(page, '/review/approvals', {});
  t.regex(done.text, /3 of 3 approved/);
  t.regex(done.text, /Ash Approved .*Birch Waitlisted Approved, but no IP was free\..*Cedar Waitlisted/);
  t.deepEqual(await statuses(world), ['fulfilled', 'waitlisted', 'waitlisted', 'submitted']);
});

onBothEngines('R-04: what fails cannot be slipped in, nor what was seen be made up', async (t, world) => {
  const { desk, ash, dull } = await scene(world);
  const before = await everythingStored(world.db);
  const failing = JSON.stringify(await make.seen(world, dull.id));
  const passing = failing.replaceAll(/"verdict":"\w+"/g, '"verdict":"passes"');
  const tries = [
    { seen: failing, words: /A check does not pass: decide it on its own page/ },
    { seen: passing, words: /Nothing was decided, because this changed/ },
    { seen: '{', words: /The page was not complete when it was sent/ },
  ];
  for (const { seen, words } of tries) {
    const answer = await desk.post('/review/approvals', { request: `${dull.id}`, [`seen-${dull.id}`]: seen });
    t.regex(answer.text, words);
  }
  t.is((await desk.post('/review/approvals', {})).status, 422);
  const many = Array.from({ length: 26 }, (_, index) => `${ash.id + index}`);
  t.is((await desk.post('/review/approvals', { request: many })).status, 422);
  t.regex((await desk.get('/review/approvals?request=x&request=99999')).text, /Nothing to approve/);
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('R-06: two who approve the same page of requests at once: each is approved once', async (t, world) => {
  const { desk, all, reviewer2, ash } = await scene(world);
  const other = await world.signedIn(reviewer2.email);
  const pages = [await desk.get(asked(all)), await other.get(asked(all))] as const;
  const answers = await Promise.all([
    desk.submit(pages[0], '/review/approvals', {}),
    other.submit(pages[1], '/review/approvals', {}),
  ]);
  for (const { status } of answers) t.is(status, 200);
  t.deepEqual(await statuses(world), ['fulfilled', 'fulfilled', 'fulfilled', 'submitted']);
  t.is((await world.db('decisions')).length, 3);
  t.is((await world.db('allocations')).length, 3);
  t.true(answers.some(({ text }) => text.includes(reference(ash.id))));
  t.deepEqual(await checkData(world.db, world.now), []);
});
