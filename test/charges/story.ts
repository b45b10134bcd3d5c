// Two years of three accounts, drawn: what each buys, gives back and changes, and when months are closed; played by the acts
// that pages, files and jobs use.
import fc from 'fast-check';
import { findAccount } from '../../src/accounts/store.ts';
import { actIn } from '../../src/act.ts';
import { closeDueMonths, closeMonth, findOpenMonth, isOver } from '../../src/charges/actions.ts';
import { type Day, dayOf } from '../../src/day.ts';
import { runImports, stageImport } from '../../src/imports/actions.ts';
import { checkHoldings } from '../../src/imports/holdings/actions.ts';
import { addIps } from '../../src/ips/actions.ts';
import { applyDuePrices } from '../../src/ips/prices/actions.ts';
import { countFreeIps } from '../../src/ips/store.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { finishReleases } from '../../src/release/background.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { changeAccount, closeAccount, reopenAccount } from '../../src/requests/account/actions.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { findWarmupOf } from '../../src/warmup/store.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, START, type World } from '../support/world.ts';
import { Expected } from './expected.ts';

const DAYS = 730;
const PLANS = ['essentials', 'premium', 'enterprise'] as const;

const nth = fc.nat({ max: 9 });
const deed = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      name: fc.constant('buy' as const),
      count: fc.integer({ min: 1, max: 3 }),
      startsIn: fc.integer({ min: 0, max: 25 }),
      decidedAfter: fc.constantFrom(0, 0, 1, 4),
      warms: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ name: fc.constant('release' as const), nth, isStaff: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ name: fc.constant('plan' as const), plan: fc.constantFrom(...PLANS) }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('close' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      name: fc.constant('moveIn' as const),
      cents: fc.constantFrom(0, 5_000, 4_999, 1, 12_345),
      since: fc.integer({ min: 0, max: 400 }),
      chargedIn: fc.integer({ min: -60, max: 40 }),
      isGivenBack: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('warmAgain' as const), nth }) },
  {
    weight: 5,
    arbitrary: fc.record({
      name: fc.constant('closeMonth' as const),
      how: fc.constantFrom('job', 'job', 'staff', 'staff twice', 'two at once'),
    }),
  },
);
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;
type Of<Name extends Deed['name']> = Extract<Deed, { readonly name: Name }>;

const step = fc.record({
  after: fc.oneof(fc.constantFrom(0, 1, 30, 31), fc.integer({ min: 0, max: 60 })),
  /** When in its day (UTC milliseconds): in its first instant and its last, too. */
  at: fc.constantFrom(0, 9 * HOUR, 15 * HOUR, DAY - 1),
  account: fc.nat({ max: 2 }),
  /** Whether the background jobs have run before. */
  jobs: fc.boolean(),
  deed,
});

/** What happens in two years, one thing after the other. */
export const anyStory = fc.array(step, { minLength: 1, maxLength: 40 });
export type Story = typeof anyStory extends fc.Arbitrary<infer S> ? S : never;

type Stage = {
  readonly world: World;
  readonly expected: Expected;
  readonly accounts: readonly make.Account[];
  readonly staff: make.Staff;
};
type Scene = Stage & { readonly account: make.Account; readonly today: Day };

/**
 * Plays a story. `check` is called whenever months were closed by a desk whose jobs run. Returns what is expected at the end of
 * the two years, with all months closed.
 */
export async function play(
  world: World,
  story: Story,
  check: (expected: Expected) => Promise<void>,
): Promise<Expected> {
  const accounts = [await make.account(world), await make.account(world), await make.account(world)];
  const stage: Stage = { world, expected: new Expected(), accounts, staff: await make.staff(world) };
  for (const { id } of accounts) stage.expected.open(id, 'premium');
  const first = dayOf(START);
  let day = first;
  for (const one of story) {
    day = Math.max(day, dayOf(world.now)) + one.after;
    if (day > first + DAYS) break;
    world.now = Math.max(world.now, day * DAY + one.at);
    if (one.jobs) await runJobs(world);
    const account = accounts[one.account] as make.Account;
    await reopened(stage, account);
    const before = await countClosed(world);
    await act({ ...stage, account, today: dayOf(world.now) }, one.deed);
    if (one.jobs && (await countClosed(world)) > before) await check(stage.expected);
  }
  world.now = Math.max(world.now, (first + DAYS) * DAY);
  await runJobs(world);
  await closeDueMonths(world.db, world.now);
  return stage.expected;
}

