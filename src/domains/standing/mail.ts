// What people are mailed about a domain's place in its pool. Pure.
import type { Block, Writer } from '../../notifications/letter.ts';
import type { DomainFacts } from '../mail.ts';

type Said = DomainFacts & { readonly reason: string };
declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'domain-stopped': Said;
    'domain-let-in': Said;
    'domain-left-pool': Said;
    'domain-kept': Said;
    'domain-leave-asked': Said & { readonly by: string };
  }
}

const text = (words: string): Block => ({ kind: 'text', text: words });
const quote = ({ reason }: Said): Block => ({ kind: 'quote', title: 'Why', text: reason });
const common = ({ account, path }: Said) => ({
  reference: null,
  button: { label: 'See the domain', path },
  why: `You get this mail because you look after the domains of ${account}.`,
});

type Name = 'domain-stopped' | 'domain-let-in' | 'domain-left-pool' | 'domain-kept' | 'domain-leave-asked';

export const standingLetters: { readonly [N in Name]: Writer<N> } = {
  'domain-stopped': (facts, { provider }) => ({
    ...common(facts),
    subject: `${facts.domain} is stopped`,
    preview: 'Its mail is refused from now on. This mail says how it can send again.',
    state: { word: 'Stopped', tone: 'stop' },
    title: `Mail from ${facts.domain} is stopped`,
    blocks: [
      text(`${facts.domain} is stopped. Its mail is refused from now on, so that it does not harm others in its pool.`),
      quote(facts),
      text(
        `To send again, fix the cause: remove addresses that bounced or complained, and write only to people who asked for your mail. Then contact ${provider}: our staff can let the domain send again. Its route and its IPs stay as they are.`,
      ),
    ],
  }),
  'domain-let-in': (facts) => ({
    ...common(facts),
    subject: `${facts.domain} may send again`,
    preview: 'Its mail goes out again.',
    state: { word: 'Let in', tone: 'good' },
    title: `${facts.domain} may send again`,
    blocks: [text(`Mail from ${facts.domain} goes out again, the way it went before.`), quote(facts)],
  }),
  'domain-left-pool': (facts) => ({
    ...common(facts),
    subject: `${facts.domain} has left the transactional pool`,
    preview: 'Its mail goes over the default shared pool now.',
    state: { word: 'Left the pool', tone: 'plain' },
    title: `${facts.domain} has left the transactional pool`,
    blocks: [
      text('Its mail goes over the default shared pool from now on, and its campaigns are no longer refused.'),
      quote(facts),
      text('To come back, request the transactional pool again on the domain’s page.'),
    ],
  }),
  'domain-kept': (facts) => ({
    ...common(facts),
    subject: `${facts.domain} stays in the transactional pool`,
    preview: 'Our staff declined your request.',
    state: { word: 'Stays', tone: 'plain' },
    title: `${facts.domain} stays in the transactional pool`,
    blocks: [text('You asked for it to leave the transactional pool. Our staff decided that it stays.'), quote(facts)],
  }),
  'domain-leave-asked': (facts) => ({
    ...common(facts),
    subject: `Please decide: ${facts.domain} asks to leave the transactional pool`,
    preview: `${facts.by} of ${facts.account} asks for it.`,
    state: { word: 'Waits for staff', tone: 'ask' },
    title: `${facts.domain} asks to leave the transactional pool`,
    blocks: [
      text(`${facts.by} of ${facts.account} asks for it to leave. Take it out or keep it there, on its page.`),
      quote(facts),
    ],
    why: 'You get this mail because you are on the staff and may decide it.',
  }),
};
