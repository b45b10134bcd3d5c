// What customers are mailed when other domains use an IP. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { listed } from '../../wording.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `by`: who of the account changed it; null: our staff did. */
    'ip-use-changed': {
      readonly reference: string | null;
      readonly account: string;
      readonly address: string;
      readonly added: string[];
      readonly removed: string[];
      readonly by: string | null;
      readonly reason: string;
      /** Whether no domain uses it now. */
      readonly isUnused: boolean;
    };
  }
}

export const useLetters: { readonly 'ip-use-changed': Writer<'ip-use-changed'> } = {
  'ip-use-changed': ({ reference, account, address, added, removed, by, reason, isUnused }) => ({
    subject: `${isUnused ? 'No domain uses' : 'Other domains use'} ${address}${reference === null ? '' : ` (${reference})`}`,
    preview: [
      added.length > 0 ? `${listed(added)} now uses it.` : '',
      removed.length > 0 ? `${listed(removed)} no longer does.` : '',
    ].join(' '),
    reference,
    state: { word: 'Use changed', tone: 'plain' },
    title: `Which domains use ${address} was changed`,
    blocks: [
      { kind: 'text', text: `${by ?? 'Our staff'} changed which of your domains use your dedicated IP ${address}.` },
      ...(reason === '' ? [] : [{ kind: 'quote', title: 'Why', text: reason } as const]),
      {
        kind: 'facts',
        rows: [
          ...(added.length > 0 ? [['Uses it from now on', listed(added)] as const] : []),
          ...(removed.length > 0 ? [['No longer uses it', listed(removed)] as const] : []),
        ],
      },
      {
        kind: 'text',
        text: isUnused
          ? `No domain uses ${address} now: it carries no mail but is still charged. Mail of these domains goes over their other dedicated IPs, or over the shared pool that it came from. Choose a domain for the IP, or give it back.`
          : 'There is nothing for you to do: send as usual.',
      },
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: `You get this mail because you asked for this IP for ${account} or decide about its costs.`,
  }),
};
