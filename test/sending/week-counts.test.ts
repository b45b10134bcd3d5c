// Which days count as which, read from the database: what the gate's mean and rates are of.
import type { ExecutionContext } from 'ava';
import { actIn } from '../../src/act.ts';
import { type Day, dayOf, weekStart } from '../../src/day.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { measure, plainCount } from '../../src/sending/counts.ts';
import { listWeekCounts } from '../../src/sending/store.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

type Mail = { readonly sent: number; readonly bounced?: number; readonly complained?: number };

/** A domain that sent this, by day, and nothing else. Returns its id. */
async function domainWith(world: World, mail: readonly (readonly [Day, Mail])[]): Promise<number> {
  const { id } = await make.account(world, { weekly: null });
  const domain = await make.domain(world, id, 'only.example', { weekly: null });
  const counts = mail.map(([day, { sent, bounced = 0, complained = 0 }]) =>
    plainCount({ day, sent, bounced, complained }),
  );
  await world.db.transaction((trx) => recordCounts(actIn(trx, { person: null, at: world.now }), domain.id, counts));
  return domain.id;
}

/** What is measured of a domain at the world's time. */
async function measured(world: World, domainId: number) {
  const found = await listWeekCounts(world.db, [domainId], world.now);
  return measure(found.get(domainId) ?? [], world.now);
}

const monday = (world: World): Day => weekStart(dayOf(world.now));
const sentIn = (t: ExecutionContext, { weeks }: Awaited<ReturnType<typeof measured>>, from: Day) =>
  (weeks.find((week) => week.from === from) ?? t.fail(`no week begins on ${from}`)).sent;

onBothEngines('C-08: a week is from Monday to Sunday, UTC', async (t, world) => {
  world.now += 2 * DAY;
  const first = monday(world);
  t.is(new Date(first * DAY).getUTCDay(), 1);
  const domain = await domainWith(world, [
    [first - 15, { sent: 1 }],
    [first - 14, { sent: 20 }],
    [first - 8, { sent: 300 }],
    [first - 7, { sent: 4_000 }],
    [first - 1, { sent: 50_000 }],
    [first, { sent: 600_000 }],
  ]);
  const found = await measured(world, domain);
  t.is(sentIn(t, found, first - 21), 1);
  t.is(sentIn(t, found, first - 14), 320);
  t.is(sentIn(t, found, first - 7), 54_000);
  t.is(found.weekly, Math.round(54_321 / 3), 'this week is not over, and mail began three weeks ago');
});

onBothEngines(
  'C-08: the mean is of four complete weeks, on a Sunday evening as on the Monday after',
  async (t, world) => {
    const first = monday(world);
    const mail = Array.from({ length: 42 }, (_, i) => [first - 35 + i, { sent: i < 7 ? 1_000_000 : 100 }] as const);
    const domain = await domainWith(world, mail);
    t.is((await measured(world, domain)).weekly, 700);
    world.now = first * DAY - 1;
    t.is((await measured(world, domain)).weekly, Math.round((7_000_000 + 3 * 700) / 4));
  },
);

onBothEngines(
  'C-08: three days of mail are no less than none: nothing is measured before a week is over',
  async (t, world) => {
    world.now = (monday(world) + 3) * DAY;
    const first = monday(world);
    const today = [first, first + 1, first + 2].map((day) => [day, { sent: 100_000 }] as const);
    const begun = await domainWith(world, today);
    t.like(await measured(world, begun), { weekly: null, meanOf: 0 });
    world.now += 7 * DAY;
    t.like(await measured(world, begun), { weekly: 300_000, meanOf: 1 });
    world.now += 7 * DAY;
    t.like(await measured(world, begun), { weekly: 150_000, meanOf: 2 }, 'a week without mail counts from then on');
    world.now += 21 * DAY;
    t.like(await measured(world, begun), { weekly: 0, meanOf: 4 });
  },
);

onBothEngines(
  'S-26: rates are of the last 28 complete days: today and the 29th day back do not count',
  async (t, world) => {
    const today = dayOf(world.now);
    const domain = await domainWith(world, [
      [today - 29, { sent: 100_000, bounced: 10_000, complained: 1_000 }],
      [today - 28, { sent: 2_000, bounced: 20, complained: 2 }],
      [today - 1, { sent: 3_000, bounced: 30, complained: 3 }],
      [today, { sent: 400_000, bounced: 40_000, complained: 4_000 }],
    ]);
    const found = await measured(world, domain);
    t.like(found, { sent: 5_000, bounced: 50, complained: 5 });
  },
);

onBothEngines('twelve weeks are looked at, and no day before them', async (t, world) => {
  const first = monday(world);
  const domain = await domainWith(world, [
    [first - 85, { sent: 7 }],
    [first - 84, { sent: 50 }],
  ]);
  const found = await measured(world, domain);
  t.is(found.weeks.length, 12);
  t.is(sentIn(t, found, first - 84), 50);
  t.is(
    found.weeks.reduce((sum, { sent }) => sum + sent, 0),
    50,
  );
});

onBothEngines('as many domains may be asked for as a queue has, more than a statement has places', async (t, world) => {
  const ids = Array.from({ length: 70_000 }, (_, nth) => nth + 1);
  t.is((await listWeekCounts(world.db, ids, world.now)).size, 0);
});
