// S-20, S-26: what an export limits besides a day's cap: an hour of a plan by the hour, and an IP that is warm.
import test from 'ava';
import { exportedFrom } from '../../../src/routing/export/input.ts';
import { kumomta } from '../../../src/routing/export/kumomta.ts';
import type { Ip } from '../../../src/routing/sending-domain.ts';
import { ip, planState, policy, sender, warming, withOverflow } from '../senders.ts';
import { type Audience, companies, consumers, DAY, kumo, type Message, mailing, TODAY } from './server.ts';

const MORNING = TODAY * DAY + 9 * 3600;

/** An IP that completed its warm-up and is warm to 300 messages a day, so that it may carry 600. */
const warm = (id: number, slowed: Readonly<Record<string, number>> = {}): Ip =>
  ip(id, { warmup: planState(100, 1000, { status: 'complete', stage: 2, warmedTo: 300, slowed }) });

/** How many of these messages went over each source. */
async function over(ips: readonly Ip[], messages: readonly Message[]): Promise<Record<string, number>> {
  const server = await kumo(ips);
  const counts: Record<string, number> = {};
  const tenants = server.tenants(messages.length);
  for (const [n, message] of messages.entries()) {
    const source = server.send(tenants[n] ?? '', message) ?? 'the queue';
    counts[source] = (counts[source] ?? 0) + 1;
  }
  server.close();
  return counts;
}

/** How many went over a pool's addresses. */
const pooled = (counts: Readonly<Record<string, number>>): number =>
  (counts['ip-198-51-100-1'] ?? 0) + (counts['ip-198-51-100-2'] ?? 0);

for (const [whom, audience] of Object.entries({ consumers, companies })) {
  test(`C-17, S-26: a warm IP carries all mail to ${whom} up to twice its level, what is more goes over the pool`, async (t) => {
    const within = await over([warm(1)], mailing(570, MORNING, 3600, audience));
    t.deepEqual(within, { 'ip-192-0-2-1': 570 });
    const beyond = await over([warm(1)], mailing(1_500, MORNING, 3600, audience));
    const carried = beyond['ip-192-0-2-1'] ?? 0;
    t.true(carried >= 0.95 * 600 && carried <= 600, `${carried} of 600`);
    t.is(carried + pooled(beyond), 1_500, 'nothing waits');
  });
}

test('S-26: a limit that a completed IP has for one mailbox provider is kept there alone', async (t) => {
  const half: Audience = (n) => (n % 2 === 0 ? 'outlook.com' : 'gmail.com');
  const counts = await over([warm(1, { microsoft: 60 })], mailing(400, MORNING, 3600, half));
  const carried = counts['ip-192-0-2-1'] ?? 0;
  t.true(carried > 200 + 0.9 * 60 && carried <= 260, `${carried} of 200 and 60`);
  t.is(carried + pooled(counts), 400);
});

test('S-26: of several warm IPs each has its limit, and a new one beside a warm one its cap', async (t) => {
  const two = await over([warm(1), warm(3)], mailing(2_000, MORNING, 3600, consumers));
  for (const name of ['ip-192-0-2-1', 'ip-192-0-2-3'])
    t.true((two[name] ?? 0) >= 0.95 * 600 && (two[name] ?? 0) <= 600, `${name}: ${two[name]}`);
  t.is(pooled(two) + (two['ip-192-0-2-1'] ?? 0) + (two['ip-192-0-2-3'] ?? 0), 2_000);
  const beside = await over([warm(1), warming(2, 200, 1_000)], mailing(2_000, MORNING, 3600, consumers));
  t.true((beside['ip-192-0-2-2'] ?? 0) >= 0.9 * 200 && (beside['ip-192-0-2-2'] ?? 0) <= 200);
  t.true((beside['ip-192-0-2-1'] ?? 0) >= 0.9 * 600 && (beside['ip-192-0-2-1'] ?? 0) <= 600);
});

test('S-20: a plan by the hour gives 20 messages in its first hour, not 480 at once, and as many in the next', async (t) => {
  const plan = { schedule: 'sendgrid', targetPerDay: 4_000, startsOn: TODAY, finishesOn: TODAY + 20, byHour: true };
  const warmup = planState(480, 4_000, { plan: { ...plan, caps: [480, 4_000] } });
  const hourly = [warming(2, 480, 4_000, { warmup })];
  const first = await over(hourly, mailing(4_000, MORNING, 3_599, consumers));
  const carried = first['ip-192-0-2-2'] ?? 0;
  t.true(carried >= 18 && carried <= 20, `${carried} in an hour`);
  const three = (await over(hourly, mailing(4_000, MORNING, 3 * 3_600 - 1, consumers)))['ip-192-0-2-2'] ?? 0;
  t.true(three >= 54 && three <= 60, `${three} in three hours`);
});

test('S-20, S-26: what an hour or a slowed provider refuses uses up neither the day nor the hour', async (t) => {
  const plan = { schedule: 'sendgrid', targetPerDay: 4_000, startsOn: TODAY, finishesOn: TODAY + 20, byHour: true };
  const stages = { ...plan, caps: [96, 192, 4_000] };
  for (const [carried, stage] of [
    [1_000_000, 1],
    // The day's cap is below its stage, of which the hour's is a part.
    [40, 2],
  ] as const) {
    const warmup = planState(96, 4_000, { plan: stages, stage, carried, slowed: { gmail: 10 } });
    const hourly = [warming(2, 96, 4_000, { warmup })];
    const hourCap = Math.ceil((stage * 96) / 24);
    const half: Audience = (n) => (n % 2 === 0 ? 'gmail.com' : 'outlook.com');
    const hours = Math.ceil(96 / hourCap);
    const all = await over(hourly, mailing(2_000 * hours, MORNING - 9 * 3_600, hours * 3_600 - 1, half));
    const sent = all['ip-192-0-2-2'] ?? 0;
    t.true(sent >= 0.85 * 96 && sent <= 96, `${sent} of 96 in ${hours} hours of ${hourCap}`);
  }
});

test('S-16: a warm IP without a pool behind it is not limited, nor where the policy tells of it only', (t) => {
  const account = { ips: [warm(1)] };
  const from = [sender({ ips: account.ips, account })];
  const ratesBy = (of: typeof policy) =>
    Object.keys(JSON.parse(kumomta(exportedFrom(from, { policy: of, today: TODAY, helo: null }))).rates);
  t.deepEqual(ratesBy(policy), ['ip-192-0-2-1']);
  const tells = { ...policy, warmup: { ...policy.warmup, warm: { value: 'alarm', rule: 'own choice' } as const } };
  t.deepEqual(ratesBy(tells), []);
  t.deepEqual(ratesBy(withOverflow('warm-ips', 'wait')), []);
});
