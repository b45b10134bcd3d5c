// What a customer who waits reads of how long it usually takes: measured, never promised.
import ava from 'ava';
import fc from 'fast-check';
import { usualTime } from '../../src/requests/customer/usual-time.ts';
import { reference } from '../../src/requests/request.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const MINUTE = 60_000;

ava('at least half took at most so long, at least half no less, whatever their order', (t) => {
  const times = fc.array(fc.nat(5_000_000_000), { minLength: 10, maxLength: 80 });
  fc.assert(
    fc.property(times, fc.nat(), (took, turn) => {
      const usual = usualTime(took);
      if (usual === null) return false;
      const within = took.filter((ms) => ms <= usual.half).length;
      const beyond = took.filter((ms) => ms >= usual.half).length;
      const turned = took.toReversed().toSorted((one, other) => ((one ^ turn) >>> 0) - ((other ^ turn) >>> 0));
      return (
        usual.of === took.length &&
        2 * within >= took.length &&
        2 * beyond >= took.length &&
        took.includes(usual.half) &&
        usualTime(turned)?.half === usual.half
      );
    }),
  );
  t.pass();
});

ava('of fewer than ten decisions nothing is said', (t) => {
  t.is(usualTime([]), null);
  t.is(usualTime(Array.from({ length: 9 }, () => HOUR)), null);
  t.deepEqual(usualTime(Array.from({ length: 10 }, () => HOUR)), { half: HOUR, of: 10 });
});

/** Requests that were declined after `took` milliseconds each, up to `ago` days before now. */
async function decided(world: World, took: readonly number[], ago: number): Promise<void> {
  const account = await make.account(world, { name: `Birch ${ago}` });
  for (const ms of took) {
    const id = await make.requestIn(world, 'declined', account.admin);
    const at = world.now - ago * DAY;
    await world
      .db('requests')
      .where({ id })
      .update({ submitted_at: at - ms, decided_at: at });
  }
}

onBothEngines(
  'half of the requests like it: of its kind, of the last 60 days, while reviewers have it',
  async (t, world) => {
    await make.staff(world);
    await make.ips(world, 'us', 1);
    const { admin } = await make.account(world, { name: 'Ash' });
    const id = await make.request(world, admin);
    const customer = await world.signedIn(admin.email);
    const shown = async () => (await customer.get(`/requests/${reference(id)}`)).text;
    await decided(
      world,
      Array.from({ length: 9 }, (_, n) => (n + 1) * HOUR + 10 * MINUTE),
      59,
    );
    await decided(world, [DAY, DAY, DAY], 61);
    t.notRegex(await shown(), /Half of requests/, 'nine are too few');
    await decided(world, [20 * HOUR], 1);
    t.regex(await shown(), /Half of requests like yours are decided within 5 h 10 min \(10 of the last 60 days\)/);
    await make.approve(world, id);
    t.notRegex(await shown(), /Half of requests/);
  },
);
