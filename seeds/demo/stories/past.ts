// Requests that were carried out long ago, and the inventory that they were served from.
import { accept, ask, dedicatedIps, transactionalPool } from '../customer-steps.ts';
import type { Step } from '../desk.ts';
import { admin, jonas, rea } from '../people.ts';
import { approve, confirm, note, offer, serve, stock } from '../staff-steps.ts';
import type { When } from '../when.ts';

export const inventory = (when: When): Step[] => [
  stock(admin, when.day(340, '13:05'), 'us', '198.51.100', 10, 12),
  stock(admin, when.day(340, '13:20'), 'eu', '203.0.113', 10, 13),
  stock(admin, when.day(45, '08:45'), 'us', '198.51.100', 20, 49),
  serve(when.day(45, '08:46')),
];

// The plan of its third IP is through, and nobody has marked it complete yet.
const bigmail = (when: When): Step[] => {
  const domains = ['news.bigmail.example', 'offers.bigmail.example', 'account.bigmail.example'];
  const signup =
    'Double opt-in on every form since 2021. Account mail goes to everybody who has an account with one of our publishers.';
  return [
    ask(
      'bigmail-two',
      'owner@bigmail.example',
      when.day(198, '14:12'),
      dedicatedIps({
        ips: 2,
        region: 'us',
        stream: 'both',
        weekly: 2_100_000,
        peak: 2_900_000,
        startsIn: 3,
        domains,
        sends:
          'Daily news digests for eleven regional newspapers, a weekly offers mail from their advertisers, and account mail (sign-in codes, subscription receipts).',
        signup,
      }),
    ),
    approve('bigmail-two', rea, when.day(198, '16:40')),
    ask(
      'bigmail-third',
      'owner@bigmail.example',
      when.day(48, '13:02'),
      dedicatedIps({
        ips: 1,
        region: 'us',
        stream: 'both',
        weekly: 2_300_000,
        peak: 3_100_000,
        startsIn: 1,
        domains,
        sends:
          'The same as on our two IPs. Two more newspapers join next month, so we would like the third included IP.',
        signup,
      }),
    ),
    approve(
      'bigmail-third',
      jonas,
      when.day(48, '15:18'),
      'Clear case. The next block of addresses arrives this week.',
    ),
  ];
};

const acme = (when: When): Step[] => [
  ask(
    'acme-first',
    'owner@acme.example',
    when.day(152, '08:31'),
    dedicatedIps({
      ips: 1,
      region: 'us',
      stream: 'both',
      weekly: 140_000,
      peak: 210_000,
      startsIn: 2,
      domains: ['shop.acme.example', 'mail.acme.example'],
      sends:
        'Two campaigns a week about garden tools and seeds from shop.acme.example, order and delivery mail from mail.acme.example.',
      signup: 'At the checkout with an unticked box, and by the form in our footer. Both are confirmed by mail.',
    }),
  ),
  note('acme-first', rea, when.day(152, '12:04'), 'Complaints well under the limit for three months. Nothing to ask.'),
  approve('acme-first', rea, when.day(152, '12:06')),
];

const fernhill = (when: When): Step[] => [
  ask(
    'fernhill-ip',
    'c.moreau@fernhill.example',
    when.day(27, '15:22'),
    dedicatedIps({
      ips: 1,
      region: 'us',
      stream: 'both',
      weekly: 75_000,
      peak: 110_000,
      startsIn: 2,
      domains: ['fernhill.example'],
      sends: 'Course announcements to enrolled students and a monthly catalogue to former ones.',
      signup: 'Students agree when they enrol. Every mail has an unsubscribe link for the catalogue.',
    }),
  ),
  approve(
    'fernhill-ip',
    jonas,
    when.day(26, '09:10'),
    'DMARC is missing only because their university still has to approve the record; SPF and DKIM are aligned and I saw the ticket. Volume and complaints are fine.',
  ),
  confirm('fernhill-ip', rea, when.day(26, '13:47'), 'Agreed. I set a reminder to check DMARC again in two weeks.'),
];

const hearthPool = (when: When): Step[] => [
  ask(
    'hearth-pool',
    'tom@hearthandloom.example',
    when.day(41, '10:26'),
    transactionalPool({
      domain: 'orders.hearthandloom.example',
      weekly: 22_000,
      sends: 'Order confirmations, dispatch notes with tracking, and returns labels. Nothing else leaves this domain.',
      samples: ['Your order HL-20418 is confirmed', 'Your blanket is on its way', 'Your returns label'],
    }),
  ),
  approve('hearth-pool', jonas, when.day(41, '14:55'), 'Clean transactional stream, welcome to the pool.'),
];

const quickpostIp = (when: When): Step[] => [
  ask(
    'quickpost-ip',
    'arjun@quickpost.example',
    when.day(8, '06:15'),
    dedicatedIps({
      ips: 2,
      region: 'us',
      stream: 'marketing',
      weekly: 70_000,
      peak: 90_000,
      startsIn: 1,
      domains: ['quickpost.example'],
      sends: 'Weekly mail to shops that ship with us: rate changes, pick-up times on holidays, new routes.',
      signup: 'Shops opt in when they open a courier account; they choose topics in their settings.',
    }),
  ),
  offer(
    'quickpost-ip',
    rea,
    when.day(8, '13:30'),
    1,
    'Your 66,000 emails a week keep one IP warm, not two. We gladly give you one now; ask again when you send 100,000 a week.',
  ),
  accept('quickpost-ip', 'leela@quickpost.example', when.day(6, '05:48')),
];

export const past = (when: When): Step[] => [
  ...inventory(when),
  ...bigmail(when),
  ...acme(when),
  ...fernhill(when),
  ...hearthPool(when),
  ...quickpostIp(when),
];
