// Open requests that wait for the customer, for a free IP, or for a second reviewer.
import { ask, dedicatedIps, transactionalPool } from '../customer-steps.ts';
import type { Step } from '../desk.ts';
import { jonas, rea } from '../people.ts';
import { approve, askBack, note, offer } from '../staff-steps.ts';
import type { When } from '../when.ts';

const lumen = (when: When): Step[] => {
  const domains = ['lumen-energie.example', 'rechnung.lumen-energie.example'];
  const signup = 'Customers of ours, by contract for bills; the monthly energy letter only after confirmed opt-in.';
  return [
    ask(
      'lumen-first',
      'd.brandt@lumen-energie.example',
      when.day(205, '09:34'),
      dedicatedIps({
        ips: 1,
        region: 'eu',
        stream: 'both',
        weekly: 290_000,
        peak: 380_000,
        startsIn: 4,
        domains,
        sends: 'Bills and payment reminders, and a monthly letter with advice on saving energy.',
        signup,
      }),
    ),
    approve('lumen-first', jonas, when.day(205, '15:12')),
    ask(
      'lumen-four',
      'd.brandt@lumen-energie.example',
      when.day(4, '08:20'),
      dedicatedIps({
        ips: 4,
        region: 'eu',
        stream: 'both',
        weekly: 330_000,
        peak: 620_000,
        startsIn: 14,
        domains,
        sends:
          'We take over the customers of two municipal utilities on the first of the quarter. Their bills come to us in two waves, which is why we want to separate bills and letters over five IPs.',
        signup,
      }),
    ),
    note(
      'lumen-four',
      rea,
      when.day(4, '11:05'),
      'Only three are free in the EU. Ana has ordered a block; delivery in about ten days.',
    ),
    approve(
      'lumen-four',
      rea,
      when.day(4, '11:20'),
      'Approved for all four. You get them as soon as our new EU addresses arrive.',
    ),
  ];
};

const cobalt = (when: When): Step[] => [
  ask(
    'cobalt-ips',
    'leticia@cobaltgames.example',
    when.day(5, '18:04'),
    dedicatedIps({
      ips: 4,
      region: 'us',
      stream: 'marketing',
      weekly: 150_000,
      peak: 260_000,
      startsIn: 10,
      domains: ['cobaltgames.example'],
      sends: 'News of our four games. We would like one IP for each game, so that they do not affect each other.',
      signup: 'Players choose in their profile which games they want mail about.',
    }),
  ),
  offer(
    'cobalt-ips',
    jonas,
    when.day(4, '16:50'),
    2,
    'Four IPs need 200,000 emails a week; you send about 138,000. Two of them you can keep warm, for instance one for each pair of games.',
  ),
];

const maple = (when: When): Step[] => [
  ask(
    'maple-ip',
    'hannah@mapleandrye.example',
    when.day(3, '16:12'),
    dedicatedIps({
      ips: 1,
      region: 'us',
      stream: 'marketing',
      weekly: 58_000,
      peak: 75_000,
      startsIn: 7,
      domains: ['mapleandrye.example'],
      sends:
        'The bread of the week (Tuesday), baking classes (Thursday), and from this month a letter for our three new shops.',
      signup: 'The form on our site, confirmed by mail. We gave up the sheet at the counter.',
    }),
  ),
  askBack(
    'maple-ip',
    rea,
    when.day(2, '10:45'),
    'Well done with the volume. Your domain still has no DMARC record, though: who looks after your DNS, and can they add "v=DMARC1; p=none; rua=mailto:dmarc@mapleandrye.example" this week?',
  ),
];

const fernhill = (when: When): Step[] => [
  ask(
    'fernhill-pool',
    'g.ellis@fernhill.example',
    when.day(2, '17:38'),
    transactionalPool({
      domain: 'alerts.fernhill.example',
      weekly: 16_000,
      sends: 'Changed lecture rooms, cancelled lectures and exam results. Sent the minute they are known.',
      samples: [
        'Room change: Organic Chemistry, today 14:00',
        'Your result for STAT-201 is in',
        'Five courses you might like',
      ],
    }),
  ),
  askBack(
    'fernhill-pool',
    jonas,
    when.day(1, '14:20'),
    '"Five courses you might like" is a recommendation, so it cannot go over this pool. Can you send it from fernhill.example instead?',
  ),
];

const solstice = (when: When): Step[] => [
  ask(
    'solstice-ip',
    'rui@solstice.example',
    when.hours(19.4),
    dedicatedIps({
      ips: 1,
      region: 'eu',
      stream: 'marketing',
      weekly: 62_000,
      peak: 180_000,
      startsIn: 5,
      domains: ['solstice.example'],
      sends:
        'Announcements and presales for eighteen festivals. The season opens in two weeks, with three mails a week until then.',
      signup: 'At ticket sales, with a box to tick, confirmed by mail. About 4,000 new ones a week.',
    }),
  ),
  approve(
    'solstice-ip',
    rea,
    when.sinceMidnight(4.5),
    'They are 3,200 a week short, and the list grows by 4,000 people a week; with the season they pass 50,000 before warm-up is half done. Clean numbers all year.',
  ),
];

const quickpost = (when: When): Step[] => [
  ask(
    'quickpost-pool',
    'arjun@quickpost.example',
    when.hours(21.2),
    transactionalPool({
      domain: 'track.quickpost.example',
      weekly: 145_000,
      sends: 'Tracking mail: picked up, out for delivery, delivered, with the photo of the doorstep.',
      samples: [
        'Out for delivery: parcel QP-77120',
        'Delivered to your neighbour in flat 4',
        'We missed you: choose a new day',
      ],
    }),
  ),
  note(
    'quickpost-pool',
    jonas,
    when.sinceMidnight(3),
    'Looked at 200 bounces: nearly all are typing errors that shops make in parcel forms.',
  ),
  approve(
    'quickpost-pool',
    jonas,
    when.sinceMidnight(2.6),
    'The bounce rate is 2.6 %, from addresses that shops mistype. They start checking them on Monday, and there are hardly any complaints.',
  ),
];

export const waiting = (when: When): Step[] => [
  ...lumen(when),
  ...cobalt(when),
  ...maple(when),
  ...fernhill(when),
  ...solstice(when),
  ...quickpost(when),
];
