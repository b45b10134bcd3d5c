// What is mailed when other subusers may send over an IP. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { listed } from '../../wording.ts';

/** `account`: the subuser. `domains`: those of its domains that begin or cease to use the IP. */
export type AssignedFacts = { readonly account: string; readonly address: string; readonly domains: string[] };

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'ip-assigned': AssignedFacts;
    'ip-taken': AssignedFacts;
    /** To the account that has the IP. `ownerSends`: whether it sends over it itself from now on; null: as before. */
    'ip-assignment-changed': {
      readonly account: string;
      readonly address: string;
      readonly added: string[];
      readonly removed: string[];
      readonly ownerSends: boolean | null;
      readonly by: string;
    };
  }
}

type AssignmentMail = 'ip-assigned' | 'ip-taken' | 'ip-assignment-changed';

const why = (account: string): string => `You get this mail because you are an admin of ${account}.`;

export const assignmentLetters: { readonly [Name in AssignmentMail]: Writer<Name> } = {
  'ip-assigned': ({ account, address, domains }) => ({
    subject: `Dedicated IP assigned: ${address}`,
    preview:
      domains.length === 0 ? `${account} may send over it.` : `Mail of ${listed(domains)} goes over it from now on.`,
    reference: null,
    state: { word: 'Assigned', tone: 'good' },
    title: `${account} may send over ${address}`,
    blocks: [
      { kind: 'text', text: `Your parent account assigned its dedicated IP ${address} to ${account}.` },
      {
        kind: 'text',
        text:
          domains.length === 0
            ? 'Domains that you add go over it within a minute. While an IP warms up, only the part of the mail that fits its plan does.'
            : `Mail of ${listed(domains)} goes over it from now on. While an IP warms up, only the part that fits its plan does.`,
      },
      { kind: 'text', text: 'There is nothing for you to do: send as usual.' },
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: why(account),
  }),
  'ip-taken': ({ account, address, domains }) => ({
    subject: `Dedicated IP no longer assigned: ${address}`,
    preview: `${account} no longer sends over it.`,
    reference: null,
    state: { word: 'Not assigned', tone: 'plain' },
    title: `${account} no longer sends over ${address}`,
    blocks: [
      { kind: 'text', text: `The dedicated IP ${address} of your parent account is no longer assigned to ${account}.` },
      {
        kind: 'text',
        text: `${domains.length === 0 ? 'Mail that used it' : `Mail of ${listed(domains)}`} goes over the other IPs that are assigned to you, or over the shared pool that it came from.`,
      },
      { kind: 'text', text: 'There is nothing for you to do: send as usual.' },
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: why(account),
  }),
  'ip-assignment-changed': ({ account, address, added, removed, ownerSends, by }) => ({
    subject: `Who sends over ${address} has changed`,
    preview: [
      added.length > 0 ? `${listed(added)} may send over it.` : '',
      removed.length > 0 ? `${listed(removed)} may not any more.` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
    reference: null,
    state: { word: 'Assignment changed', tone: 'plain' },
    title: `Who sends over ${address} has changed`,
    blocks: [
      { kind: 'text', text: `${by} changed which accounts may send over your dedicated IP ${address}.` },
      {
        kind: 'facts',
        rows: [
          ...(added.length > 0 ? [['Sends over it from now on', listed(added)] as const] : []),
          ...(removed.length > 0 ? [['No longer sends over it', listed(removed)] as const] : []),
          ...(ownerSends === null
            ? []
            : [[account, ownerSends ? 'may send over it' : 'does not send over it'] as const]),
        ],
      },
      {
        kind: 'text',
        text: 'Mail that no longer goes over it goes over the other dedicated IPs of its domain, or over the shared pool that it came from.',
      },
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: `You get this mail because you are an admin or a billing contact of ${account}.`,
  }),
};
