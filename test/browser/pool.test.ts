import ava from 'ava';
import { openOffice, RECEIPTS, REVIEWER } from '../support/office.ts';

ava.serial('C-05, C-18: a domain moves into the transactional pool, and its Mail Servers page says so', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(RECEIPTS);
  await owner.goto('/domains');
  await owner.leave(() => owner.page.getByRole('link', { name: 'receipts.example', exact: true }).click());
  const { path } = owner;
  t.is(await inForce(), 'default');
  await owner.follow('Request the transactional pool');
  await owner.fill({ 'What you send': 'Receipts.', 'Sample subjects': 'Your receipt\nYour refund\nYour invoice' });
  await owner.press('Check your request');
  t.is(owner.status, 422);
  t.regex(await owner.text(), /can no longer send campaigns/);
  await owner.tick('I confirm');
  await owner.press('Check your request');
  t.regex(await owner.text(), /This qualifies\..*costs nothing/s);
  await owner.press('Send request');
  const reference = /WD-\d+/.exec(owner.path)?.[0];

  const reviewer = await office.sit(REVIEWER);
  await reviewer.goto(`/review/${reference}`);
  t.regex(
    await reviewer.text(),
    /Moves receipts\.example into the transactional pool.*campaigns and broadcasts are refused/s,
  );
  await reviewer.press('Approve');
  t.regex(await reviewer.text(), /the domain is in the transactional pool/);
  await owner.goto(path);
  t.is(await inForce(), 'transactional');
  t.deepEqual(await office.faults(), []);

  async function inForce(): Promise<string | null> {
    return owner.page.locator('[data-route][aria-current]').getAttribute('data-route');
  }
});
