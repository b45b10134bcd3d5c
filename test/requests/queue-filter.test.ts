// Narrowing and sorting the reviewers’ queue.
import ava from 'ava';
import fc from 'fast-check';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import {
  CHOICES,
  EVERYTHING,
  type QueueFilter,
  queueAddress,
  readQueueFilter,
} from '../../src/requests/review/queue/filter.ts';
import { gatherQueue } from '../../src/requests/review/queue/gather.ts';
import { tabs } from '../../src/requests/review/queue/queue.ts';
import * as make from '../support/make.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

const oneOf = <T extends string>(known: Readonly<Record<T, string>>) =>
  fc.option(fc.constantFrom(...(Object.keys(known) as T[])), { nil: null });

const anyFilter: fc.Arbitrary<QueueFilter> = fc.record({
  tab: fc.constantFrom(...tabs),
  kind: oneOf(CHOICES.kind),
  plan: fc.option(fc.constantFrom('essentials', 'premium_2024', 'x-1'), { nil: null }),
  region: oneOf(CHOICES.region),
  recommended: oneOf(CHOICES.recommended),
  due: oneOf(CHOICES.due),
  desk: oneOf(CHOICES.desk),
  approved: oneOf(CHOICES.approved),
  sort: oneOf(CHOICES.sort),
  search: fc.constantFrom('', 'Acme & Söhne', 'a=b?c', '100%', '198.51.100.7'),
  page: fc.integer({ min: 1, max: 9_999_999 }),
});

ava('every filter is in the address, and read from it again as it was', (t) => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const address = new URL(queueAddress(filter, { page: filter.page }), 'https://desk.example');
      t.deepEqual(readQueueFilter(Object.fromEntries(address.searchParams)), filter);
    }),
  );
  t.is(queueAddress(EVERYTHING), '/review');
  t.is(
    queueAddress({ ...EVERYTHING, page: 4 }, { kind: 'dedicated_ip' }),
    '/review?kind=dedicated_ip',
    'the first page again',
  );
});

/** Requests of both kinds, regions, plans and recommendations; the reviewer has Birch's. */
async function scene(world: World) {
  const staff = await make.staff(world);
  for (const region of ['us', 'eu'] as const) await make.ips(world, region, 4);
  const send = async (name: string, weekly: number, region: 'us' | 'eu', weeklyVolume: number) => {
    const account = await make.account(world, { name, weekly });
    const id = await make.request(world, account.admin, { region, weeklyVolume, peakWeeklyVolume: weeklyVolume });
    world.now += HOUR;
    return { account, id };
  };
  const birch = await send('Birch', 180_000, 'us', 180_000);
  const ash = await send('Ash', 20_000, 'us', 60_000);
  const cedar = await send('Cedar', 180_000, 'eu', 200_000);
  const pay = await make.domain(world, cedar.account.id, 'pay.example', { usage: 'transactional', weekly: 30_000 });
  await make.poolRequest(world, cedar.account.admin, pay.id);
  await world.db('accounts').where({ id: ash.account.id }).update({ plan: 'other' });
  await claimRequest(world.db, { person: staff.reviewer, at: world.now }, birch.id, null);
  return { ...staff, birch, ash, cedar };
}

onBothEngines('filters combine: what is left fits all of them', async (t, world) => {
  const { reviewer, ash } = await scene(world);
  const found = async (query: Record<string, string>, at = world.now) => {
    const page = await gatherQueue(world.db, readQueueFilter(query), { person: reviewer, at });
    t.is(page.total, page.rows.length, JSON.stringify(query));
    return page.rows.map(({ request }) => `${request.account.name} ${request.answers.kind.slice(0, 4)}`);
  };
  const all = ['Birch dedi', 'Ash dedi', 'Cedar dedi', 'Cedar tran'];
  t.deepEqual(await found({}), all);
  t.deepEqual(await found({ kind: 'transactional_pool' }), ['Cedar tran']);
  t.deepEqual(await found({ region: 'us' }), ['Birch dedi', 'Ash dedi']);
  t.deepEqual(await found({ plan: 'other' }), ['Ash dedi']);
  t.deepEqual(await found({ recommended: 'decline', kind: 'dedicated_ip', region: 'us' }), ['Ash dedi']);
  t.deepEqual(await found({ recommended: 'approve', region: 'us' }), ['Birch dedi']);
  t.deepEqual(await found({ desk: 'mine' }), ['Birch dedi']);
  t.deepEqual(await found({ desk: 'free' }), all.slice(1));
  t.deepEqual(await found({ desk: 'mine', region: 'eu' }), []);
  t.deepEqual(await found({ desk: 'mine' }, world.now + 5 * HOUR), [], 'the claim has lapsed');
  const { due_at: due } = await world.db('requests').where({ id: ash.id }).first();
  t.deepEqual(await found({ due: 'overdue' }), []);
  t.deepEqual(await found({ due: 'overdue' }, due + 1), ['Birch dedi', 'Ash dedi']);
  t.deepEqual(await found({ due: 'day' }, due + 1 - 24 * HOUR), ['Birch dedi', 'Ash dedi']);
  t.deepEqual(await found({ q: 'cedar', kind: 'dedicated_ip', plan: 'other' }), []);
  t.deepEqual(await found({ sort: 'newest' }), all.toReversed());
  t.deepEqual(await found({ sort: 'oldest' }), all);
  t.deepEqual(await found({ sort: 'volume' }), ['Cedar dedi', 'Birch dedi', 'Ash dedi', 'Cedar tran']);
  t.deepEqual(await found({ sort: 'customer' }), ['Ash dedi', 'Birch dedi', 'Cedar dedi', 'Cedar tran']);
});

onBothEngines('the page shows what is chosen, and its links keep it', async (t, world) => {
  const { reviewer } = await scene(world);
  const desk = await world.signedIn(reviewer.email);
  const { html, text } = await desk.get('/review?region=us&recommended=decline&sort=volume');
  t.regex(html, /<option value="us" selected>/);
  t.regex(html, /<option value="decline" selected>/);
  t.regex(html, /href="\/review\?tab=all&amp;region=us&amp;recommended=decline&amp;sort=volume"/);
  t.regex(text, /Ash/);
  t.notRegex(text, /WD-\d+ Birch/);
  t.regex((await desk.get('/review?region=eu&plan=other')).text, /Nothing matches/);
});
