// Looking up domains on request: once a minute each, and never at the cost of other accounts' daily looks.
import { actIn } from '../../src/act.ts';
import { addDomains } from '../../src/domains/actions.ts';
import { findPendingNamed, takeDuePending } from '../../src/domains/pending/store.ts';
import { lookSoon } from '../../src/domains/records/actions.ts';
import { takeDueDomains } from '../../src/domains/records/store.ts';
import * as make from '../support/make.ts';
import { itself } from '../support/people.ts';
import { DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';

const PIECE = 40;
const take = async ({ db, now: at }: World) => takeDueDomains(db, { at, limit: PIECE, forMs: 5 * MINUTE });

/** Adds `many` domains of an account, next due tomorrow. Returns their ids. */
async function lookedUpBefore(world: World, accountId: number, name: string, many: number): Promise<number[]> {
  const names = Array.from({ length: many }, (_, i) => `${name}${i}.test`);
  const domains = names.map((one) => ({ accountId, name: one, usage: 'both' as const }));
  await world.db.transaction((trx) => addDomains(actIn(trx, itself(world)), domains));
  const those = world.db('domains').where({ account_id: accountId }).whereIn('name', names);
  await those.clone().update({ due_at: world.now + DAY });
  return those.clone().orderBy('id').pluck('id');
}

onBothEngines(
  'domains that one account has looked up all the time leave others their daily looks',
  async (t, world) => {
    const { db } = world;
    const [busy, calm] = [await make.account(world, { name: 'Busy' }), await make.account(world, { name: 'Calm' })];
    const many = await lookedUpBefore(world, busy.id, 'busy', 100);
    const daily = await lookedUpBefore(world, calm.id, 'calm', 70);
    await db('domains')
      .whereIn('id', daily)
      .update({ due_at: world.now - 1 });
    const ofBusy = many.map((id) => ({ id, accountId: busy.id }));
    const press = () => db.transaction((trx) => lookSoon(actIn(trx, itself(world)), ofBusy));
    const looked: number[] = [];
    for (let piece = 0; piece < 2; piece += 1) {
      await press();
      const taken = await take(world);
      t.is(taken.length, PIECE);
      const ahead = taken.filter(({ accountId }) => accountId === busy.id);
      t.is(ahead.length, 5, 'a few go ahead of all others');
      looked.push(...taken.filter(({ accountId }) => accountId === calm.id).map(({ id }) => id));
    }
    t.deepEqual(
      looked.sort((a, b) => a - b),
      daily,
      'all daily looks were made meanwhile',
    );
    await press();
    t.is((await take(world)).length, PIECE, 'the rest comes in its turn');
  },
);

onBothEngines('the button looks at a domain once a minute; sooner, a sentence says so', async (t, world) => {
  const account = await make.account(world, { name: 'Acme' });
  await make.staff(world);
  const [one, other] = await lookedUpBefore(world, account.id, 'shop', 2);
  const member = await world.signedIn(account.member.email);
  const look = (id: number | undefined) => member.post(`/domains/${id}/look`, {});
  t.is((await look(one)).location, `/domains/${one}?note=looking`);
  t.deepEqual(
    (await take(world)).map(({ id }) => id),
    [one as number],
  );
  world.now += MINUTE - 1;
  const early = await look(one);
  t.is(early.location, `/domains/${one}?note=look-again`);
  t.regex((await member.get(String(early.location))).text, /once a minute, and somebody had us look just now/);
  const staff = await world.signedIn('admin@warmdesk.example');
  const path = `/customers/${account.id}/domains/${one}`;
  t.is(
    (await staff.post(`${path}/look`, {})).location,
    `${path}?note=look-again`,
    'staff share the minute with customers',
  );
  t.deepEqual(await take(world), [], 'nothing is asked');
  t.is((await look(other)).location, `/domains/${other}?note=looking`, 'others are not held up');
  world.now += 1;
  t.is((await look(one)).location, `/domains/${one}?note=looking`);
});

onBothEngines('the button looks for a proof once a minute, a few of an account ahead of others', async (t, world) => {
  const { db } = world;
  const account = await make.account(world, { name: 'Acme' });
  const member = await world.signedIn(account.member.email);
  const waiting: string[] = [];
  for (let i = 0; i < 8; i += 1) {
    const name = `wait${i}.test`;
    await member.post('/domains', { name, usage: 'both' });
    waiting.push(`/domains/pending/${(await findPendingNamed(db, account.id, name))?.id}`);
  }
  await db('pending_domains').update({ due_at: world.now + DAY, tries: 9 });
  for (const path of waiting) t.is((await member.post(`${path}/look`, {})).location, `${path}?note=looking`);
  t.is((await member.post(`${waiting[0]}/look`, {})).location, `${waiting[0]}?note=look-again`);
  const dues: unknown[] = await db('pending_domains').where({ tries: 0 }).orderBy('id').pluck('due_at');
  t.deepEqual(dues.map(Number), [0, 0, 0, 0, 0, world.now, world.now, world.now]);
  t.is((await takeDuePending(db, { at: world.now, limit: PIECE, forMs: MINUTE })).length, 8);
  world.now += MINUTE;
  t.is((await member.post(`${waiting[0]}/look`, {})).location, `${waiting[0]}?note=looking`);
});
