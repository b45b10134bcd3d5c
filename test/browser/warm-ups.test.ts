// The page of a warm-up in every state that looks different, as pages.test.ts looks at those of the demo.
import ava from 'ava';
import { openBrowser, sitDown } from '../support/browser.ts';
import { acmeWithIp } from '../support/scene.ts';
import { lived } from '../support/warm-ups.ts';
import { createWorld, DAY } from '../support/world.ts';
import { visit } from './reading.ts';

const HOURS = [80, 60, 0, 20, 20, 50, 120, 300, 520, 40];
const bad = (day: number, change: object) => ({ day, bounce: 0, complaint: 0, deferred: {}, ...change });
const WORKDAYS = [0.2, 0.2, 0.2, 0.2, 0.15, 0.03, 0.02];

const STATES = {
  'runs, was paused': { days: 26, pattern: WORKDAYS, badDay: bad(9, { bounce: 0.9 }), hours: HOURS },
  'held, with a cut cap': { days: 14, badDay: bad(14, { bounce: 0.4 }), hours: HOURS },
  paused: { days: 12, badDay: bad(12, { bounce: 0.9 }) },
  'without mail': { days: 9, idle: 5 },
  'a provider is slowed': { days: 30, badDay: bad(30, { deferred: { microsoft: 0.4 } }), hours: HOURS },
  'first day': { days: 0 },
  'at the last stage': { days: 20, clock: 'calendar', schedule: 'sendgrid' },
} as const;

ava('R-09: the page of a warm-up can be read by everybody in each of its states', async (t) => {
  t.timeout(600_000);
  const world = await createWorld(t);
  const { warmupId } = await acmeWithIp(world);
  const browser = await openBrowser(t);
  const signedIn = async () => {
    const sitter = await sitDown(browser, world.url);
    await sitter.signIn('owner@acme.example');
    return sitter;
  };
  let sitter = await signedIn();
  const faults: Record<string, unknown> = {};
  const look = async (name: string, address: string) => {
    const stop = { route: address, status: 200, go: () => sitter.goto(address) };
    const found = await visit(sitter, stop);
    if (Object.values(found).some((list) => list.length > 0)) faults[`${name}, ${address}`] = found;
    t.pass();
  };
  const path = `/warm-ups/${warmupId}`;
  await look('planned', path);
  for (const [name, life] of Object.entries(STATES)) {
    await lived(world.deps, warmupId, life);
    await look(name, path);
  }
  await lived(world.deps, warmupId, STATES['held, with a cut cap']);
  for (const address of ['/', '/ips', '/requests/WD-1001']) await look('held', address);
  const { starts_on, caps } = await world.db('warmups').where({ id: warmupId }).first();
  world.now = (starts_on + JSON.parse(caps).length + 1) * DAY;
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  await reviewer.post(`${path}/completion`, {});
  sitter = await signedIn();
  await look('complete', path);
  t.deepEqual(faults, {});
});
