// Staff act at any hour, also between midnight UTC and the evaluation of the day before at 02:00.
import { dayOf, startOfDay } from '../../src/day.ts';
import { barToTransition } from '../../src/warmup/lifecycle.ts';
import { type StaffStep, takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { atEveryHour } from '../support/every-hour.ts';
import { acmeWithIp } from '../support/scene.ts';
import { begun, goodDay, judgedDays, mailedTo, overIp, type Scene, step, warmupNow } from '../support/warm.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

type Staffed = Scene & Pick<Awaited<ReturnType<typeof acmeWithIp>>, 'staff'>;

/** Before staff act, the mail of each day is bad; or it is good, and more than an early stage asks for. */
const MAIL = { bad: { sent: 4_000, bounced: 2_000 }, good: { sent: 20_000 } } as const;
type Mail = keyof typeof MAIL;

/** Acme's IP at its sixth stage, at midnight before the last of its days is judged. */
async function atSix(world: World): Promise<Staffed & { readonly midnight: number }> {
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  for (let nth = 0; nth < 5; nth += 1) await goodDay(world, scene);
  return { ...scene, midnight: dayOf(world.now) + 1 };
}

/** Moves the clock on to `until`, with the daily evaluation at 02:00 of each day. */
async function on(world: World, until: number): Promise<void> {
  for (let two = startOfDay(dayOf(world.now)) + 2 * HOUR; two <= until; two += DAY) {
    if (two < world.now) continue;
    world.now = two;
    await step(world);
  }
  world.now = until;
}

async function take(world: World, { warmupId, staff }: Staffed, name: StaffStep): Promise<void> {
  const person = name === 'agree' ? staff.reviewer2 : staff.reviewer;
  const wish = { schedule: 'growth', busiest: 40_000, everyDays: 7, weekdays: [0, 1, 2, 3, 4, 5, 6] };
  const replan = { wish, policy: world.deps.policy.document };
  const form = { seen: await warmupNow(world, warmupId), reason: 'Because.', stage: 2, replan };
  const result = await takeStaffStep(
    world.db,
    { person, at: world.now },
    { id: warmupId, name, ...form },
    world.deps.policy.document,
  );
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.problem)}`);
}

/** What has to be taken first, where the step is not open: nothing can be resumed that runs. */
const BEFORE: Readonly<Partial<Record<StaffStep, StaffStep>>> = {
  pause: 'resume',
  resume: 'pause',
  agree: 'propose',
  drop: 'propose',
};

/** Lets the days pass until `hour`, with their mail, and takes a step then. */
async function actAt(world: World, scene: Staffed & { midnight: number }, mail: Mail, name: StaffStep): Promise<void> {
  const at = world.now;
  world.now = startOfDay(scene.midnight);
  for (let day = scene.midnight - 1; day <= dayOf(at); day += 1) await overIp(world, scene, day, MAIL[mail]);
  await on(world, at - 1);
  world.now = at;
  const before = BEFORE[name];
  const warmup = await warmupNow(world, scene.warmupId);
  if (before && barToTransition(name, warmup, scene.staff.reviewer2) !== null) await take(world, scene, before);
  await take(world, scene, name);
}

/** Every step of the staff's, with what has to hold at each hour: one that is added does not compile until it is here. */
const AT_ANY_HOUR: Readonly<Record<StaffStep, (mail: Mail) => void>> = {
  resume: (mail) =>
    onBothEngines(
      `S-26: resumed at any hour, a warm-up is not judged by mail of before, which was ${mail}`,
      async (t, world) => {
        const scene = await atSix(world);
        await atEveryHour(world, scene.midnight, async (there, hour) => {
          await actAt(there, scene, mail, 'resume');
          const { stage } = await warmupNow(there, scene.warmupId);
          const notified = (await mailedTo(there, 'warmup-paused')).length;
          const day = dayOf(there.now);
          for (let later = day + 1; later <= day + 3; later += 1) await overIp(there, scene, later, { sent: 500 });
          await on(there, startOfDay(day + 4) + 3 * HOUR);
          const now = await warmupNow(there, scene.warmupId);
          t.is(now.status, 'running', `hour ${hour}: ${now.why}`);
          t.is((await mailedTo(there, 'warmup-paused')).length, notified, `hour ${hour}`);
          t.true(now.stage >= stage, `hour ${hour}`);
        });
      },
    ),

  setBack: (mail) =>
    onBothEngines(
      `a warm-up that is set back at any hour stays there until a whole day of the new stage is judged (${mail} mail)`,
      async (t, world) => {
        const scene = await atSix(world);
        await atEveryHour(world, scene.midnight, async (there, hour) => {
          await actAt(there, scene, mail, 'setBack');
          const { status } = await warmupNow(there, scene.warmupId);
          const day = dayOf(there.now);
          await overIp(there, scene, day + 1, { sent: 500 });
          await on(there, startOfDay(day + 2) + 2 * HOUR - 1);
          t.like(await warmupNow(there, scene.warmupId), { status, stage: 2 }, `hour ${hour}`);
          await on(there, startOfDay(day + 2) + 2 * HOUR);
          const stage = status === 'running' ? 3 : 2;
          t.like(await warmupNow(there, scene.warmupId), { status, stage }, `hour ${hour}`);
          const { why } = await there.db('warmup_days').where({ warmup_id: scene.warmupId, day }).first('why');
          t.regex(why, status === 'running' ? /Staff .* so the day is not judged\./ : /^Paused/, `hour ${hour}`);
        });
      },
    ),

  pause: (mail) =>
    onBothEngines(`a warm-up that is paused at any hour stays as it was paused (${mail} mail)`, async (t, world) => {
      const scene = await atSix(world);
      await atEveryHour(world, scene.midnight, async (there, hour) => {
        await actAt(there, scene, mail, 'pause');
        const { stage } = await warmupNow(there, scene.warmupId);
        await on(there, there.now + 3 * DAY);
        t.like(await warmupNow(there, scene.warmupId), { status: 'paused', stage }, `hour ${hour}`);
      });
    }),

  propose: (mail) =>
    goesOn('propose', `proposed to complete early at any hour, a warm-up goes on (${mail} mail)`, mail),

  drop: (mail) => goesOn('drop', `a proposal dropped at any hour leaves the warm-up as it was (${mail} mail)`, mail),

  agree: (mail) =>
    onBothEngines(`completing early is agreed to at any hour, and it is complete (${mail} mail)`, async (t, world) => {
      const scene = await atSix(world);
      await atEveryHour(world, scene.midnight, async (there, hour) => {
        await actAt(there, scene, mail, 'agree');
        t.is((await warmupNow(there, scene.warmupId)).status, 'complete', `hour ${hour}`);
      });
    }),

  replan: (mail) =>
    onBothEngines(
      `planned again at any hour, a warm-up keeps its new stage until a whole day of it is judged (${mail} mail)`,
      async (t, world) => {
        const scene = await atSix(world);
        await atEveryHour(world, scene.midnight, async (there, hour) => {
          await actAt(there, scene, mail, 'replan');
          const { stage, status, plan } = await warmupNow(there, scene.warmupId);
          t.is(plan.targetPerDay, 40_000, `hour ${hour}`);
          const day = dayOf(there.now);
          await on(there, startOfDay(day + 2) + 2 * HOUR - 1);
          const now = await warmupNow(there, scene.warmupId);
          // Rates stay what they were, so bad mail may still pause it: a stage back, never on.
          if (mail === 'good') t.like(now, { status, stage }, `hour ${hour}`);
          else t.true(now.stage <= stage, `hour ${hour}`);
        });
      },
    ),
};

function goesOn(name: StaffStep, title: string, mail: Mail): void {
  onBothEngines(title, async (t, world) => {
    const scene = await atSix(world);
    await atEveryHour(world, scene.midnight, async (there, hour) => {
      await actAt(there, scene, mail, name);
      await on(there, startOfDay(scene.midnight + 2) + 3 * HOUR);
      const [last] = (await judgedDays(there, scene.warmupId)).slice(5);
      t.is(last?.verdict, mail === 'bad' ? 'pause' : 'advance', `hour ${hour}`);
    });
  });
}

for (const mail of ['bad', 'good'] as const) for (const walk of Object.values(AT_ANY_HOUR)) walk(mail);
