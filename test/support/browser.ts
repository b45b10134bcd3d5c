// Real browsers for tests and screenshots. Imports nothing of AVA, so that a plain script can use it, too.
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Who closes what was opened: a test, or a script at its end. */
export type Owner = { teardown(close: () => Promise<void>): void };

let shared: Promise<Browser> | undefined;
let users = 0;

/** The one browser of this process, closed when the last of those who asked for it is done. */
export async function openBrowser(owner: Owner): Promise<Browser> {
  users += 1;
  shared ??= launch();
  const browser = await shared;
  owner.teardown(async () => {
    users -= 1;
    if (users > 0) return;
    shared = undefined;
    await browser.close();
  });
  return browser;
}

function launch(): Promise<Browser> {
  const { executablePath, env } = findChromium();
  return chromium.launch({ executablePath, args: ARGUMENTS, env: { ...process.env, ...env }, timeout: 300_000 });
}

/** Somebody at a browser of their own (cookies, a window), and what went wrong in it. */
export class Sitter {
  readonly page: Page;
  readonly #home: string;
  /** Complaints of the browser, and requests that left our host. Should be empty. */
  readonly troubles: string[] = [];
  /** Status and source of the page that is shown. */
  status = 0;
  source: Promise<string> = Promise.resolve('');

  constructor(page: Page, home: string) {
    this.page = page;
    this.#home = home;
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type()) || this.#isOwnStatus(message.text())) return;
      this.troubles.push(`${this.page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.troubles.push(`${this.page.url()}: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(home) && !/^(about|data):/.test(url)) this.troubles.push(`a request to ${url}`);
    });
    page.on('response', (response) => {
      const isShown = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
      if (!isShown || (response.status() >= 300 && response.status() < 400)) return;
      this.status = response.status();
      this.source = response.text();
      this.source.catch(() => {});
    });
  }

  /** Browsers complain of each page with a status from 400 on; such a page is meant. */
  #isOwnStatus(text: string): boolean {
    return this.status >= 400 && text.startsWith('Failed to load resource') && text.includes(`${this.status}`);
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.#home).href);
  }

  /** The path of the page that is shown, without what follows `?`. */
  get path(): string {
    return new URL(this.page.url()).pathname;
  }

  /** What a person reads in the page's main part. */
  text(): Promise<string> {
    return this.page.locator('main').innerText();
  }

  /** Presses the one button of this name, or else whose name has it in it, and waits for the page that it leads to. */
  async press(name: string): Promise<void> {
    const main = this.page.locator('main');
    const named = main.getByRole('button', { name });
    await named.first().waitFor();
    const exact = main.getByRole('button', { name, exact: true });
    const button = (await exact.count()) === 1 ? exact : named;
    await this.leave(() => button.click());
  }

  async follow(name: string): Promise<void> {
    await this.leave(() => this.page.locator('main').getByRole('link', { name }).first().click());
  }

  /** Does what leads to another page and waits until that is there. */
  async leave(deed: () => Promise<void>): Promise<void> {
    await Promise.all([this.page.waitForEvent('domcontentloaded'), deed()]);
  }

  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Ticks the choices whose labels begin so. */
  async tick(...labels: string[]): Promise<void> {
    for (const label of labels) await this.page.locator('label', { hasText: new RegExp(`^\\s*${label}`) }).check();
  }

  async signIn(email: string, password = 'warmdesk-demo'): Promise<void> {
    if ((await this.page.getByLabel('Password').count()) === 0) await this.goto('/sign-in');
    await this.fill({ Email: email, Password: password });
    await this.press('Sign in');
  }
}

/** A new browser of somebody who is signed out. */
export async function sitDown(browser: Browser, home: string, options: BrowserContextOptions = {}): Promise<Sitter> {
  const context: BrowserContext = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(240_000);
  return new Sitter(await context.newPage(), home);
}
