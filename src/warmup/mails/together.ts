// The mails that tell of several IPs at once where they begin or complete together. Pure.
import type { Block, Writer } from '../../notifications/letter.ts';
import type { ViewHelpers } from '../../web/view-helpers.ts';
import { counted, listed } from '../../wording.ts';
import type { StateFacts } from '../state.ts';
import type { WarmupFacts } from './facts.ts';
import { whyYou } from './wording.ts';

type Name = 'warmup-started' | 'warmup-complete';

const text = (words: string): Block => ({ kind: 'text', text: words });

/** Where the rest of the mail goes, by the policy's order: a letter does not know what the account has. */
export const ELSEWHERE = 'your warm IPs, if you have any, or the shared pool';

/** What a letter says of its IPs, one or several. */
function about(all: readonly WarmupFacts[]) {
  const [first] = all;
  const isOne = all.length === 1;
  const addresses = all.map(({ address }) => address);
  // One that was moved in has no request.
  const references = listed([...new Set(all.flatMap(({ reference }) => reference ?? []))]);
  const account = first?.account ?? '';
  return {
    isOne,
    addresses: listed(addresses),
    domains: listed([...new Set(all.flatMap(({ domains }) => domains))]),
    subject: (state: string) =>
      `${state}: ${isOne ? addresses[0] : counted(all.length, 'IP')}${references === '' ? '' : ` (${references})`}`,
    button: isOne && first ? { label: 'See the warm-up', path: first.path } : { label: 'See your IPs', path: '/ips' },
    why:
      references === ''
        ? whyYou({ account, reference: null })
        : `You get this mail because you asked for ${isOne ? 'this IP' : 'these IPs'} for ${account} (${references}) or decide about ${isOne ? 'its' : 'their'} costs.`,
  };
}

const rowsOf = (
  { address, domains, stage, stages, cap, finishesOn }: WarmupFacts & StateFacts,
  h: ViewHelpers,
): Block => ({
  kind: 'facts',
  rows: [
    ['IP', address],
    [domains.length === 1 ? 'Domain' : 'Domains', listed(domains)],
    ['Stage', `${stage} of ${stages}`],
    ['Today', `up to ${h.number(cap)} messages a day over the IP`],
    ['Done about', h.longDay(finishesOn)],
  ],
});

export const togetherLetters: { readonly [N in Name]: Writer<N> } = {
  'warmup-started': ({ also = [], ...first }, { h }) => {
    const all = [first, ...also];
    const { isOne, addresses, domains, subject, button, why } = about(all);
    const cap = all.reduce((sum, one) => sum + one.cap, 0);
    return {
      subject: subject('Warm-up has begun'),
      preview: `Up to ${h.number(cap)} messages go over your new ${isOne ? 'IP' : 'IPs'} today. Send as usual.`,
      reference: first.reference,
      state: { word: 'Warming up', tone: 'plain' },
      title: `The warm-up of your ${isOne ? 'IP' : counted(all.length, 'IP')} has begun`,
      blocks: [
        text(
          `From today some of the mail of ${domains} goes over ${addresses}, and a little more each day that goes well, so that receivers come to know ${isOne ? 'it' : 'them'}.`,
        ),
        ...all.map((one) => rowsOf(one, h)),
        text(
          `There is nothing for you to do: send as usual. What the new ${isOne ? 'IP does' : 'IPs do'} not carry goes over ${ELSEWHERE}. When bounces or complaints rise, the warm-up slows down or pauses by itself, and you get a mail.`,
        ),
      ],
      button,
      why,
    };
  },

  'warmup-complete': ({ also = [], ...first }) => {
    const all = [first, ...also];
    const { early } = first;
    const reasons = [...new Set(all.map(({ reason }) => reason))].filter(Boolean).join('\n\n');
    const { isOne, addresses, domains, subject, button, why } = about(all);
    const beside = 'together with your other IPs for the same domains, if you have any';
    const limited = all.filter(({ limits = '' }) => limits !== '');
    return {
      subject: subject('Warm-up complete'),
      preview:
        limited.length === 0
          ? `No mail of ${domains} needs the shared pool any more.`
          : `All mail of ${domains} goes over ${isOne ? 'it' : 'them'}, but for what a provider deferred lately.`,
      reference: first.reference,
      state: { word: 'Warm-up complete', tone: 'good' },
      title: isOne ? `${addresses} is warmed up` : `${counted(all.length, 'IP')} are warmed up`,
      blocks: [
        text(
          limited.length === 0
            ? `Warm-up is complete. From now on no mail of ${domains} needs the shared pool: it goes over your dedicated ${isOne ? 'IP' : 'IPs'} ${addresses}, ${beside}.`
            : `Warm-up is complete. From now on mail of ${domains} goes over your dedicated ${isOne ? 'IP' : 'IPs'} ${addresses}, ${beside}.`,
        ),
        ...limited.map(({ address, limits }) =>
          text(
            `One exception for now: ${address} sends ${limits}, because mail was deferred or bounced there. That doubles on each day on which it is accepted; until then the rest goes over ${ELSEWHERE}.`,
          ),
        ),
        ...(early ? [text('Two of our staff agreed to complete it before the end of its plan.')] : []),
        ...(reasons === '' ? [] : [{ kind: 'quote', title: 'Why', text: reasons } as const]),
        text(
          'There is nothing for you to do. Steady sending keeps its reputation: an IP that rests for about 30 days counts as cold again.',
        ),
      ],
      button,
      why,
    };
  },
};
