import test from 'ava';
import type { EventName } from '../../src/audit/event.ts';
import { type HistoryEntry, timeline } from '../../src/requests/history.ts';

const APPROVAL = { monthlyCents: 5000, currency: 'USD', region: 'us', granted: 1 };
const entry = (name: EventName, actor: string | null, body: string | null, facts = {}): HistoryEntry => ({
  name,
  at: 1,
  facts,
  body,
  actor,
});
const fulfilled = (step: string, actor: string | null) =>
  entry('request.fulfilled', actor, 'secret reason', {
    ...APPROVAL,
    step,
    addresses: ['198.18.0.1'],
    domains: ['a.example'],
  });

const EVERYTHING: HistoryEntry[] = [
  entry('request.submitted', 'Carla Customer', null, { reference: 'WD-1001' }),
  entry('request.asked', 'Rita Reviewer', 'How much?'),
  entry('request.answered', 'Carla Customer', 'This much.'),
  entry('request.noted', 'Rita Reviewer', 'secret note'),
  entry('request.proposed', 'Rita Reviewer', 'secret reason', { failedChecks: ['secret check'] }),
  entry('request.sentBack', 'Sven Second', 'secret reason'),
  entry('request.offered', 'Rita Reviewer', 'Two would rest.', { asked: 2, granted: 1 }),
  entry('request.waitlisted', 'Carla Customer', null, { ...APPROVAL, step: 'accept' }),
  entry('request.waitlisted', 'Rita Reviewer', 'secret reason', { ...APPROVAL, step: 'approve' }),
  fulfilled('serve', null),
  fulfilled('approve', 'Rita Reviewer'),
  fulfilled('confirm', 'Sven Second'),
  entry('request.declined', 'Rita Reviewer', 'Too little mail.'),
  entry('request.withdrawn', 'Carla Customer', null),
  entry('request.expired', null, null, { waitedForDays: 14 }),
];

test('customers never read notes, the reasons of proposals and approvals, or the names of staff', (t) => {
  const read = JSON.stringify(timeline(EVERYTHING, { staff: false }));
  for (const hidden of ['secret', 'Rita', 'Sven', 'wrote a note']) t.false(read.includes(hidden), hidden);
});

test('R-09: customers read every message that was exchanged with them, and who of them wrote it', (t) => {
  const read = JSON.stringify(timeline(EVERYTHING, { staff: false }));
  for (const shown of ['How much?', 'This much.', 'Two would rest.', 'Too little mail.', 'Carla Customer']) {
    t.true(read.includes(shown), shown);
  }
  t.is(timeline(EVERYTHING, { staff: false }).length, EVERYTHING.length - 1, 'all but the note');
});

test('staff read everything, with what is internal marked', (t) => {
  const read = timeline(EVERYTHING, { staff: true });
  t.is(read.length, EVERYTHING.length);
  for (const one of read) t.is(one.internal === true, one.body?.startsWith('secret') === true, one.what);
  t.true(read.some((one) => one.who === 'Sven Second' && one.what.startsWith('agreed as second reviewer')));
});

test('what Warmdesk did by itself has nobody’s name', (t) => {
  const [served] = timeline([fulfilled('serve', null)], { staff: false });
  t.is(served?.who, null);
  t.is(served?.what, 'served it from the waitlist: 198.18.0.1, $50 a month; warm-up is planned');
});

test('a customer who accepts an offer is named, also when it then waits for an IP', (t) => {
  const entries = [fulfilled('accept', 'Carla Customer'), EVERYTHING[7] as HistoryEntry];
  for (const one of timeline(entries, { staff: false })) t.is(one.who, 'Carla Customer');
});

test('a domain in the transactional pool has no address and no price', (t) => {
  const moved = entry('request.fulfilled', 'Rita', null, { step: 'approve', addresses: [], domains: ['pay.example'] });
  t.is(timeline([moved], { staff: false })[0]?.what, 'approved it: pay.example is in the transactional pool');
});
