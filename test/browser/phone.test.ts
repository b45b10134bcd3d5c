import ava from 'ava';
import { ACME, openOffice, REVIEWER } from '../support/office.ts';
import { askDedicated, checkDedicated } from './asking.ts';

const PHONE = { viewport: { width: 390, height: 844 } };

ava.serial('on a phone the step to take comes before the evidence', async (t) => {
  const office = await openOffice(t);
  const owner = await office.sit(ACME, PHONE);
  await checkDedicated(owner);
  t.deepEqual((await owner.page.locator('h2').allInnerTexts()).slice(0, 2), ['Price', 'You ask for']);
  const reference = await askDedicated(owner);
  const reviewer = await office.sit(REVIEWER, PHONE);
  await reviewer.goto(`/review/${reference}`);
  t.deepEqual((await reviewer.page.locator('h2').allInnerTexts()).slice(0, 2), ['Your decision', 'Checks']);
  const box = await reviewer.page.getByRole('button', { name: 'Approve' }).boundingBox();
  t.true(box !== null && box.y + box.height <= PHONE.viewport.height, JSON.stringify(box));
});