const countClosed = async ({ db }: World): Promise<number> =>
  Number((await db('charge_months').whereNotNull('closed_at').count({ n: '*' }).first())?.['n']);

async function runJobs(world: World): Promise<void> {
  await finishReleases(world.db, world.deps.policy.document, world.now);
  await finishReleases(world.db, world.deps.policy.document, world.now);
  while ((await applyDuePrices(world.db, world.now)) > 0);
}

function act(scene: Scene, deed: Deed): Promise<void> {
  switch (deed.name) {
    case 'buy':
      return buy(scene, deed);
    case 'release':
      return release(scene, deed);
    case 'plan':
      return changePlan(scene, deed);
    case 'close':
      return close(scene);
    case 'moveIn':
      return moveIn(scene, deed);
    case 'warmAgain':
      return warmAgain(scene, deed);
    case 'closeMonth':
      return closeMonths(scene, deed);
  }
}

const done = (result: { readonly ok: boolean; readonly problem?: unknown }): void => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
};

async function versionOf({ world, account }: Pick<Scene, 'world' | 'account'>) {
  const found = await findAccount(world.db, account.id);
  if (!found) throw new Error('the account is gone');
  return found;
}

/** Somebody whose account is closed does nothing before it is open again. */
async function reopened({ world, staff }: Stage, account: make.Account): Promise<void> {
  const { id, status, version } = await versionOf({ world, account });
  if (status !== 'closed') return;
  done(await reopenAccount(world.db, { person: staff.admin, at: world.now }, { id, version, reason: '' }));
}

/** An address that nobody had yet. */
async function newAddress({ db }: World, ahead = 0): Promise<string> {
  const row = await db('ips').max({ id: 'id' }).first();
  return `2001:db8::${(Number(row?.['id'] ?? 0) + 1 + ahead).toString(16)}`;
}

async function addFree(world: World, count: number): Promise<void> {
  const addresses = await Promise.all(Array.from({ length: count }, (_, ahead) => newAddress(world, ahead)));
  const actor = { person: null, at: world.now };
  await world.db.transaction((trx) => addIps(actIn(trx, actor), addresses, 'us'));
}

async function buy({ world, expected, account, today }: Scene, { count, ...of }: Of<'buy'>): Promise<void> {
  const free = (await countFreeIps(world.db)).get('us') ?? 0;
  if (count > free) await addFree(world, count - free);
  const wish = { ipCount: count, startsOn: today + of.startsIn, automatedWarmup: of.warms };
  const id = await make.request(world, account.admin, wish);
  world.now += of.decidedAfter * DAY;
  await make.decided(world, id);
  const ids = await world.db('allocations').where({ request_id: id }).orderBy('id').pluck('id');
  const decided = dayOf(world.now);
  expected.bought(account.id, ids, {
    today: decided,
    first: of.warms ? Math.max(decided, today + of.startsIn) : decided,
  });
}

async function release(
  { world, expected, account, staff, today }: Scene,
  { nth, isStaff }: Of<'release'>,
): Promise<void> {
  const held = expected.holds(account.id);
  const one = held[nth % held.length];
  if (!one) return;
  const { document } = world.deps.policy;
  const found = await versionOf({ world, account });
  const effects = await gatherRelease(world.db, { document, at: world.now }, found, [one.id]);
  const form = { accountId: account.id, allocationId: one.id, seen: releaseBasis(effects), reason: 'No longer used.' };
  const person = isStaff ? staff.admin : account.billing;
  done(await releaseIp(world.db, { person, at: world.now }, document, form));
  expected.released(account.id, one.id, today);
}

