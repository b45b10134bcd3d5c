// How many statements a page takes: few enough that pages stay quick where each one crosses a network.
import ava from 'ava';
import { seedDemo } from '../../seeds/demo.ts';
import { closeDueMonths } from '../../src/charges/actions.ts';
import { crawl } from '../support/crawl.ts';
import { createWorld } from '../support/world.ts';

const MOST = 16;

ava(`no page takes more than ${MOST} statements, whichever customer or member of staff opens it`, async (t) => {
  t.timeout(300_000);
  const world = await createWorld(t);
  await seedDemo(world.deps);
  // As the desk does by itself: months that are over are closed, and drawn from what was written.
  await closeDueMonths(world.db, world.now);
  let statements = 0;
  world.db.on('query', () => (statements += 1));
  const found = new Map<string, number>();
  for (const email of [
    'owner@acme.example',
    'owner@tinyco.example',
    'priya@hearthandloom.example',
    'admin@warmdesk.example',
    'reviewer@warmdesk.example',
  ]) {
    const visitor = await world.signedIn(email);
    const counted = {
      get: async (path: string) => {
        statements = 0;
        const answer = await visitor.get(path);
        found.set(`${email} ${path}`, statements);
        return answer;
      },
    };
    await crawl(counted as typeof visitor, '/', 1500);
  }
  const many = [...found]
    .filter(([, count]) => count > MOST)
    .sort((a, b) => b[1] - a[1])
    .map(([page, count]) => `${count} ${page}`);
  t.true(found.size > 100);
  t.deepEqual(many, []);
});
