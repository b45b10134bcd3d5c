// The mail to people who asked to be told when they qualify. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { few } from '../../policy/checks/volume.ts';
import type { Kind } from '../request.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `checks`: all that pass, by title; `needsColleague`: the reader may not commit the account to a cost. */
    qualified: {
      readonly account: string;
      readonly kind: Kind;
      readonly domains: readonly string[];
      readonly checks: readonly string[];
      readonly needsColleague: boolean;
      readonly path: string;
    };
  }
}

const WHAT: Readonly<Record<Kind, string>> = {
  dedicated_ip: 'a dedicated IP',
  transactional_pool: 'the transactional pool',
};

export const watchLetters: { readonly qualified: Writer<'qualified'> } = {
  qualified: ({ account, kind, domains, checks, needsColleague, path }) => ({
    subject: `${account} now qualifies for ${WHAT[kind]}`,
    preview: 'You pass every check that we can make in advance. The form is filled in with what we measured.',
    reference: null,
    state: { word: 'Qualifies', tone: 'good' },
    title: `You now qualify for ${WHAT[kind]}`,
    blocks: [
      {
        kind: 'text',
        text: `You asked us to tell you. With ${few([...domains])} you now pass every check that we can make before you send a request. The form is filled in with what we measured. A reviewer will then decide on the request, with what you add to it.`,
      },
      ...(needsColleague
        ? [
            {
              kind: 'text' as const,
              text: 'You can prepare the request. A colleague who may commit the account to its cost has to send it.',
            },
          ]
        : []),
      { kind: 'checks', title: 'What passes', items: checks.map((title) => ({ title, ok: true })) },
      {
        kind: 'text',
        text: 'This is the only mail about it. If what you send changes before you send the request, a check may no longer pass.',
      },
    ],
    button: { label: 'Start the request', path },
    why: 'You get this mail because you asked for it on the page “What you need to qualify”.',
  }),
};
