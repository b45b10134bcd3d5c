import ava from 'ava';
import { ADMIN, openOffice } from '../support/office.ts';

const TOPS = `[...document.querySelectorAll('.topnav li')].map((one) => one.getBoundingClientRect().top)`;

ava.serial('an administrator’s places are on one line from 1180 pixels on', async (t) => {
  const office = await openOffice(t);
  const admin = await office.sit(ADMIN);
  for (const width of [1180, 1240, 1280, 1366, 1440]) {
    await admin.page.setViewportSize({ width, height: 800 });
    const tops = await admin.page.evaluate<number[]>(TOPS);
    t.true(tops.length >= 12, 'all of them are there');
    t.is(new Set(tops).size, 1, `${width} px: ${tops.join(' ')}`);
    const overflow = await admin.page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    t.true(Number(overflow) <= 0, `${width} px: nothing is cut off`);
  }
});
