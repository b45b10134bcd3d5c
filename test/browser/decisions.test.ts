// Decisions other than a plain approval, as the people concerned see them.
import ava from 'ava';
import { ACME, INSIDER, openOffice, REVIEWER, SECOND, TINY } from '../support/office.ts';
import { askDedicated, checkDedicated, referenceOf } from './asking.ts';
import { visit } from './reading.ts';

ava.serial('a request is declined with a reason, which the customer reads', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(ACME);
  const reference = await askDedicated(owner);
  await office.post();
  const reviewer = await office.sit(REVIEWER);
  await reviewer.goto(`/review/${reference}`);
  await reviewer.follow('Decline');
  await reviewer.press('Decline');
  t.is(reviewer.status, 422);
  t.true((await reviewer.text()).includes('Reason is missing'));
  await reviewer.fill({ Reason: 'We clean up the list together first.' });
  await reviewer.press('Decline');
  const letters = await office.post();
  t.deepEqual(letters.to, [ACME]);
  await owner.goto(letters.linkTo(ACME, office.world.url));
  t.regex(await owner.text(), /Declined.*We clean up the list together first\./s);
  t.deepEqual(await office.faults(), []);
});

ava.serial('R-04: against a failed check (C-08) a reason and a second reviewer are needed', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(TINY);
  await checkDedicated(owner);
  t.regex(await owner.text(), /does not meet our rules yet.*38,000 more than we measured/s);
  await owner.press('Send request');
  const reference = referenceOf(owner);
  await office.post();
  const first = await office.sit(REVIEWER);
  await first.goto(`/review/${reference}`);
  await first.press('Approve');
  t.is(first.status, 422);
  await first.fill({ Reason: 'They launch in two countries next week.' });
  await first.press('Approve');
  t.regex(await first.text(), /waits for a second reviewer/);
  t.is(await first.page.getByRole('button', { name: 'Approve' }).count(), 0);
  const letters = await office.post();
  t.true(letters.to.includes(SECOND) && !letters.to.includes(REVIEWER), `${letters.to}`);

  const second = await office.sit(SECOND);
  await second.goto(letters.linkTo(SECOND, office.world.url));
  t.regex(await second.text(), /Rea Vogt proposed approval.*They launch in two countries next week\./s);
  await second.press('Approve');
  t.regex(await second.text(), /Approved by Rea Vogt and Jonas Berg/);
  await owner.goto(`/requests/${reference}`);
  t.false((await owner.text()).includes('two countries'), 'the reason is for staff');
  t.deepEqual(await office.faults(), []);
});

ava.serial('a reviewer offers fewer IPs, and the customer accepts', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(ACME);
  const reference = await askDedicated(owner, { 'Number of IPs': '2' });
  await office.post();
  const reviewer = await office.sit(REVIEWER);
  await reviewer.goto(`/review/${reference}`);
  await reviewer.follow('Offer fewer IPs');
  await reviewer.fill({ 'Number of IPs': '1', Reason: 'One is enough for 180,000 a week.' });
  await reviewer.press('Send offer');
  const letters = await office.post();
  t.deepEqual(letters.to, ['billing@acme.example', ACME]);
  await owner.goto(letters.linkTo(ACME, office.world.url));
  t.regex(await owner.text(), /You get one IP instead of two.*\$0 a month/s);
  await owner.press('Accept the offer');
  t.regex(await owner.text(), /You accepted the offer.*Warm-up of/s);
  t.deepEqual(await office.faults(), []);
});

ava.serial('R-09: the customer withdraws while the request is open', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(ACME);
  await askDedicated(owner);
  await owner.press('Withdraw');
  t.regex(await owner.text(), /Your request is withdrawn/);
  t.is(await owner.page.getByRole('button', { name: 'Withdraw' }).count(), 0);
  await owner.follow('Ask again with these answers');
  t.is(await owner.page.getByLabel('What you send').inputValue(), 'Order confirmations, and offers of the week.');
  t.deepEqual(await office.faults(), []);
});

