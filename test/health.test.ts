import * as make from './support/make.ts';
import { HOUR, MINUTE, onBothEngines } from './support/world.ts';

const readiness = async (url: string) => {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
};

onBothEngines(
  'a process that serves is ready, and says how long the mail is due that waits longest',
  async (t, world) => {
    t.like(await readiness(world.url), { status: 200, ok: true, pendingMigrations: 0, outboxAgeSeconds: 0 });
    const acme = await make.account(world);
    await make.request(world, acme.admin);
    world.now += 59 * MINUTE;
    t.like(await readiness(world.url), { status: 200, outboxAgeSeconds: 59 * 60 });
    world.now += MINUTE;
    t.like(await readiness(world.url), { status: 503, ok: false, outboxAgeSeconds: 60 * 60 }, 'nobody sends');
  },
);

onBothEngines('one recipient whose server defers mail for hours takes no process out of service', async (t, world) => {
  const acme = await make.account(world);
  await make.request(world, acme.admin);
  world.now += 5 * HOUR;
  const putOff = { attempts: 9, next_at: world.now + 4 * HOUR, smtp_reply: '451 try again later' };
  await world.db('outbox').update(putOff);
  t.like(await readiness(world.url), { status: 200, ok: true, outboxAgeSeconds: 0 });
});

onBothEngines('a database that is behind the program, or gone, is told', async (t, world) => {
  const [last] = await world.db('knex_migrations').orderBy('id', 'desc').limit(1).pluck('name');
  await world.db('knex_migrations').where({ name: last }).delete();
  t.like(await readiness(world.url), { status: 503, ok: false, pendingMigrations: 1 });
  await world.db('knex_migrations').insert({ name: last, batch: 1, migration_time: new Date(0) });
  const { status } = await fetch(`${world.url}/healthz`);
  t.is(status, 200);
});
