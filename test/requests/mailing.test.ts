// How the mail comes, in the form, on the check page and in review: measured if it can be, asked for where not.
import test from 'ava';
import { actIn } from '../../src/act.ts';
import { dayOf, weekStart } from '../../src/day.ts';
import { patternStated } from '../../src/requests/mailing.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { statedPattern, weeklyPattern } from '../../src/sending/pattern.ts';
import { daysInWords, patternInWords, rhythmInWords } from '../../src/sending/pattern-wording.ts';
import { checked, DEDICATED, dedicatedForm, followed, heldBy, send } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** Acme's only domain mails 50,000 each Tuesday for twelve weeks. */
async function onTuesdays(world: World) {
  const acme = await make.account(world, { weekly: null });
  const news = await make.domain(world, acme.id, 'tuesday.acme.example', { weekly: null });
  const tuesday = weekStart(dayOf(world.now)) - 6;
  const days = Array.from({ length: 12 }, (_, week) =>
    plainCount({ day: tuesday - 7 * week, sent: 50_000, bounced: 0, complained: 0 }),
  );
  await world.db.transaction((trx) => recordCounts(actIn(trx, { person: null, at: world.now }), news.id, days));
  await make.ips(world, 'us', 2);
  return { acme, news, visitor: await world.signedIn(acme.admin.email) };
}

const STRIP = 'By weekday: Mon 0, Tue 50,000, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0.';
const MEASURED = 'Measured: mail goes out on Tuesdays, 50,000 on the busiest usual day.';

onBothEngines('C-12: the measured pattern is drawn in the form, on the check page and in review', async (t, world) => {
  const { acme, news, visitor } = await onTuesdays(world);
  const form = await visitor.get(`/requests/new/dedicated-ips?domain=${news.id}`);
  t.true(form.text.includes('Needed only where we have measured too little'), 'two other domains never sent');
  const typed = { ...dedicatedForm([news]), weeklyVolume: '50,000', peakWeeklyVolume: '' };
  const check = await checked(visitor, DEDICATED, typed);
  t.true(check.html.includes(STRIP));
  t.true(check.text.includes(MEASURED));
  const { location } = await send(visitor, DEDICATED, check);
  const reviewer = await world.signedIn((await make.staff(world)).reviewer.email);
  const review = await reviewer.get((location ?? '').replace('/requests/', '/review/').replace(/\?.*/, ''));
  t.true(review.html.includes(STRIP));
  t.is((await world.db('requests').where({ account_id: acme.id }).first()).mailing, null);
});

onBothEngines('the form draws what is chosen, and asks nothing where all is measured', async (t, world) => {
  const acme = await make.account(world, { weekly: 70_000 });
  const { html, text } = await (await world.signedIn(acme.admin.email)).get('/requests/new/dedicated-ips');
  t.regex(text, /Measured: mail goes out every day, 10,00\d on the busiest usual day\./);
  t.notRegex(html, /name="busiest"/);
});

onBothEngines(
  'C-12: where too little was measured the form asks, keeps what was typed, and the plan is made of it',
  async (t, world) => {
    const acme = await make.account(world, { weekly: null });
    await make.ips(world, 'us', 1);
    const visitor = await world.signedIn(acme.admin.email);
    const bare = { ...dedicatedForm(acme.domains), weeklyVolume: '50,000', peakWeeklyVolume: '' };
    const refused = await checked(visitor, DEDICATED, bare);
    t.is(refused.status, 422);
    for (const field of ['everyDays', 'weekdays', 'busiest']) t.true(refused.html.includes(`${field}-error`), field);
    const mailing = { everyDays: '7', weekdays: ['2'], busiest: '50,000' };
    const wrong = await checked(visitor, DEDICATED, { ...bare, ...mailing, ipCount: '0' });
    t.like(heldBy(wrong.html, DEDICATED), { everyDays: ['7'], weekdays: ['2'], busiest: ['50,000'] });
    const check = await checked(visitor, DEDICATED, { ...bare, ...mailing });
    t.true(check.text.includes('As stated: mail goes out on Tuesdays, 50,000 on the busiest usual day.'));
    const changed = await followed(visitor, await visitor.submit(check, DEDICATED, { step: 'change' }));
    t.like(heldBy(changed.html, DEDICATED), { everyDays: ['7'], weekdays: ['2'], busiest: ['50,000'] });
    await send(visitor, DEDICATED, check);
    const { id, mailing: kept } = await world.db('requests').first();
    t.deepEqual(JSON.parse(kept), { everyDays: 7, weekdays: [1], busiest: 50_000 });
    await make.decided(world, id);
    const { target_per_day: target, caps, pattern } = await world.db('warmups').first();
    t.is(target, 50_000);
    t.true(JSON.parse(caps)[0] <= 200, 'a first stage above 200 needs measured mail');
    t.like(JSON.parse(pattern), { basis: 'stated', usual: [0, 50_000, 0, 0, 0, 0, 0] });
  },
);

test('a stated week has its busiest day, and shares the rest among the others', (t) => {
  const stated = patternStated({ everyDays: 7, weekdays: [0, 2, 4], busiest: 30_000 }, 50_000);
  t.deepEqual(stated.kind === 'weekdays' && stated.usual, [30_000, 0, 10_000, 0, 10_000, 0, 0]);
  t.like(patternStated({ everyDays: 14, weekdays: [], busiest: 90_000 }, 45_000), { kind: 'mailings', period: 14 });
  t.is(patternStated(null, 70_000).busiest, 10_000);
});

test('patterns are said in a few words', (t) => {
  const week = (...usual: number[]) => weeklyPattern(usual, 'measured');
  const said = (...usual: number[]) => [daysInWords(week(...usual)), rhythmInWords(week(...usual))];
  t.deepEqual(said(9, 9, 9, 9, 9, 9, 9), ['every day', null]);
  t.deepEqual(said(9, 9, 9, 9, 9, 0, 0), ['from Monday to Friday', 'on five days a week']);
  t.deepEqual(said(0, 9, 0, 0, 0, 0, 0), ['on Tuesdays', 'once a week']);
  t.deepEqual(said(1, 9, 1, 1, 9, 1, 1), ['mostly on Tuesdays and Fridays', 'on two days a week']);
  const monthly = statedPattern({ busiest: 300_000, weekdays: [], everyDays: 30 });
  t.is(patternInWords(monthly), 'As stated: mail goes out about every 30 days, 300,000 on the busiest usual day.');
  t.is(rhythmInWords(monthly), 'about every 30 days');
  t.is(daysInWords({ ...monthly, period: 7 }), 'about every seven days, not always on the same one');
});