async function changePlan({ world, expected, account, staff, today }: Scene, { plan }: Of<'plan'>): Promise<void> {
  const { id, name, region, version, plan: before } = await versionOf({ world, account });
  if (before === plan) return;
  const change = { id, name, region, version, plan };
  done(await changeAccount(world.db, { person: staff.admin, at: world.now }, world.deps.policy.document, change));
  expected.planChanged(id, plan, today);
}

async function close({ world, expected, account, staff, today }: Scene): Promise<void> {
  const { id, version } = await versionOf({ world, account });
  const { document } = world.deps.policy;
  const decision = { id, version, reason: 'The contract ended.' };
  done(await closeAccount(world.db, { person: staff.admin, at: world.now }, document, decision));
  expected.closed(id, today);
}

const iso = (day: Day): string => new Date(day * DAY).toISOString().slice(0, 10);

async function moveIn({ world, expected, account, staff, today }: Scene, of: Of<'moveIn'>): Promise<void> {
  const freed = of.isGivenBack ? await world.db('ips').where({ status: 'free' }).first('id', 'address') : undefined;
  const held = freed && (await world.db('allocations').where({ ip_id: freed.id }).max({ at: 'released_at' }).first());
  const after = held?.['at'] ? dayOf(Number(held['at'])) + 1 : 0;
  const since = Math.max(today - of.since, after);
  const first = Math.max(today + of.chargedIn, since, expected.earliest(today));
  const address = freed?.address ?? (await newAddress(world));
  const price = of.cents === 0 ? 'included' : (of.cents / 100).toFixed(2);
  const name = `${account.name},${account.domains[0]?.name}`;
  const line = `${address},us,${name},active,1000,,${iso(since)},${price},${iso(first)}`;
  const text = `address,region,customer,domains,state,per_day,target,since,price,charged_from\n${line}\n`;
  const rules = { policy: world.deps.policy.document, today, own: null };
  const file = (async function* () {
    yield Buffer.from(text);
  })();
  const { items, spool, rejectedLines } = await checkHoldings(world.db, rules, file);
  if (rejectedLines.length > 0) throw new Error(JSON.stringify([line, rejectedLines]));
  const ready = { kind: 'holdings' as const, file: 'ips.csv', items, invites: false, spool };
  await stageImport(world.db, { person: staff.admin, at: world.now }, ready);
  await spool.close();
  await runImports(world.deps);
  const row = await world.db('allocations').max({ id: 'id' }).first();
  expected.movedIn(account.id, row?.['id'], { today, first, cents: of.cents });
}

/** Two of the staff call an IP warm; nothing goes over it for more than a month; it warms up again. */
async function warmAgain({ world, expected, account, staff }: Scene, { nth }: Of<'warmAgain'>): Promise<void> {
  const policy = world.deps.policy.document;
  // Plans whose first day has come begin.
  await evaluateDue(world.db, policy, world.now);
  const held = expected.holds(account.id);
  const warmup = held.length === 0 ? undefined : await findWarmupOf(world.db, held[nth % held.length]?.id ?? 0);
  if (!warmup || warmup.status === 'planned') return;
  if (warmup.status !== 'complete') {
    const { id, status, stage, nextDay, early } = warmup;
    const seen = { status, stage, nextDay };
    for (const [name, person] of [['propose', staff.reviewer] as const, ['agree', staff.reviewer2] as const]) {
      if (name === 'propose' && early !== null) continue;
      done(await takeStaffStep(world.db, { person, at: world.now }, { id, name, seen, reason: 'Known.' }, policy));
    }
  }
  world.now += 40 * DAY;
  await evaluateDue(world.db, policy, world.now);
}

async function closeMonths({ world, staff }: Scene, { how }: Of<'closeMonth'>): Promise<void> {
  if (how === 'job') return void (await closeDueMonths(world.db, world.now));
  const actor = { person: staff.admin, at: world.now };
  for (;;) {
    const month = await findOpenMonth(world.db);
    if (month === null || !isOver(month, world.now)) return;
    const close = () => closeMonth(world.db, actor, month);
    if (how === 'two at once') for (const one of await Promise.all([close(), close()])) done(one);
    else done(await close());
    if (how === 'staff twice') done(await close());
  }
}
