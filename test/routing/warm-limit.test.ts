// S-26: an IP is warm up to a volume: what is much more goes the way that the mail had. The rule alone.
import test from 'ava';
import { dayOf } from '../../src/day.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { egressToday } from '../../src/routing/egress-today.ts';
import { route } from '../../src/routing/route.ts';
import { ip, planState, policy, sender, withOverflow } from './senders.ts';

const warmed = ip(1, { warmup: planState(500, 1000, { status: 'complete', stage: 2, warmedTo: 1_000 }) });
const full = () => 0;

test('S-16: a policy that only tells, or has no pool to give, holds nothing of a warm IP back', (t) => {
  const from = sender({ ips: [warmed] });
  const ask = { stream: 'marketing', message: 'm', to: [{ provider: 'gmail', count: 1 }] } as const;
  t.like(route(from, ask, policy, full), { via: 'pool', pool: { key: 'shared-us' }, why: 'beyond-warm' });
  const tells = { ...policy, warmup: { ...policy.warmup, warm: { value: 'alarm', rule: 'own choice' } as const } };
  t.like(route(from, ask, tells, full), { via: 'ip', why: 'ip-warm', cap: null });
  t.like(route(from, ask, withOverflow('warm-ips', 'wait'), full), { via: 'ip', why: 'ip-warm', cap: null });
  t.like(route(from, ask, withOverflow('wait', 'pool'), full), { via: 'ip', why: 'ip-warm', cap: null });
  const sendgrid = loadPolicy(policyPath('sendgrid'));
  if (!sendgrid.ok) return t.fail();
  t.like(route(from, ask, sendgrid.value, full), { via: 'ip', why: 'ip-warm', cap: null });
});

test('S-26: a warm IP carries a message for exactly as many as are left, and none for one more', (t) => {
  const ask = (count: number) => ({ stream: 'marketing', message: 'm', to: [{ provider: 'gmail', count }] }) as const;
  const answer = (count: number) => route(sender({ ips: [warmed] }), ask(count), policy, () => 3);
  t.like(answer(3), { via: 'ip', left: 3 });
  t.like(answer(4), { via: 'pool', why: 'beyond-warm' });
});

test('S-26: of several warm IPs one with room is taken, and only one whose level is known has a limit', (t) => {
  const other = ip(2, { warmup: warmed.warmup });
  const from = sender({ ips: [warmed, other] });
  const ask = (message: string) => ({ stream: 'marketing', message, to: [{ provider: 'gmail', count: 1 }] }) as const;
  for (const message of ['a', 'b', 'c', 'd']) {
    const answer = route(from, ask(message), policy, ({ id }) => (id === 2 ? 5 : 0));
    t.like(answer, { via: 'ip', ip: { id: 2 }, cap: 2_000, left: 5 });
  }
  const free = sender({ ips: [warmed, ip(3)] });
  for (const message of ['a', 'b', 'c', 'd']) t.like(route(free, ask(message), policy, full), { ip: { id: 3 } });
});

test('the Mail Servers page says up to what an IP is warm', (t) => {
  const today = dayOf(Date.UTC(2026, 10, 28));
  const { lines } = egressToday(sender({ ips: [warmed] }), policy, new Map([[1, 300]]), today);
  t.like(lines, [{ over: '192.0.2.1', share: 1, cap: 2_000, left: 1_700 }]);
  t.is(lines[0]?.why, 'Warm: its busiest day lately had 1,000 messages. Mail far above that goes over shared-us.');
  const warmup = warmed.warmup && { ...warmed.warmup, slowed: { microsoft: 300 } };
  const limited = egressToday(sender({ ips: [{ ...warmed, warmup }] }), policy, new Map(), today);
  t.regex(limited.lines[0]?.why ?? '', / At most 300 a day to Outlook\.com, which deferred or bounced mail\.$/);
});
