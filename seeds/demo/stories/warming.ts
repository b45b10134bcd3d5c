// Requests of those whose IPs warm up now. What becomes of the warm-ups is the day's step's to say.
import { ask, dedicatedIps } from '../customer-steps.ts';
import type { Step } from '../desk.ts';
import { jonas, rea } from '../people.ts';
import { approve } from '../staff-steps.ts';
import type { When } from '../when.ts';

const oneIp = (weekly: number, domains: readonly string[], sends: string, signup: string) =>
  dedicatedIps({
    ips: 1,
    region: 'us',
    stream: 'both',
    weekly,
    peak: Math.round(weekly * 1.4),
    startsIn: 2,
    domains,
    sends,
    signup,
  });

// Its plan of 38 days ends in three days.
const alder = (when: When): Step[] => [
  ask(
    'alder-ip',
    'nora@alder.example',
    when.day(37, '09:12'),
    oneIp(
      212_000,
      ['reports.alder.example'],
      'Reports that our customers schedule themselves, daily or weekly, and product news once a month.',
      'By the administrator of each customer, who invites colleagues; they confirm.',
    ),
  ),
  approve('alder-ip', rea, when.day(37, '13:20')),
];

const harbour = (when: When): Step[] => [
  ask(
    'harbour-ip',
    'owen@harbourbooks.example',
    when.day(21, '10:41'),
    oneIp(
      86_000,
      ['harbourbooks.example'],
      'New books by subject, readings in our shops, and a letter for schools in spring and autumn.',
      'In the shops on a tablet and on our site; both are confirmed by mail.',
    ),
  ),
  approve('harbour-ip', jonas, when.day(21, '15:02')),
];

const pinewood = (when: When): Step[] => [
  ask(
    'pinewood-ip',
    'kari@pinewood.example',
    when.day(24, '08:05'),
    oneIp(
      121_000,
      ['pinewood.example'],
      'Offers twice a week, and tips for tours by region.',
      'At the checkout, with a box that is not ticked, confirmed by mail.',
    ),
  ),
  approve('pinewood-ip', rea, when.day(24, '11:33')),
];

const saltmarsh = (when: When): Step[] => [
  ask(
    'saltmarsh-ip',
    'ida@saltmarsh.example',
    when.day(34, '16:20'),
    oneIp(
      58_000,
      ['saltmarsh.example'],
      'A letter with new titles on Tuesday and one with an excerpt on Friday.',
      'On our site, confirmed by mail. We delete who has not opened for a year.',
    ),
  ),
  approve('saltmarsh-ip', jonas, when.day(33, '09:15')),
];

export const warming = (when: When): Step[] => [
  ...alder(when),
  ...harbour(when),
  ...pinewood(when),
  ...saltmarsh(when),
];
