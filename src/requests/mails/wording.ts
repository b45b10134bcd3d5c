// Words that the letters about requests share. Pure.

import type { Block } from '../../notifications/letter.ts';
import type { ViewHelpers } from '../../web/view-helpers.ts';
import type { Files, Price, RequestFacts } from './facts.ts';

/** `Approved: One dedicated IP for Acme Shop (WD-1042)`. */
export const subject = (state: string, { what, reference }: RequestFacts): string => `${state}: ${what} (${reference})`;

/** `$50 a month`, or that nothing is added. */
export const monthly = ({ monthlyCents, currency }: Price, h: ViewHelpers): string =>
  monthlyCents === 0 ? 'No extra charge' : `${h.money(monthlyCents, currency)} a month`;

export const requestButton = ({ path }: RequestFacts, label = 'Open the request') => ({ label, path });

export const sentByYou = ({ reference, account }: RequestFacts): string =>
  `You get this mail because you sent request ${reference} for ${account}.`;

/** For what also goes to those who pay: admins and billing people of the account. */
export const sentByYouOrPaid = ({ reference, account }: RequestFacts): string =>
  `You get this mail because you sent request ${reference} for ${account} or decide about its costs.`;

/** What a letter says of attached files: it names them, and leads to where they are. */
export const attachedBlocks = ({ files = [] }: Files): Block[] =>
  files.length === 0
    ? []
    : [
        { kind: 'list', title: 'Attached files', items: files },
        { kind: 'text', text: 'They are not in this mail. Open the request to get them.' },
      ];

export const regionName = (region: string): string => ({ us: 'the US', eu: 'the EU' })[region] ?? region;
