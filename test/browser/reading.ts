// What keeps people from reading a page: what axe, the browser and a validator of HTML say of it, and a narrow phone.
import AxeBuilder from '@axe-core/playwright';
import { type ConfigData, HtmlValidate } from 'html-validate';
import type { Sitter } from '../support/browser.ts';
import type { Stop } from './tour.ts';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

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

/** Goes to a stop and looks at it. Returns what is wrong, by who says so; empty lists where nothing is. */
export async function visit(
  sitter: Sitter,
  stop: Pick<Stop, 'go' | 'status' | 'route'>,
): Promise<Record<string, readonly string[]>> {
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
  // All that we show is in one document, so axe need not open another window to put frames together.
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
