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
  const heads = reviewer.page.locator('main h2');
  const tops = await Promise.all((await heads.all()).map(async (head) => (await head.boundingBox())?.y ?? 0));
  const shown = (await heads.allInnerTexts()).map((text, nth) => ({ text, top: tops[nth] ?? 0 }));
  const inOrder = shown.toSorted((a, b) => a.top - b.top).map(({ text }) => text);
  t.deepEqual(inOrder.slice(0, 2), ['Your decision', 'Checks']);
  t.is(inOrder.at(-1), 'Acme', 'who asks comes last');
  const box = await reviewer.page.getByRole('button', { name: 'Approve' }).boundingBox();
  t.true(box !== null && box.y + box.height <= PHONE.viewport.height, JSON.stringify(box));
});
