// Open requests that wait for a reviewer: due later, due soon, overdue.
import { answer, ask, comment, dedicatedIps, transactionalPool } from '../customer-steps.ts';
import type { Step } from '../desk.ts';
import { OPT_IN_LOG } from '../files.ts';
import { rea } from '../people.ts';
import { askBack, note, tick } from '../staff-steps.ts';
import type { When } from '../when.ts';
import { ASKED_FOR, NO_ADVERT } from './rules.ts';

const hearth = (when: When): Step[] => [
  ask(
    'hearth-ip',
    'priya@hearthandloom.example',
    when.hours(3.1),
    dedicatedIps({
      ips: 1,
      region: 'eu',
      stream: 'marketing',
      weekly: 95_000,
      peak: 140_000,
      startsIn: 7,
      domains: ['hearthandloom.example'],
      sends:
        'Two mails a week: new weaves on Tuesday, and on Thursday how to care for them. Before the sales a third one.',
      signup: 'Newsletter form with confirmation by mail, and customers who tick the box at the checkout.',
    }),
  ),
];

const nordlys = (when: When): Step[] => [
  ask(
    'nordlys-ip',
    'sigrid@nordlysreiser.example',
    when.hours(22.3),
    dedicatedIps({
      ips: 1,
      region: 'eu',
      stream: 'both',
      weekly: 35_000,
      peak: 60_000,
      startsIn: 3,
      domains: ['nordlysreiser.example'],
      sends: 'Trips to see the northern lights: a letter every second week, and booking confirmations.',
      signup: 'At booking, and by a form at travel fairs that we confirm by mail afterwards.',
    }),
  ),
];

const kitebox = (when: When): Step[] => [
  ask(
    'kitebox-ips',
    'jun@kitebox.example',
    when.hours(28.6),
    dedicatedIps({
      ips: 2,
      region: 'us',
      stream: 'both',
      weekly: 250_000,
      peak: 400_000,
      startsIn: 5,
      domains: ['kitebox.example'],
      sends:
        'Product updates for people who store files with us, and from next week the mail of Paperkite, which we have bought: 130,000 subscribers, weekly.',
      signup:
        'Kitebox: setting in the account, off by default. Paperkite: double opt-in, we have the log with dates and addresses.',
    }),
  ),
  comment(
    'kitebox-ips',
    'jun@kitebox.example',
    when.hours(26.9),
    'Here is how the log of Paperkite’s double opt-in begins. You can have all of it.',
    [OPT_IN_LOG],
  ),
  ask(
    'kitebox-pool',
    'finance@kitebox.example',
    when.hours(7.8),
    transactionalPool({
      domain: 'notify.kitebox.example',
      weekly: 260_000,
      sends: 'Notices that somebody shared a file with you, sign-in codes, and invoices.',
      samples: ['Jun shared "Q3 plan.pdf" with you', 'Your sign-in code is 481 220', 'Invoice KB-2291'],
    }),
  ),
  tick('kitebox-pool', rea, when.hours(5.2), [ASKED_FOR, NO_ADVERT]),
  note(
    'kitebox-pool',
    rea,
    when.hours(5.1),
    '@Jonas, you know their set-up: does anything but these three go out from notify.kitebox.example?',
  ),
];

const maple = (when: When): Step[] => [
  ask(
    'maple-pool',
    'hannah@mapleandrye.example',
    when.day(2, '15:26'),
    transactionalPool({
      domain: 'order.mapleandrye.example',
      weekly: 200,
      sends: 'Confirmations of cake orders, and a reminder on the day of pick-up. We started with this in spring.',
      samples: ['Your cake order for Saturday', 'Pick up your cake today until 18:00'],
    }),
  ),
  askBack(
    'maple-pool',
    rea,
    when.day(1, '09:30'),
    'You send 180 of these a week, too few for us to judge bounces by. Do people confirm their address when they order?',
  ),
  answer(
    'maple-pool',
    'hannah@mapleandrye.example',
    when.hours(1.6),
    'Yes: they pay online, and the payment only goes through after they clicked a link in a mail. We had two bounces since we began.',
  ),
];

const insider = (when: When): Step[] => [
  ask(
    'insider-ip',
    'insider@warmdesk.example',
    when.hours(11.5),
    dedicatedIps({
      ips: 1,
      region: 'us',
      stream: 'marketing',
      weekly: 66_000,
      peak: 80_000,
      startsIn: 14,
      domains: ['news.warmdesk.example'],
      sends:
        'Our own newsletter about deliverability, every Wednesday. We want to live with what we tell customers to do.',
      signup: 'The form on our site, confirmed by mail; customers are not added by themselves.',
    }),
  ),
];

export const fresh = (when: When): Step[] => [
  ...kitebox(when),
  ...nordlys(when),
  ...insider(when),
  ...maple(when),
  ...hearth(when),
];
