// What a slowed provider would not take delays no plan, and its limit outlives the plan (S-26).
import test from 'ava';
import fc from 'fast-check';
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import type { Deps } from '../../src/deps.ts';
import { lettersOf } from '../../src/letters.ts';
import { asHtml } from '../../src/mail.ts';
import { renderMail } from '../../src/notifications/render.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { slow } from '../../src/warmup/daily/throttled-providers.ts';
import { monthlyPattern, patternOf, simulate, type Trial } from '../../src/warmup/simulation/simulate.ts';
import { watchDay } from '../../src/warmup/warm/watch.ts';
import { customerio, sendgrid } from '../policy/facts.ts';
import { itself } from '../support/people.ts';
import { sampleFacts } from '../support/sample-mails.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, mailedTo, overIp, type Scene, step, warmupNow } from '../support/warm.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { day, judged, mail, monday, planState } from './plan-state.ts';

const late = monday + 40;
const atTheEnd = planState({ stage: 5, nextDay: late, slowed: { microsoft: 500 } });
/** The last stage of 10,000: all of the others’ mail went over the IP, and what Outlook.com may get. */
const ofTheDay = (over: number, toMicrosoft: number, others = 7_500) => ({
  ...day({ gmail: mail(others), microsoft: mail(over) }, undefined, late),
  whole: [{ day: late, over: others + over, all: 7_500 + toMicrosoft }],
  sentTo: { gmail: 7_500, microsoft: toMicrosoft },
});

test('S-26: the last stage passes without the mail that a slowed provider’s limit kept back', (t) => {
  const verdict = (...of: Parameters<typeof ofTheDay>) => judged(atTheEnd, ofTheDay(...of)).verdict;
  t.is(verdict(500, 2_500), 'complete');
  t.is(verdict(450, 2_500), 'complete', 'nine tenths of the limit is all of it');
  t.is(verdict(449, 2_500), 'not-yet', 'the limit kept nothing back');
  t.is(verdict(500, 2_500, 7_000), 'not-yet', 'the others’ mail did not all go over the IP');
  const { sentTo: _, ...unknown } = ofTheDay(500, 2_500);
  t.is(judged(atTheEnd, unknown).verdict, 'not-yet', 'nothing is known of where the mail went');
  t.is(judged({ ...atTheEnd, slowed: {} }, ofTheDay(500, 2_500)).verdict, 'not-yet', 'nobody was slowed');
  const most = { ...ofTheDay(500, 9_000, 4_000), whole: [{ day: late, over: 4_500, all: 13_000 }] };
  t.is(judged(atTheEnd, most).verdict, 'not-yet', 'less than half of the stage went over the IP');
});

test('S-26: a limit stays when the plan completes, where a pool takes the rest', (t) => {
  t.like(judged(atTheEnd, ofTheDay(500, 2_500)), {
    slowed: { microsoft: 1_000 },
    warmedTo: 8_000,
    why: 'The last stage is passed: warm-up is complete, with 8,000 messages on the busiest day. Outlook.com gets at most 1,000 messages a day.',
  });
  t.like(judged(atTheEnd, ofTheDay(500, 2_500), sendgrid), {
    verdict: 'complete',
    slowed: {},
    why: 'The last stage is passed: warm-up is complete, with 8,000 messages on the busiest day.',
  });
});

const warm = planState({ status: 'complete', stage: 5, warmedTo: 8_000, slowed: { microsoft: 1_000 } });
const watched = (toMicrosoft: number, { deferred = 0, isPoolBeyond = true, all = 8_500 } = {}) => {
  const counts = { gmail: mail(7_500, { deferred: 7_500 }), microsoft: mail(toMicrosoft, { deferred }) };
  const sent = mail(7_500 + toMicrosoft);
  const facts = { day: late, counts, today: sent, window: sent, all, busiest: sent.sent };
  return watchDay({ ...warm, nextDay: late }, { ...facts, hasOverflow: true, isPoolBeyond }, customerio).state;
};

test('S-26: on a completed IP a limit doubles on each good day, is halved on a bad one, and ends at the level', (t) => {
  t.deepEqual(watched(1_000).slowed, { microsoft: 2_000 }, 'nor does a warm IP get further limits');
  t.deepEqual(watched(1_000, { deferred: 300 }).slowed, { microsoft: 500 });
  t.deepEqual(watched(0).slowed, { microsoft: 1_000 });
  t.deepEqual(watched(1_000, { isPoolBeyond: false }).slowed, {}, 'nothing else carries it');
  t.like(watched(1_000, { all: 90_000 }), { status: 'running', slowed: { microsoft: 2_000 } }, 'a plan keeps it');
  t.deepEqual(slow({ ...warm, slowed: { microsoft: 4_000 } }, day({ microsoft: mail(900) }), customerio).slowed, {});
  t.deepEqual(slow({ ...warm, slowed: { microsoft: 3_999 } }, day({ microsoft: mail(900) }), customerio).slowed, {
    microsoft: 7_998,
  });
});

const weekly = fc.integer({ min: 50_000, max: 2_000_000 });
const rare = fc.oneof(
  weekly.map((volume) => ({ pattern: patternOf(volume, [0, 1, 0, 0, 0, 0, 0]) })),
  fc
    .tuple(weekly, fc.integer({ min: 1, max: 28 }))
    .map(([volume, on]) => ({ pattern: monthlyPattern(volume, [on]), monthDays: [on] })),
);

