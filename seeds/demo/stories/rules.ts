// What the reviewers of the demo go through by hand.
import type { Step } from '../desk.ts';
import { admin } from '../people.ts';
import { uploadChecklist } from '../staff-steps.ts';
import type { When } from '../when.ts';

export const ASKED_FOR = 'Every sample follows something that its reader did';
export const NO_ADVERT = 'No sample advertises anything';

export const rules = (when: When): Step[] => [
  uploadChecklist(admin, when.day(6, '08:40'), {
    dedicated_ip: [],
    transactional_pool: [ASKED_FOR, NO_ADVERT, 'Nothing else is sent from the domain'],
  }),
];
