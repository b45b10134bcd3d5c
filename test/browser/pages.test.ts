// Every page of the site, as the fitting person sees it, in both themes: what axe, the browser and a validator of HTML say.
import AxeBuilder from '@axe-core/playwright';
import ava, { type ExecutionContext } from 'ava';
import { type ConfigData, HtmlValidate } from 'html-validate';
import { seedDemo } from '../../seeds/demo.ts';
import { allRoutes } from '../../src/app.ts';
import { sendDue } from '../../src/notifications/sender.ts';
import { openBrowser, type Sitter, sitDown } from '../support/browser.ts';
import { deliveryTo } from '../support/outbox.ts';
import { createWorld, type World } from '../support/world.ts';
import { type Stop, tour, WHO } from './tour.ts';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** Answer machines. */
const NO_PAGES = ['/healthz', '/readyz'];
/** Lead on to the form. */
const NO_PLACES = ['/requests/dedicated-ips', '/requests/transactional-pool'];

const HTML_RULES: ConfigData = {
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'doctype-style': ['error', { style: 'lowercase' }],
    'form-dup-name': ['error', { shared: ['checkbox', 'radio', 'button', 'submit'] }],
    // Templates leave spaces at ends of lines; browsers do not mind.
    'no-trailing-whitespace': 'off',
    // On a phone the rows of tables become blocks; without the roles they would be no table any more.
    'no-redundant-role': 'off',
  },
};

/** A world with the demo, one mail that was delivered and one that is held. */
async function openDemo(t: ExecutionContext): Promise<World> {
  const world = await createWorld(t);
  await seedDemo(world.deps);
  const visitor = world.visitor();
  for (const email of [WHO.acme, WHO.tiny]) await visitor.post('/password-reset', { email });
  await sendDue(deliveryTo(t, world, { url: null }));
  const held = { status: 'held', smtp_reply: '550 5.1.1 no such user', next_at: null, sent_at: null };
  await world.db('outbox').where('to_address', WHO.acme).update(held);
  await visitor.post('/password-reset', { email: WHO.alder });
  return world;
}

ava('every page has a place in the tour', async (t) => {
  const world = await createWorld(t);
  const toured = new Set(tour.map((stop) => stop.route));
  for (const { method, path } of allRoutes(world.deps)) {
    if (method === 'get' && ![...NO_PAGES, ...NO_PLACES].includes(path))
      t.true(toured.has(path), `no stop of the tour shows ${path}`);
  }
});

ava('every page can be read by everybody in both themes, is well formed and fits a phone', async (t) => {
  // Counted anew at each stop.
  t.timeout(120_000);
  const world = await openDemo(t);
  const browser = await openBrowser(t);
  const sitters = new Map<string, Sitter>();
  const faults: Record<string, unknown> = {};
  for (const stop of tour) {
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

async function visit(sitter: Sitter, stop: Stop): Promise<Record<string, readonly string[]>> {
  await stop.go(sitter);
  return {
    status: sitter.status === stop.status ? [] : [`${sitter.status} instead of ${stop.status}`],
    light: await barriersOf(sitter, 'light'),
    dark: await barriersOf(sitter, 'dark'),
    html: await faultsOf(await sitter.source, stop.route === '/mailbox/:id/html'),
    beyond320px: await tooWide(sitter),
    browser: sitter.troubles.splice(0),
  };
}

/** In the dark only colours differ, so only what looks at colours is asked again. */
async function barriersOf({ page }: Sitter, colorScheme: 'light' | 'dark'): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  // All that we show stands in one document, so axe need not open another window to put frames together.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const asked = colorScheme === 'light' ? axe.withTags(AXE_TAGS) : axe.withRules(COLOUR_RULES);
  const { violations } = await asked.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

const validator = new HtmlValidate(HTML_RULES);
// Programs that show mails keep no stylesheet.
const mailValidator = new HtmlValidate({ ...HTML_RULES, rules: { ...HTML_RULES.rules, 'no-inline-style': 'off' } });

async function faultsOf(source: string, isMail: boolean): Promise<string[]> {
  const { results } = await (isMail ? mailValidator : validator).validateString(source);
  const lines = source.split('\n');
  // What was ticked is carried on as it was: one name, several values.
  const isCarried = (ruleId: string, line: number) =>
    ruleId === 'form-dup-name' && lines[line - 1]?.includes('type="hidden"');
  return results
    .flatMap(({ messages }) => messages)
    .filter(({ ruleId, line }) => !isCarried(ruleId, line))
    .map(({ line, ruleId, message }) => `${line}: ${ruleId}: ${message}`);
}

/** What stands beyond the right edge of a narrow phone; afterwards the window is as it was. */
async function tooWide({ page }: Sitter): Promise<string[]> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const beyond = (await page.evaluate(`
    document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => one.outerHTML.slice(0, 80))`)) as string[];
  if (before) await page.setViewportSize(before);
  return beyond;
}
