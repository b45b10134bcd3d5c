// `npm run pictures`: takes the README's pictures again, from today's demo in a real browser. Run it after changing pages.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BrowserContextOptions } from 'playwright-core';
import { askDedicated, checkDedicated } from '../test/browser/asking.ts';
import { openBrowser, type Sitter, sitDown } from '../test/support/browser.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const CUSTOMER = 'owner@acme.example';
const REVIEWER = 'reviewer@warmdesk.example';
const DESK = { width: 1280, height: 1000 };
const PHONE = { width: 390, height: 800 };

const folder = mkdtempSync(join(tmpdir(), 'warmdesk-pictures-'));
const closing: (() => Promise<void>)[] = [];
const desk = spawn(process.execPath, ['src/main.ts'], {
  env: { PATH: process.env.PATH, PORT: '0', DATABASE_URL: join(folder, 'demo.sqlite') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const home = await address();
  const browser = await openBrowser({ teardown: (close) => void closing.push(close) });
  const sit = async (email: string, options: BrowserContextOptions): Promise<Sitter> => {
    const sitter = await sitDown(browser, home, options);
    await sitter.signIn(email);
    return sitter;
  };
  const customer = await sit(CUSTOMER, { viewport: { width: 1180, height: 1000 } });
  await checkDedicated(customer);
  await take(customer, 'check');
  const reference = await askDedicated(customer);

  const reviewer = await sit(REVIEWER, { viewport: DESK });
  await reviewer.goto(`/review/${reference}`);
  await take(reviewer, 'review-light');
  await reviewer.goto('/warm-ups');
  await reviewer.follow('198.51.100.25');
  await take(reviewer, 'warm-up');
  const dark = await sit(REVIEWER, { viewport: DESK, colorScheme: 'dark' });
  await dark.goto(`/review/${reference}`);
  await take(dark, 'review-dark');
  const phone = await sit(REVIEWER, { viewport: PHONE, isMobile: true });
  await phone.goto('/review');
  await take(phone, 'queue-phone');
} finally {
  for (const close of closing) await close();
  desk.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** Where the demo listens, from its log. Throws where it ends before. */
async function address(): Promise<string> {
  for await (const line of createInterface({ input: desk.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port?: number };
    if (msg.startsWith('Warmdesk listens')) {
      desk.stdout.resume();
      return `http://127.0.0.1:${port}`;
    }
  }
  throw new Error('Warmdesk did not start.');
}

async function take(sitter: Sitter, name: string): Promise<void> {
  await sitter.page.evaluate('document.fonts.ready');
  await sitter.page.screenshot({ path: join(DOCS, `${name}.png`) });
  if (sitter.status !== 200 || sitter.troubles.length > 0)
    throw new Error(`${name}: ${sitter.status}, ${sitter.troubles}`);
  console.log(`docs/${name}.png`);
}