ava.serial('R-05: a reviewer finds no decision on a request of their own account', async (t) => {
  const office = await openOffice(t);
  const insider = await office.sit(INSIDER);
  await insider.goto('/review');
  await insider.leave(() =>
    insider.page.locator('tr', { hasText: 'Warmdesk Newsletter' }).locator('a.row-link').click(),
  );
  t.regex(await insider.text(), /Not yours to decide/);
  for (const name of ['Approve', 'Decline', 'Ask for information'])
    t.is(await insider.page.locator('#decision').getByText(name, { exact: true }).count(), 0, name);
  t.deepEqual(await office.faults(), []);
});

ava.serial('R-06: of two reviewers who decide at once the later one is told who was faster', async (t) => {
  const office = await openOffice(t);
  const reference = await askDedicated(await office.sit(ACME));
  const [faster, slower] = await Promise.all([office.sit(REVIEWER), office.sit(SECOND)]);
  for (const one of [faster, slower]) await one.goto(`/review/${reference}`);
  await slower.follow('Decline');
  await slower.fill({ Reason: 'Too much at once.' });
  await faster.press('Approve');
  await slower.press('Decline');
  t.is(slower.status, 409);
  t.regex(await slower.text(), /Nothing was changed: somebody else was faster\. Rea Vogt approved it/);
  t.deepEqual(await office.faults(), []);
});

ava.serial('a decision counts down and is undone with u and Enter; the customer hears nothing of it', async (t) => {
  const office = await openOffice(t);
  const { deps } = office.world;
  Object.assign(deps, { config: { ...deps.config, undoMs: 30_000 } });
  const owner = await office.sit(ACME);
  const reference = await askDedicated(owner);
  await office.post();
  const reviewer = await office.sit(REVIEWER);
  await reviewer.goto(`/review/${reference}`);
  const decided = { route: '/review/:reference', status: 200, go: () => reviewer.press('Approve') };
  for (const [what, found] of Object.entries(await visit(reviewer, decided))) t.deepEqual(found, [], what);
  t.regex(await reviewer.text(), /Approved, not yet in effect/);
  await reviewer.page.locator('[data-countdown]').filter({ hasNotText: '30 seconds' }).waitFor();
  await reviewer.page.keyboard.press('u');
  t.regex(await reviewer.text(), /Approved, not yet in effect/, 'a key undoes nothing by itself');
  await reviewer.leave(() => reviewer.page.keyboard.press('Enter'));
  t.regex(await reviewer.text(), /Undone: nothing was carried out/);
  await owner.goto(`/requests/${reference}`);
  t.regex(await owner.text(), /In review/);
  t.is((await office.world.db('pending_decisions')).length, 0);
  t.deepEqual(await office.faults(), []);
});

ava.serial('a countdown that ends takes away nothing that somebody writes', async (t) => {
  const office = await openOffice(t);
  const { deps } = office.world;
  Object.assign(deps, { config: { ...deps.config, undoMs: 30_000 } });
  const reference = await askDedicated(await office.sit(ACME));
  const reviewer = await office.sit(REVIEWER);
  await reviewer.page.clock.install();
  await reviewer.goto(`/review/${reference}`);
  await reviewer.press('Approve');
  await reviewer.page.getByText('Write an internal note').click();
  await reviewer.fill({ 'Internal note': 'They asked by phone' });
  await reviewer.page.clock.runFor(60_000);
  const note = reviewer.page.getByLabel('Internal note');
  t.is(await note.inputValue(), 'They asked by phone');
  t.regex(await reviewer.text(), /It takes effect in a moment/);
  await note.fill('');
  await note.blur();
  await reviewer.leave(() => reviewer.page.clock.runFor(1_000));
  t.is(new URL(reviewer.page.url()).search, '', 'it was loaded again');
  t.deepEqual(await office.faults(), []);
});
