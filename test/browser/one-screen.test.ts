// What a reviewer needs to decide an ordinary request is on one screen, and the decision stays there.
import ava from 'ava';
import type { Sitter } from '../support/browser.ts';
import { ACME, openOffice, REVIEWER } from '../support/office.ts';
import { askDedicated } from './asking.ts';

const SCREEN = { viewport: { width: 1440, height: 900 } };

/** Where each card of the page ends below the top of the screen (pixels), by its heading. */
async function endsOf({ page }: Sitter): Promise<Record<string, number>> {
  await page.evaluate('document.fonts.ready');
  const cards = await page.locator('main .card').all();
  const ends = cards.map(async (card) => {
    const box = await card.boundingBox();
    return [await card.locator('h2').first().innerText(), Math.ceil((box?.y ?? 0) + (box?.height ?? 0))] as const;
  });
  return Object.fromEntries(await Promise.all(ends));
}

ava.serial('all that decides on an ordinary dedicated request is on one screen of 1440 × 900', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(ACME);
  const reference = await askDedicated(owner);
  const reviewer = await office.sit(REVIEWER, SCREEN);
  await reviewer.goto(`/review/${reference}?decision=ask`);
  await reviewer.fill({ 'Your question': 'Which of the two grows?' });
  await reviewer.press('Ask for information');
  await owner.goto(`/requests/${reference}`);
  await owner.fill({ 'Your answer': 'The shop, by a tenth a month.' });
  await owner.press('Send answer');
  await reviewer.goto(`/review/${reference}`);
  const ends = await endsOf(reviewer);
  for (const card of ['Your decision', 'Checks', 'Weekly volume', 'Warm-up forecast', 'Asked for', 'Acme'])
    t.true((ends[card] ?? Number.POSITIVE_INFINITY) <= 900, `${card} ends at ${ends[card]}`);
  t.true((ends['History and messages'] ?? Number.POSITIVE_INFINITY) <= 900, JSON.stringify(ends));
  t.true(await reviewer.page.getByText('Which of the two grows?').isVisible(), 'with what was said last');
  t.true(await reviewer.page.getByText('The shop, by a tenth a month.').isVisible());
  t.deepEqual(await office.faults(), []);
});

ava.serial('the decision and its consequences stay in view while one reads on', async (t) => {
  const office = await openOffice(t);
  const reference = await askDedicated(await office.sit(ACME));
  const reviewer = await office.sit(REVIEWER, SCREEN);
  await reviewer.goto(`/review/${reference}`);
  // What is folded is read, so the page becomes longer than the screen.
  for (const one of await reviewer.page.locator('main .main details > summary').all()) await one.click();
  await reviewer.page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  t.true(Number(await reviewer.page.evaluate('scrollY')) > 200, 'there is something to read');
  for (const shown of [
    reviewer.page.getByRole('heading', { name: 'Your decision' }),
    reviewer.page.getByText('Allocates one IP'),
    reviewer.page.getByRole('button', { name: 'Approve' }),
  ]) {
    const box = await shown.boundingBox();
    t.true(box !== null && box.y >= 0 && box.y + box.height <= 900, JSON.stringify(box));
  }
  t.deepEqual(await office.faults(), []);
});
