import { sendWeeklyProgress } from '../../src/warmup/weekly/background.ts';
import { somebody } from '../support/people.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, goodDay, mailedTo, overIp, step } from '../support/warm.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const PAYERS = ['billing@acme.example', 'owner@acme.example'];
const tell = (world: World) => sendWeeklyProgress(world.db, world.deps.policy.document, world.now, world.deps.log);

/** Acme's IP at the end of its first week, Monday at 03:00; the plan began on the Monday before. */
async function afterAWeek(world: World) {
  const scene = await acmeWithIp(world);
  const first = await begun(world, scene);
  for (let nth = 0; nth < 7; nth += 1) await goodDay(world, scene);
  return { ...scene, monday: first + 7 };
}

onBothEngines('on Mondays who asked for an IP and who pays for it read how it came along, once', async (t, world) => {
  const { monday } = await afterAWeek(world);
  t.is(await tell(world), 2);
  t.is(await tell(world), 0);
  t.deepEqual(await mailedTo(world, 'warmup-progress'), PAYERS);
  const facts = JSON.parse((await world.db('outbox').where({ template: 'warmup-progress' }).first()).facts);
  t.like(facts, { account: 'Acme', week: monday - 7 });
  t.is(facts.warmups.length, 1);
  t.like(facts.warmups[0], { address: '192.0.2.1', stage: 8, passed: 7, status: 'running', hold: null });
  t.is(facts.warmups[0].sent, Number((await world.db('warmup_days').sum({ sent: 'sent' }).first())?.sent));
  for (const days of [1, 2, 3, 6]) {
    atThree(world, monday + days);
    t.is(await tell(world), 0, 'never one a day');
  }
  atThree(world, monday + 7);
  await step(world);
  t.is(await tell(world), 2);
});

onBothEngines(
  'it is sent when Sunday is judged, on Tuesday where Monday was missed, and not later',
  async (t, world) => {
    const { monday } = await afterAWeek(world);
    world.now = monday * DAY + 2 * HOUR - 1;
    t.is(await tell(world), 0);
    atThree(world, monday + 2);
    t.is(await tell(world), 0);
    atThree(world, monday + 1);
    t.is(await tell(world), 2);
  },
);

onBothEngines('who switched it off, who joined since and who has nothing to do with it get none', async (t, world) => {
  const { acme } = await afterAWeek(world);
  await world
    .db('mail_preferences')
    .insert({ person_id: acme.owner.id, event: 'weekly-progress', choice: 'off', chosen_at: 0 });
  await somebody(world, { email: 'late@acme.example', accountId: acme.id, accountRole: 'admin' });
  t.is(await tell(world), 1);
  t.deepEqual(await mailedTo(world, 'warmup-progress'), ['billing@acme.example']);
});

onBothEngines('several that tell at once tell everybody once', async (t, world) => {
  await afterAWeek(world);
  const notified = await Promise.all(Array.from({ length: 6 }, () => tell(world)));
  t.is(
    notified.reduce((sum, one) => sum + one, 0),
    2,
  );
  t.deepEqual(await mailedTo(world, 'warmup-progress'), PAYERS);
});

onBothEngines('on Monday nobody reads of a Sunday that another process still judges', async (t, world) => {
  const scene = await acmeWithIp(world);
  const first = await begun(world, scene);
  for (let nth = 0; nth < 6; nth += 1) await goodDay(world, scene);
  await overIp(world, scene, first + 6, { sent: 400 });
  atThree(world, first + 7);
  t.is(await tell(world), 0);
  await step(world);
  t.is(await tell(world), 2);
  atThree(world, first + 15);
  t.is(await tell(world), 2, 'on Tuesday it waits for nothing any more');
});

onBothEngines('somebody who cannot be told is logged once in a run, and all others are told', async (t, world) => {
  const { acme } = await afterAWeek(world);
  const payer = world.db('people').where({ id: acme.owner.id });
  await payer.clone().update({ email: 'owner@acme.example, two' });
  t.is(await tell(world), 1);
  t.is(await tell(world), 0);
  t.deepEqual(await mailedTo(world, 'warmup-progress'), ['billing@acme.example']);
  const failed = world.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => /could not tell/.test(msg));
  t.deepEqual(
    failed.map(({ person }) => person),
    [acme.owner.id, acme.owner.id],
    'each run tries again',
  );
  await payer.clone().update({ email: acme.owner.email });
  t.is(await tell(world), 1);
});

onBothEngines('the weekly mail can be switched off and on in the profile', async (t, world) => {
  await afterAWeek(world);
  const owner = await world.signedIn('owner@acme.example');
  const page = await owner.get('/profile/mails');
  const others = { 'own-requests': 'now', 'own-warmups': 'now', 'own-domains': 'now' };
  const choose = (choice: string) => owner.submit(page, '/profile/mails', { ...others, 'weekly-progress': choice });
  const isOn = async () =>
    /name="weekly-progress" type="radio" value="now" checked/.test((await owner.get('/profile/mails')).html);
  t.true(await isOn());
  t.is((await choose('off')).status, 303);
  t.false(await isOn());
  t.is(await tell(world), 1, 'the colleague');
  t.is((await choose('now')).status, 303);
  t.true(await isOn());
  t.is((await choose('digest')).status, 422, 'it is a summary already');
  const staff = await world.signedIn('reviewer@warmdesk.example');
  t.notRegex((await staff.get('/profile/mails')).html, /weekly-progress/, 'who has no account has no such mail');
});

onBothEngines('a plan that is held or paused says why, one day without mail is not news', async (t, world) => {
  const scene = await acmeWithIp(world);
  const first = await begun(world, scene);
  for (let nth = 0; nth < 6; nth += 1) await goodDay(world, scene);
  atThree(world, first + 7);
  await step(world);
  await tell(world);
  await overIp(world, scene, first + 7, { sent: 400, bounced: 150 });
  atThree(world, first + 14);
  await step(world);
  await tell(world);
  const mails = await world.db('outbox').where({ template: 'warmup-progress' }).orderBy('id').pluck('facts');
  const holds = mails.map((facts: string) => JSON.parse(facts).warmups[0].hold);
  t.is(holds[0], null);
  t.regex(holds.at(-1), /./);
});

onBothEngines('of a plan that stands still the weekly mail tells twice, and then not any more', async (t, world) => {
  const { monday } = await afterAWeek(world);
  for (const [week, mails, why] of [
    [1, 2, 'a week without mail'],
    [2, 2, 'they were told of it yesterday: the first'],
    [3, 2, 'the second'],
    [4, 0, 'nobody reads the same a third time'],
    [5, 2, 'it became cold and begins again'],
  ] as const) {
    atThree(world, monday + 7 * week);
    await step(world);
    t.is(await tell(world), mails, why);
  }
});
