// Requests that ended without an IP: declined, withdrawn, never answered, or about the pool alone.
import { answer, ask, dedicatedIps, transactionalPool, withdraw } from '../customer-steps.ts';
import type { Step } from '../desk.ts';
import { jonas, rea } from '../people.ts';
import { approve, askBack, decline, expire, note } from '../staff-steps.ts';
import type { When } from '../when.ts';

const hearthExpired = (when: When): Step[] => [
  ask(
    'hearth-early',
    'priya@hearthandloom.example',
    when.day(78, '11:40'),
    dedicatedIps({
      ips: 2,
      region: 'eu',
      stream: 'marketing',
      weekly: 200_000,
      peak: 320_000,
      startsIn: 10,
      domains: ['hearthandloom.example'],
      sends: 'Our autumn campaigns.',
      signup: 'Customers and newsletter readers.',
    }),
  ),
  askBack(
    'hearth-early',
    rea,
    when.day(77, '09:15'),
    'You expect 200,000 emails a week and sent about 80,000 in each of the last weeks. What brings the rest, and from when on?',
  ),
  expire(when.day(63, '09:20')),
];

const lumenPool = (when: When): Step[] => [
  ask(
    'lumen-pool',
    'd.brandt@lumen-energie.example',
    when.day(49, '12:10'),
    transactionalPool({
      domain: 'konto.lumen-energie.example',
      weekly: 18_000,
      sends: 'Sign-in codes and meter readings for the customer portal.',
      samples: ['Ihr Anmeldecode', 'Ihr Zählerstand ist eingegangen', 'Neuigkeiten aus Ihrem Tarif'],
    }),
  ),
  askBack(
    'lumen-pool',
    jonas,
    when.day(49, '16:25'),
    '“Neuigkeiten aus Ihrem Tarif” sounds like news, not like a message that the recipient has just asked for. Would it stay on this domain?',
  ),
  answer(
    'lumen-pool',
    'd.brandt@lumen-energie.example',
    when.day(48, '08:50'),
    'No, you are right. That one goes out from lumen-energie.example from now on; this domain keeps codes and readings.',
  ),
  approve('lumen-pool', jonas, when.day(48, '10:15'), 'Codes and readings only. Welcome to the pool.'),
];

const mapleDeclined = (when: When): Step[] => [
  ask(
    'maple-early',
    'hannah@mapleandrye.example',
    when.day(44, '17:05'),
    dedicatedIps({
      ips: 1,
      region: 'us',
      stream: 'marketing',
      weekly: 45_000,
      peak: 60_000,
      startsIn: 5,
      domains: ['mapleandrye.example'],
      sends: 'The bread of the week, and baking classes.',
      signup: 'A sheet at the counter, typed in on Fridays, and the form on our site.',
    }),
  ),
  decline(
    'maple-early',
    rea,
    when.day(43, '10:20'),
    'An IP of its own needs 50,000 emails a week to keep its reputation; you are close, but not there. Please publish a DMARC record in the meantime, and ask again when the classes start.',
  ),
];

const cobaltPoolDeclined = (when: When): Step[] => [
  ask(
    'cobalt-pool',
    'leticia@cobaltgames.example',
    when.day(18, '19:42'),
    transactionalPool({
      domain: 'play.cobaltgames.example',
      weekly: 52_000,
      sends: 'Mail confirmations for new players, purchase receipts, and password links.',
      samples: ['Confirm your e-mail to start playing', 'Receipt: 500 cobalt coins', 'Reset your password'],
    }),
  ),
  note(
    'cobalt-pool',
    jonas,
    when.day(17, '14:02'),
    'Bounces come from the sign-up form: it takes any address. They know.',
  ),
  decline(
    'cobalt-pool',
    jonas,
    when.day(17, '14:10'),
    'Four in a hundred of these messages bounce, and the pool allows two. Check addresses when players sign up; once a month has gone well we gladly look again.',
  ),
];

const nordlysPoolWithdrawn = (when: When): Step[] => [
  ask(
    'nordlys-pool',
    'sigrid@nordlysreiser.example',
    when.day(22, '08:50'),
    transactionalPool({
      domain: 'billett.nordlysreiser.example',
      weekly: 6_000,
      sends: 'Tickets and changes of departure times.',
      samples: ['Billetten din til Tromsø', 'Ny avgangstid for reise 8821'],
    }),
  ),
  withdraw('nordlys-pool', 'sigrid@nordlysreiser.example', when.day(22, '11:35')),
];

const solsticeWithdrawn = (when: When): Step[] => [
  ask(
    'solstice-us',
    'rui@solstice.example',
    when.day(30, '15:55'),
    dedicatedIps({
      ips: 1,
      region: 'us',
      stream: 'marketing',
      weekly: 60_000,
      peak: 150_000,
      startsIn: 7,
      domains: ['solstice.example'],
      sends: 'Announcements of summer concerts and the presale for members.',
      signup: 'At ticket sales, with a box to tick, confirmed by mail.',
    }),
  ),
  note(
    'solstice-us',
    jonas,
    when.day(29, '14:30'),
    'Account is pinned to the EU but asks for the US. Called Rui; he did not mean to.',
  ),
  withdraw('solstice-us', 'rui@solstice.example', when.day(29, '14:58')),
];

export const closed = (when: When): Step[] => [
  ...hearthExpired(when),
  ...lumenPool(when),
  ...mapleDeclined(when),
  ...solsticeWithdrawn(when),
  ...nordlysPoolWithdrawn(when),
  ...cobaltPoolDeclined(when),
];
