// The demo: a provider with its customers, made by calling the actions, each at a time in the past.
import { hashPassword } from '../src/accounts/password.ts';
import { act } from '../src/act.ts';
import { type Db, lockSubject } from '../src/database.ts';
import type { Deps } from '../src/deps.ts';
import { settlePast } from '../src/notifications/actions.ts';
import { slidePools } from '../src/sending/pools/background.ts';
import { tried } from './demo/accounts.ts';
import type { Desk, Step } from './demo/desk.ts';
import { keepFiles } from './demo/files.ts';
import { others } from './demo/more-accounts.ts';
import { staff } from './demo/people.ts';
import { spreadOverPools } from './demo/pools.ts';
import { openings } from './demo/setup.ts';
import { closed } from './demo/stories/closed.ts';
import { fresh } from './demo/stories/fresh.ts';
import { inventory, past } from './demo/stories/past.ts';
import { rules } from './demo/stories/rules.ts';
import { waiting } from './demo/stories/waiting.ts';
import { warming } from './demo/stories/warming.ts';
import { assignments, subusers } from './demo/subusers.ts';
import { handOutToday } from './demo/today.ts';
import { leaveRestToPools, mornings } from './demo/warming.ts';
import { warmers } from './demo/warming-accounts.ts';
import { type When, whenFrom } from './demo/when.ts';

const PASSWORD = 'warmdesk-demo';

/** Days ago; nobody of the demo joined earlier. */
const BEFORE_ANYTHING = 350;

/** The policy whose plans and limits the stories are written for. */
const TOLD_UNDER = 'customerio';

/**
 * Fills an empty database with the demo provider and returns whether it did. Nothing is in the future of `deps.now()`.
 * One transaction: a process that is killed leaves the database as empty as it was.
 */
export async function seedDemo(deps: Deps): Promise<boolean> {
  if (!(await isEmpty(deps.db))) return false;
  const passwordHash = await hashPassword(PASSWORD, deps.passwordMemory);
  const when = whenFrom(deps.now());
  const steps = stepsOf(when, deps.policy.name);
  // What is kept for nothing, as another process was faster, is removed at night.
  const files = deps.policy.name === TOLD_UNDER ? await keepFiles(deps.config.attachmentsDir) : new Map();
  const seeded = await act<boolean, never>(deps.db, { person: null, at: deps.now() }, async ({ trx }) => {
    // Another process may be starting on the same empty database.
    await lockSubject(trx, 'demo', 0);
    if (!(await isEmpty(trx))) return false;
    const desk: Desk = {
      trx,
      policy: deps.policy,
      passwordHash,
      people: new Map(),
      domains: new Map(),
      requests: new Map(),
      files,
      sent: new Map(),
      warmed: new Map(),
      begun: new Map(),
      uses: new Map(),
    };
    for (const step of steps) await step.take(desk);
    await leaveRestToPools(desk, when);
    await spreadOverPools(desk, when);
    await handOutToday(desk, when);
    await settlePast(trx);
    return true;
  });
  if (!seeded.ok || !seeded.value) return false;
  await deps.reload();
  await slidePools(deps.db, deps.now());
  return true;
}

/**
 * When the policy came into force, for one that is adopted at the instant `now`: on an empty database early enough for
 * the oldest request of the demo.
 */
export async function policySince(db: Db, now: number): Promise<number> {
  return (await isEmpty(db)) ? whenFrom(now).day(BEFORE_ANYTHING, '09:00') : now;
}

/** Everything that happened, in the order in which it did; under other policies than the stories' nobody asked for anything yet. */
function stepsOf(when: When, policy: string): Step[] {
  const accounts = [...tried, ...others, ...warmers, ...subusers].flatMap((account, index) =>
    openings(account, when, index),
  );
  const stories =
    policy === TOLD_UNDER ? [rules, past, warming, closed, waiting, fresh, assignments, mornings] : [inventory];
  const steps = [...staff(when), ...accounts, ...stories.flatMap((story) => story(when))];
  return steps.sort((one, other) => one.at - other.at);
}

async function isEmpty(db: Db): Promise<boolean> {
  const found = [await db('people').first('id'), await db('accounts').first('id')];
  return found.every((row) => row === undefined);
}
