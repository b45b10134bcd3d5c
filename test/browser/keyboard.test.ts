// Without a mouse; and with a session that ends at the wrong moment.
import ava from 'ava';
import type { Sitter } from '../support/browser.ts';
import { ACME, openOffice, REVIEWER } from '../support/office.ts';
import { askDedicated } from './asking.ts';

/** Presses Tab until what has the focus is so called. Throws when the page ends first. */
async function tabTo({ page }: Sitter, name: string): Promise<void> {
  const wanted = page
    .locator('main')
    .getByLabel(name, { exact: true })
    .or(page.getByRole('button', { name, exact: true }));
  const named = wanted.or(page.getByRole('link', { name, exact: true }));
  for (let pressed = 0; pressed < 80; pressed += 1) {
    await page.keyboard.press('Tab');
    if ((await named.and(page.locator(':focus')).count()) > 0) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

/** The text of what has the focus; null: nothing has it. */
async function focused({ page }: Sitter): Promise<string | null> {
  const one = page.locator('a:focus, button:focus');
  return (await one.count()) === 0 ? null : one.innerText();
}

/** Resolves once what is so called has the focus by itself. */
const typing = ({ page }: Sitter, label: string): Promise<void> =>
  page.getByLabel(label).and(page.locator(':focus')).waitFor();

ava.serial('a request can be filled and sent with the keyboard alone', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(ACME);
  const { keyboard } = owner.page;
  await tabTo(owner, 'Request dedicated IPs');
  await owner.leave(() => keyboard.press('Enter'));
  await tabTo(owner, 'Number of IPs');
  await keyboard.press('Control+A');
  await keyboard.type('1');
  await keyboard.press('Tab');
  await keyboard.press('ArrowUp');
  t.true(await owner.page.getByRole('radio', { name: 'Transactional' }).isChecked());
  await tabTo(owner, 'What you send');
  await keyboard.type('Order confirmations.');
  await tabTo(owner, 'How recipients signed up');
  await keyboard.type('At the checkout.');
  await tabTo(owner, 'Check your request');
  await owner.leave(() => keyboard.press('Space'));
  await tabTo(owner, 'Send request');
  await owner.leave(() => keyboard.press('Enter'));
  t.regex(await owner.text(), /Your request is sent/);
  t.deepEqual(await office.faults(), []);
});

ava.serial('a reviewer decides with the keys a, i and d, of which none decides alone', async (t) => {
  const office = await openOffice(t);
  const reference = await askDedicated(await office.sit(ACME));
  const reviewer = await office.sit(REVIEWER);
  const { keyboard } = reviewer.page;
  await reviewer.goto(`/review/${reference}`);
  await reviewer.leave(() => keyboard.press('i'));
  t.regex(reviewer.page.url(), /decision=ask/);
  await typing(reviewer, 'Your question');
  await keyboard.type('and a list?');
  t.is(await reviewer.page.getByLabel('Your question').inputValue(), 'and a list?');
  await reviewer.goto(`/review/${reference}`);
  await reviewer.leave(() => keyboard.press('d'));
  t.regex(reviewer.page.url(), /decision=decline/);
  await typing(reviewer, 'Reason');
  await keyboard.type('a');
  t.is(await reviewer.page.getByLabel('Reason').inputValue(), 'a');
  await reviewer.goto(`/review/${reference}`);
  await keyboard.type('what a pity');
  await keyboard.press('Enter');
  t.is(await focused(reviewer), null, 'an a within a word arms nothing');
  await reviewer.goto(`/review/${reference}`);
  await keyboard.type('a pity');
  await keyboard.press('Enter');
  t.is(await focused(reviewer), null, 'what goes on as a word lets go');
  t.regex(await reviewer.text(), /Your decision/);
  await reviewer.goto(`/review/${reference}`);
  await keyboard.press('a');
  t.regex((await focused(reviewer)) ?? '', /^Approve\s+Enter$/);
  t.regex(await reviewer.text(), /Your decision/);
  await reviewer.leave(() => keyboard.press('Enter'));
  t.regex(await reviewer.text(), /The request is approved/);
  t.deepEqual(await office.faults(), []);
});

ava.serial('the queue is walked with j and k, and ? shows the keys until they are switched off', async (t) => {
  const office = await openOffice(t);
  const reviewer = await office.sit(REVIEWER);
  const { keyboard } = reviewer.page;
  await reviewer.goto('/review');
  const rows = await reviewer.page.locator('a.row-link').allInnerTexts();
  t.true(rows.length > 2);
  const seen: (string | null)[] = [];
  for (const key of ['j', 'j', 'j', 'k']) {
    await keyboard.press(key);
    seen.push(await focused(reviewer));
  }
  t.deepEqual(seen, [rows[0], rows[1], rows[2], rows[1]]);
  await reviewer.leave(() => keyboard.press('Enter'));
  t.true(reviewer.page.url().endsWith(`/review/${rows[1]}`));
  await keyboard.press('?');
  const sheet = reviewer.page.getByRole('heading', { name: 'Keys' });
  t.true(await sheet.isVisible());
  await reviewer.goto('/profile');
  await reviewer.page.getByLabel('Single keys in the queue and on requests').uncheck();
  await reviewer.press('Save');
  await reviewer.goto(`/review/${rows[1]}`);
  for (const key of ['a', '?', 'i']) await keyboard.press(key);
  t.is(await focused(reviewer), null);
  t.is(await sheet.count(), 0);
  t.deepEqual(await office.faults(), []);
});

ava.serial('clear requests are chosen with x and approved together, once their count was confirmed', async (t) => {
  const office = await openOffice(t);
  const reviewer = await office.sit(REVIEWER);
  const { keyboard } = reviewer.page;
  await reviewer.goto('/review');
  const chosen = () => reviewer.page.locator('input.choose:checked').count();
  const clear = await reviewer.page.locator('tr:has(input.choose) a.row-link').allInnerTexts();
  t.true(clear.length >= 2, 'the demo has two clear requests');
  await keyboard.press('x');
  t.is(await chosen(), 0, 'without a row nothing is chosen');
  await reviewer.goto('/review');
  for (let row = 0; row < (await reviewer.page.locator('a.row-link').count()); row += 1) {
    await keyboard.press('j');
    if (clear.slice(0, 2).includes((await focused(reviewer)) ?? '')) await keyboard.press('x');
  }
  t.is(await chosen(), 2);
  await reviewer.press('Approve the chosen …');
  t.regex(await reviewer.text(), /Approve two requests/);
  await reviewer.press('Approve 2 requests');
  t.regex(await reviewer.text(), /2 of 2 approved/);
  t.regex(reviewer.page.url(), /\/rejected\//, 'going back or loading it again sends nothing');
  t.deepEqual(await office.faults(), []);
});

ava.serial('what was typed while the session ended comes back after signing in, and can be sent', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(ACME);
  await owner.goto('/requests/new/dedicated-ips');
  await owner.fill({ 'What you send': 'A long text, typed slowly.', 'How recipients signed up': 'At the checkout.' });
  await owner.page.context().clearCookies();
  await owner.press('Check your request');
  t.is(owner.status, 401);
  await owner.signIn(ACME);
  await owner.press('Continue where you were');
  t.true((await owner.text()).includes('A long text, typed slowly.'));
  await owner.press('Send request');
  t.regex(await owner.text(), /Your request is sent/);
  t.deepEqual(await office.faults(), []);
});
