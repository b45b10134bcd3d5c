import test from 'ava';
import { prefillDedicated, prefillPool, typedAgain } from '../../src/requests/customer/prefill.ts';
import { readDedicated, readPool } from '../../src/requests/form.ts';
import type { Answers } from '../../src/requests/request.ts';
import { customerio, sendgrid } from '../policy/facts.ts';

const TODAY = 20_780;
const news = { id: 1, usage: 'marketing', route: 'default', weekly: 60_000 } as const;
const shop = { id: 2, usage: 'both', route: 'dedicated', weekly: 120_000 } as const;
const pay = { id: 3, usage: 'transactional', route: 'default', weekly: 30_000 } as const;
const pooled = { id: 4, usage: 'transactional', route: 'transactional', weekly: 9_000 } as const;
const silent = { id: 5, usage: 'marketing', route: 'default', weekly: null } as const;

test('a form for IPs starts with all domains outside the pool, their measured volume, the region, and today', (t) => {
  t.deepEqual(prefillDedicated([news, shop, pooled], 'eu', TODAY), {
    domains: ['1', '2'],
    ipCount: '1',
    weeklyVolume: '180,000',
    region: 'eu',
    stream: 'both',
    startsOn: '2026-11-23',
  });
});

test('domains of one use say what goes over the IPs; nothing measured leaves the volume open', (t) => {
  t.like(prefillDedicated([news, silent], 'eu', TODAY), { stream: 'marketing', weeklyVolume: '60,000' });
  t.like(prefillDedicated([silent], 'eu', TODAY), { weeklyVolume: '' });
  t.like(prefillDedicated([], undefined, TODAY), { domains: [], stream: 'both', weeklyVolume: '' });
});

test('C-04: a form for the pool starts with a transactional domain that is not in it', (t) => {
  t.deepEqual(prefillPool([news, pooled, pay]), { domain: '3', weeklyVolume: '30,000' });
  t.deepEqual(prefillPool([news, pooled]), {});
});

const earlier: Answers = {
  kind: 'dedicated_ip',
  ipCount: 2,
  region: 'eu',
  stream: 'both',
  startsOn: TODAY - 30,
  weeklyVolume: 180_000,
  peakWeeklyVolume: 250_000,
  sends: 'News & <more>',
  signup: 'In the shop.',
  mailing: { everyDays: 7, weekdays: [0, 3], busiest: 120_000 },
  automatedWarmup: true,
  domainIds: [],
};

test('an earlier request is typed again with every answer, and its start becomes today', (t) => {
  const read = readDedicated(typedAgain(earlier, [1, 2], TODAY), customerio, TODAY, () => false);
  t.deepEqual(read.ok && read.value, { ...earlier, startsOn: TODAY, domainIds: [1, 2] });
});

test('S-15: an earlier request without automated warm-up is typed again without it', (t) => {
  const own = { ...earlier, ipCount: 1, automatedWarmup: false };
  const read = readDedicated(typedAgain(own, [1, 2], TODAY), sendgrid, TODAY, () => false);
  t.deepEqual(read.ok && read.value, { ...own, startsOn: TODAY, domainIds: [1, 2] });
});

test('an earlier request for the pool is typed again, but the consequence has to be confirmed again', (t) => {
  const answers: Answers = { kind: 'transactional_pool', weeklyVolume: 1, sends: 'a', samples: 'b', domainIds: [] };
  const typed = typedAgain(answers, [3], TODAY);
  t.false(readPool(typed).ok);
  const read = readPool({ ...typed, confirmed: 'yes' });
  t.deepEqual(read.ok && read.value, { ...answers, domainIds: [3] });
});
