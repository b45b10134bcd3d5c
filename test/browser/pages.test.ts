// Every page of the site, as the fitting person sees it, in both themes: what axe, the browser and a validator of HTML say.
import ava, { type ExecutionContext } from 'ava';
import { seedDemo } from '../../seeds/demo.ts';
import { allRoutes } from '../../src/app.ts';
import { closeDueMonths } from '../../src/charges/actions.ts';
import { sendDue } from '../../src/notifications/background.ts';
import { openBrowser, type Sitter, sitDown } from '../support/browser.ts';
import { deliveryTo } from '../support/outbox.ts';
import { createWorld, type World } from '../support/world.ts';
import { handOverDraft } from './drafts.ts';
import { visit } from './reading.ts';
import { tour, WHO } from './tour.ts';
import { secondStep } from './tour-sign-in.ts';

/** Answer machines. */
const NO_PAGES = ['/healthz', '/readyz'];
/** Lead on to the form. */
/** Pictures and stylesheets. */
const NO_TEXT = ['/provider/logo', '/provider/colours.css'];
/** Files to be kept. */
const DOWNLOADS = [
  ...['/charges.csv', '/ledger.csv', '/review.csv', '/report.csv', '/customers/:id/charges.csv'],
  ...['/requests/:reference/files/:file', '/review/:reference/files/:file'],
];
const NO_PLACES = ['/requests/dedicated-ips', '/requests/transactional-pool'];

/** Of a policy that the demo does not have: linking.test.ts shows them. */
const OTHER_POLICY = ['/ips/new', '/ips/:id/name', '/customers/:id/ips/:ip/name'];

const whole = [...tour, ...secondStep];

/** A world with the demo, one mail that was delivered and one that failed. */
async function openDemo(t: ExecutionContext): Promise<World> {
  // A provider that does not answer, so that the sign-in page has its button.
  const provider = { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'desk', OIDC_LABEL: 'Nimbus ID' };
  const world = await createWorld(t, 'SQLite', provider);
  await seedDemo(world.deps);
  await handOverDraft(world);
  // All months but the last, which staff can close.
  await closeDueMonths(world.db, Date.UTC(2026, 9, 5));
  const visitor = world.visitor();
  for (const email of [WHO.acme, WHO.tiny]) await visitor.post('/password-reset', { email });
  await sendDue(deliveryTo(t, world, { url: null }));
  const failed = { status: 'failed', smtp_reply: '550 5.1.1 no such user', next_at: null, sent_at: null };
  await world.db('outbox').where('to_address', WHO.acme).update(failed);
  await visitor.post('/password-reset', { email: WHO.alder });
  return world;
}

ava('every page has a place in the tour', async (t) => {
  const world = await createWorld(t);
  const toured = new Set(whole.map((stop) => stop.route));
  for (const { method, path } of allRoutes(world.deps)) {
    if (
      method === 'get' &&
      !/^\/(api|v3)\//.test(path) &&
      ![...NO_PAGES, ...NO_PLACES, ...NO_TEXT, ...DOWNLOADS, ...OTHER_POLICY].includes(path)
    )
      t.true(toured.has(path), `no stop of the tour shows ${path}`);
  }
});

ava('every page can be read by everybody in both themes, is well formed and fits a phone', async (t) => {
  // Counted again at each stop.
  t.timeout(600_000);
  const world = await openDemo(t);
  const browser = await openBrowser(t);
  const sitters = new Map<string, Sitter>();
  const faults: Record<string, unknown> = {};
  for (const stop of whole) {
    const name = stop.as ?? `nobody, ${stop.name}`;
    const sitter = sitters.get(name) ?? (await sitDown(browser, world.url));
    if (!sitters.has(name) && stop.as) await sitter.signIn(stop.as);
    sitters.set(name, sitter);
    const found = await visit(sitter, stop);
    if (Object.values(found).some((list) => list.length > 0)) faults[stop.name] = found;
    t.pass();
  }
  t.deepEqual(faults, {});
});
