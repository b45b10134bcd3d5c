// The subusers of Bigmail: one in each region. They come last, so that the others keep their numbers.
import { isLive } from '../../src/ips/allocation.ts';
import { listAllocationsOf } from '../../src/ips/store.ts';
import { assignIp } from '../../src/subusers/actions.ts';
import { acting, done, known, type Step } from './desk.ts';
import type { DemoAccount } from './setup.ts';
import type { When } from './when.ts';

const calm = { growth: 0.01, bounces: 0.006, complaints: 0.0002 };
const owner = 'owner@bigmail.example';

export const subusers: readonly DemoAccount[] = [
  {
    name: 'Bigmail Sports',
    plan: 'premium',
    region: 'us',
    below: owner,
    opened: 40,
    people: [{ email: 'desk@sports.bigmail.example', name: 'Sam Whitfield', role: 'admin', zone: 'America/Chicago' }],
    domains: [{ ...calm, name: 'sports.bigmail.example', usage: 'marketing', weekly: 64_000, weeks: 4 }],
  },
  {
    name: 'Bigmail Europe',
    plan: 'premium',
    region: 'eu',
    below: owner,
    opened: 39,
    people: [{ email: 'desk@europe.bigmail.example', name: 'Elin Voss', role: 'admin', zone: 'Europe/Berlin' }],
    domains: [{ ...calm, name: 'europe.bigmail.example', usage: 'both', weekly: 87_000, weeks: 4 }],
  },
];

/** Bigmail lets its US subuser send over the first of its IPs, beside its own newspapers (S-17, S-18). */
export const assignments = (when: When): Step[] => {
  const at = when.day(1, '16:20');
  return [
    {
      at,
      take: async (desk) => {
        const accountId = known(desk.people, owner).accountId ?? 0;
        const subuserIds = [known(desk.people, 'desk@sports.bigmail.example').accountId ?? 0];
        const [first] = (await listAllocationsOf(desk.trx, accountId)).filter(isLive);
        const seen = { subuserIds: [], ownerSends: true };
        const form = { accountId, allocationId: first?.id ?? 0, subuserIds, ownerSends: true, seen };
        const policy = desk.policy.document;
        done(await assignIp(desk.trx, acting(desk, owner, at), { ...form, policy }), 'assign the first IP of Bigmail');
      },
    },
  ];
};
