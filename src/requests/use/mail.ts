// What customers are mailed when other domains use an IP. Pure.
import type { Writer } from '../../notifications/letter.ts';
import type { Stream } from '../../policy/checks/facts.ts';
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
      /** Which of their mail it carries from now on; null: as before. */
      readonly stream: Stream | null;
      readonly reason: string;
      /** Whether no domain uses it now. */
      readonly isUnused: boolean;
    };
  }
}

const CARRIES: Readonly<Record<Stream, string>> = {
  marketing: 'Marketing mail only',
  transactional: 'Transactional mail only',
  both: 'All mail of its domains',
};

export const useLetters: { readonly 'ip-use-changed': Writer<'ip-use-changed'> } = {
  'ip-use-changed': ({ reference, account, address, added, removed, by, stream, reason, isUnused }) => ({
    subject: `${isUnused ? 'No domain uses' : added.length + removed.length > 0 ? 'Other domains use' : 'Other mail goes over'} ${address}${reference === null ? '' : ` (${reference})`}`,
    preview: [
      added.length > 0 ? `${listed(added)} now ${added.length === 1 ? 'uses' : 'use'} it.` : '',
      removed.length > 0 ? `${listed(removed)} no longer ${removed.length === 1 ? 'uses' : 'use'} it.` : '',
      stream === null ? '' : `It carries ${CARRIES[stream].toLowerCase()}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
    reference,
    state: { word: 'Use changed', tone: 'plain' },
    title: `What uses ${address} has changed`,
    blocks: [
      { kind: 'text', text: `${by ?? 'Our staff'} changed what uses your dedicated IP ${address}.` },
      ...(reason === '' ? [] : [{ kind: 'quote', title: 'Why', text: reason } as const]),
      {
        kind: 'facts',
        rows: [
          ...(added.length > 0 ? [['Uses it from now on', listed(added)] as const] : []),
          ...(removed.length > 0 ? [['No longer uses it', listed(removed)] as const] : []),
          ...(stream === null ? [] : [['Carries from now on', CARRIES[stream]] as const]),
        ],
      },
      {
        kind: 'text',
        text: isUnused
          ? `No domain uses ${address} now: it carries no mail but is still charged. Mail of these domains goes over their other dedicated IPs, or over the shared pool that it came from. Choose a domain for the IP, or give it back.`
          : stream === null
            ? 'There is nothing for you to do: send as usual.'
            : 'Mail that does not say what it is counts as marketing, unless its domain is used for transactional mail only.',
      },
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: `You get this mail because you asked for this IP for ${account} or decide about its costs.`,
  }),
};
