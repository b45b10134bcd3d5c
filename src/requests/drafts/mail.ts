// The mail about a request that a colleague prepared. Pure.
import type { Writer } from '../../notifications/letter.ts';
import type { Kind } from '../request.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'draft-handed-over': { readonly by: string; readonly kind: Kind; readonly path: string };
  }
}

export const draftLetters: { readonly 'draft-handed-over': Writer<'draft-handed-over'> } = {
  'draft-handed-over': (facts, { provider }) => {
    const what = facts.kind === 'dedicated_ip' ? 'a request for dedicated IPs' : 'a request for the transactional pool';
    return {
      subject: `${facts.by} prepared ${what} for you to send`,
      preview: 'Look at its checks and its price, then send it or change it.',
      reference: null,
      state: { word: 'Your turn', tone: 'ask' },
      title: `${facts.by} prepared ${what}`,
      blocks: [
        { kind: 'text', text: `${facts.by} may not commit your account to a cost, so the request waits for you.` },
        {
          kind: 'text',
          text: 'The page below shows what is asked for, the checks and the price of today. Nothing is sent before you send it.',
        },
      ],
      button: { label: 'See the request', path: facts.path },
      why: `You get this mail because you may commit your account at ${provider} to a cost.`,
    };
  },
};