test('S-26: a mailing of which one provider defers half makes no plan of few mailings late', (t) => {
  const providers = fc.constantFrom(...customerio.providers.value.slice(0, 4).map(({ key }) => key));
  fc.assert(
    fc.property(rare, providers, fc.integer({ min: 1, max: 9 }), (from, provider, nth) => {
      const trial: Trial = { ...from, schedule: 'growth', clock: 'progress', badDay: null, startsOn: monday };
      const good = simulate(trial, customerio, 400);
      const mailings = good.days.filter(({ sent }) => sent > 0).map((one) => one.day - monday + 1);
      const bad = { day: mailings[nth - 1] ?? 1, bounce: 0, complaint: 0, deferred: { [provider]: 0.5 } };
      const disturbed = simulate({ ...trial, badDay: bad }, customerio, 400);
      t.not(good.finishesOn, null);
      t.is(disturbed.finishesOn, good.finishesOn, `${provider} deferred half of mailing ${nth}`);
    }),
    { numRuns: 40 },
  );
});

test('C-17: the mail about a completed IP says which provider does not get all of it yet', async (t) => {
  const settings = {
    letters: lettersOf({ sessionSecret: 'a secret' } as Deps),
    baseUrl: 'https://desk.example',
    provider: 'Example Mail',
    html: asHtml,
  };
  const to = { id: 1, email: 'ola@acme.example', name: 'Ola Acme', timeZone: 'UTC' };
  const textOf = async (limits?: string) => {
    const facts = { ...sampleFacts['warmup-complete'], ...(limits === undefined ? {} : { limits }) };
    const mail = { to, template: 'warmup-complete', facts, createdAt: Date.UTC(2026, 10, 23, 9) } as const;
    return (await renderMail(mail, settings)).text.replace(/\s+/g, ' ');
  };
  for (const nothing of [undefined, '']) t.regex(await textOf(nothing), /no mail of .* needs the shared pool/);
  const limited = await textOf('at most 300 messages a day to Yahoo');
  t.notRegex(limited, /needs the shared pool/);
  t.regex(
    limited,
    /One exception for now: [\d.]+ sends at most 300 messages a day to Yahoo, because mail was deferred/,
  );
});

/** Acme’s IP at its last stage, with a limit for Outlook.com. Returns the plan’s target and the day. */
async function atLastStage(world: World): Promise<Scene & { readonly target: number; readonly day: number }> {
  const scene = await acmeWithIp(world);
  const today = await begun(world, scene);
  const { plan } = await warmupNow(world, scene.warmupId);
  const target = plan.targetPerDay;
  const slowed = JSON.stringify({ microsoft: Math.floor(target / 20) });
  await world
    .db('warmups')
    .where({ id: scene.warmupId })
    .update({ stage: plan.caps.length, carried: target, is_again: true, slowed });
  return { ...scene, target, day: today };
}

const overPool = (world: World, { domain }: Scene, on: number, sent: number, provider: string) =>
  world.db.transaction((trx) =>
    recordCounts(actIn(trx, itself(world)), domain.id, [
      plainCount({ day: on, provider, sent, bounced: 0, complained: 0 }),
    ]),
  );

onBothEngines(
  'S-26: a plan completes without what its slowed provider did not take, which its people read',
  async (t, world) => {
    const scene = await atLastStage(world);
    const { target, warmupId } = scene;
    const limit = Math.floor(target / 20);
    const night = async (on: number) => {
      atThree(world, on + 1);
      await step(world);
      return warmupNow(world, warmupId);
    };
    await overIp(world, scene, scene.day, { sent: Math.floor(target * 0.7) });
    await overIp(world, scene, scene.day, { sent: limit }, 'microsoft');
    await overPool(world, scene, scene.day, Math.floor(target / 5), 'other');
    t.like(await night(scene.day), { status: 'running', slowed: { microsoft: 2 * limit } }, 'others’ mail is missing');
    await world.db('warmups').where({ id: warmupId }).update({ progress: 0 });

    const next = scene.day + 1;
    await overIp(world, scene, next, { sent: Math.floor(target * 0.7) });
    await overIp(world, scene, next, { sent: 2 * limit }, 'microsoft');
    await overPool(world, scene, next, Math.floor(target / 5), 'microsoft');
    t.like(await night(next), { status: 'complete', slowed: { microsoft: 4 * limit } });
    t.is((await mailedTo(world, 'warmup-complete')).length, 2);
    const { facts } = await world.db('outbox').where({ template: 'warmup-complete' }).first('facts');
    t.regex(facts, /"limits":"at most [\d,]+ messages a day to Outlook\.com"/);

    const page = await (await world.signedIn('owner@acme.example')).get(`/warm-ups/${warmupId}`);
    const most = (4 * limit).toLocaleString('en-US');
    t.regex(page.text, new RegExp(`Complete\\..* For now Outlook\\.com gets at most ${most} messages a day over it`));

    await overIp(world, scene, next + 1, { sent: Math.floor(target * 0.7) });
    await overIp(world, scene, next + 1, { sent: 4 * limit }, 'microsoft');
    const before = await world.db('warmups').where({ id: warmupId }).first('changed_at');
    t.like(await night(next + 1), { status: 'complete', slowed: { microsoft: 8 * limit } });
    const after = await world.db('warmups').where({ id: warmupId }).first('changed_at');
    t.true(after.changed_at > before.changed_at, 'routers read it again');
    t.is(dayOf(world.now), next + 2);
  },
);
