// What customers and staff read about a warm-up. Pure.
import type { Block, Writer } from '../../notifications/letter.ts';
import type { MailName } from '../../notifications/mail.ts';
import type { ViewHelpers } from '../../web/view-helpers.ts';
import { counted, listed } from '../../wording.ts';
import type { StateFacts } from '../state.ts';
import type { WarmupFacts } from './facts.ts';
import { followingLetters } from './following.ts';
import { progressLetter } from './progress.ts';
import { ELSEWHERE, togetherLetters } from './together.ts';
import { ofIp, whyYou } from './wording.ts';

type WarmupMailName = Extract<MailName, `warmup-${string}`>;

const subject = (state: string, given: WarmupFacts): string => ofIp(`${state}:`, given);
const button = ({ path }: WarmupFacts) => ({ label: 'See the warm-up', path });
const text = (words: string): Block => ({ kind: 'text', text: words });
const said = (reason: string | undefined, title = 'Why'): Block[] =>
  reason ? [{ kind: 'quote', title, text: reason }] : [];

const facts = (given: WarmupFacts & StateFacts, h: ViewHelpers, cap = 'From now on'): Block => ({
  kind: 'facts',
  rows: [
    ['IP', given.address],
    [given.domains.length === 1 ? 'Domain' : 'Domains', listed(given.domains)],
    ['Stage', `${given.stage} of ${given.stages}`],
    [cap, `up to ${h.number(given.cap)} messages a day over the IP`],
    ['Done about', h.longDay(given.finishesOn)],
  ],
});

const CARRY_ON = `There is nothing for you to do: send as usual. What the new IP does not carry goes over ${ELSEWHERE}.`;

export const warmupLetters: { readonly [Name in WarmupMailName]: Writer<Name> } = {
  ...followingLetters,
  ...togetherLetters,

  'warmup-progress': progressLetter,

  'warmup-paused': (given) => ({
    subject: subject('Warm-up paused', given),
    preview: given.why ?? 'Your provider has paused it. Your mail goes out without it.',
    reference: given.reference,
    state: { word: 'Paused', tone: 'stop' },
    title: 'The warm-up of your IP is paused',
    blocks: [
      text(
        given.why === null
          ? `A member of our staff has paused the warm-up of ${given.address}, at stage ${given.stage} of ${given.stages}.`
          : `The warm-up of ${given.address} was paused automatically. ${given.why}`,
      ),
      ...said(given.reason),
      text(`No mail is lost: it goes over ${ELSEWHERE} until the warm-up is resumed.`),
      ...(given.why === null
        ? []
        : [
            {
              kind: 'list',
              title: 'What helps',
              items: [
                'Remove addresses that bounced from your lists, and send only to people who confirmed theirs.',
                'Send first to those who opened or clicked within the last three months.',
                'Make the link to unsubscribe easy to find: people who cannot find it report spam.',
              ],
            } as const,
          ]),
      text(
        given.why === null
          ? 'There is nothing for you to do; you will get a mail when it is resumed.'
          : 'Our staff will look at it and resume the warm-up at its current stage. You will get a mail when they do.',
      ),
    ],
    button: button(given),
    why: whyYou(given),
  }),

  'warmup-resumed': (given, { h }) => ({
    subject: subject('Warm-up resumed', given),
    preview: `It continues at stage ${given.stage} of ${given.stages}.`,
    reference: given.reference,
    state: { word: 'Warming up', tone: 'good' },
    title: 'The warm-up of your IP continues',
    blocks: [
      text(`Mail goes over ${given.address} again, at the stage that was reached.`),
      ...said(given.reason, 'Our staff write'),
      facts(given, h),
      text(CARRY_ON),
    ],
    button: button(given),
    why: whyYou(given),
  }),

  'warmup-set-back': (given, { h }) => ({
    subject: subject('Warm-up set back', given),
    preview: `From stage ${given.before} to stage ${given.stage} of ${given.stages}.`,
    reference: given.reference,
    state: { word: 'Set back', tone: 'ask' },
    title: 'The warm-up of your IP was set back',
    blocks: [
      text(
        `A member of our staff has set the warm-up of ${given.address} back from stage ${given.before} to stage ${given.stage}, so that it climbs again from there.`,
      ),
      ...said(given.reason),
      facts(given, h, given.paused ? 'When it is resumed' : 'From now on'),
      text(
        given.paused
          ? `It is still paused: until it is resumed, mail goes over ${ELSEWHERE}. There is nothing for you to do.`
          : CARRY_ON,
      ),
    ],
    button: button(given),
    why: whyYou(given),
  }),

  'warmup-cold': (given, { h }) => ({
    subject: subject('Warm-up begins again', given),
    preview: `No mail went over the IP for ${counted(given.idleDays, 'day')}.`,
    reference: given.reference,
    state: { word: 'Cold again', tone: 'ask' },
    title: 'Your IP is cold again',
    blocks: [
      text(
        `No mail went over ${given.address} for ${counted(given.idleDays, 'day')}. Receivers forget an IP in that time, so its warm-up continues from half of what it had carried.`,
      ),
      facts(given, h, given.paused ? 'When it is resumed' : 'From now on'),
      text(
        given.paused
          ? 'It is paused: our staff have to resume it before mail goes over the IP again.'
          : `To warm it up, send from ${listed(given.domains)} on most days of a week. If you no longer need the IP, you can give it back.`,
      ),
    ],
    button: button(given),
    why: whyYou(given),
  }),

  'warmup-to-resume': (given) => ({
    subject: subject('Please look: warm-up paused automatically', given),
    preview: `${given.account}: ${given.why}`,
    reference: given.reference,
    state: { word: 'Waits for staff', tone: 'stop' },
    title: `The warm-up of ${given.address} was paused automatically`,
    blocks: [
      text(given.why),
      {
        kind: 'facts',
        rows: [
          ['Customer', given.account],
          ['IP', given.address],
          [given.domains.length === 1 ? 'Domain' : 'Domains', listed(given.domains)],
          ['Stage', `${given.stage} of ${given.stages}`],
        ],
      },
      text(
        'Nothing goes over the IP until one of you resumes it. Look at its days first; you can set it back further, too. The customer knows that you will look at it.',
      ),
    ],
    button: { label: 'Look at the warm-up', path: given.path },
    why: 'You get this mail because you are on the staff and may resume it.',
  }),

  'warmup-early-proposed': (given, { h }) => ({
    subject: subject('Please confirm: complete a warm-up early', given),
    preview: `${given.by} proposes it. A second person has to agree.`,
    reference: given.reference,
    state: { word: 'Needs a second person', tone: 'ask' },
    title: `Complete the warm-up of ${given.address} early?`,
    blocks: [
      text(`${given.by} proposes to end the warm-up of ${given.address} (${given.account}) before its plan does.`),
      { kind: 'quote', title: 'Why', text: given.reason },
      facts(given, h, 'Today'),
      text('Look at its days, then agree or drop the proposal. Until somebody else agrees, the plan carries on.'),
    ],
    button: { label: 'Look at the warm-up', path: given.path },
    why: 'You get this mail because you are on the staff and may agree to it.',
  }),
};
