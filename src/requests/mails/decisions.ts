// What customers read when their request is decided. Pure.
import type { Writer } from '../../notifications/letter.ts';
import type { MailFacts } from '../../notifications/mail.ts';
import type { ViewHelpers } from '../../web/view-helpers.ts';
import { counted, inWords, listed } from '../../wording.ts';
import { monthly, regionName, requestButton, sentByYou, sentByYouOrPaid, subject } from './wording.ts';

export const decisionLetters: {
  readonly 'request-offered': Writer<'request-offered'>;
  readonly 'request-waitlisted': Writer<'request-waitlisted'>;
  readonly 'request-approved': Writer<'request-approved'>;
  readonly 'request-approved-pool': Writer<'request-approved-pool'>;
  readonly 'request-declined': Writer<'request-declined'>;
} = {
  'request-offered': (facts, { h }) => ({
    subject: subject('An offer for you to decide', facts),
    preview: `${h.plural(facts.granted, 'IP')} instead of ${h.number(facts.asked)}. Decide by ${h.time(facts.acceptBy)}.`,
    reference: facts.reference,
    state: { word: 'Your turn', tone: 'ask' },
    title: `We offer you ${counted(facts.granted, 'dedicated IP')}`,
    blocks: [
      {
        kind: 'text',
        text: `You asked for ${counted(facts.asked, 'IP')}. We can approve ${inWords(facts.granted)} of them, if you agree.`,
      },
      { kind: 'quote', title: 'Why', text: facts.reason },
      {
        kind: 'facts',
        rows: [
          ['You asked for', h.plural(facts.asked, 'IP')],
          ['We offer', h.plural(facts.granted, 'IP')],
          ['Price of the offer', monthly(facts, h)],
          ['Decide by', h.time(facts.acceptBy)],
        ],
      },
      {
        kind: 'text',
        text: 'Accept the offer on the page of your request, or withdraw there. Until you accept, nothing is allocated and nothing is charged; after the date above the offer ends.',
      },
    ],
    button: requestButton(facts, 'See the offer'),
    why: sentByYouOrPaid(facts),
  }),

  'request-waitlisted': (facts, { h }) => ({
    subject: subject('Approved, waiting for a free IP', facts),
    preview: `No IP is free in ${regionName(facts.region)} right now. Nothing is charged until one is yours.`,
    reference: facts.reference,
    state: { word: 'Approved, on the waitlist', tone: 'ask' },
    title: 'Approved, and waiting for a free IP',
    blocks: [
      {
        kind: 'text',
        text: `Your request is approved for ${counted(facts.granted, 'dedicated IP')}, but not enough IPs are free in ${regionName(facts.region)} right now. It is on the waitlist, in the order of arrival.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Approved', h.plural(facts.granted, 'dedicated IP')],
          ['Region', facts.region.toUpperCase()],
          ['Price', facts.monthlyCents === 0 ? monthly(facts, h) : `${monthly(facts, h)}, from the day they are yours`],
        ],
      },
      {
        kind: 'text',
        text: 'There is nothing for you to do: we will write to you as soon as the IPs are allocated. Until then you send as you do now, nothing is charged, and you can withdraw at any time.',
      },
    ],
    button: requestButton(facts),
    why: sentByYouOrPaid(facts),
  }),

  'request-approved': (facts, { h }) => ({
    subject: subject('Approved', facts),
    preview:
      facts.startsOn === null
        ? 'In use from now on, without automated warm-up.'
        : `Warm-up starts on ${h.day(facts.startsOn)}. Keep sending as you do now.`,
    reference: facts.reference,
    state: { word: 'Approved', tone: 'good' },
    title:
      facts.addresses.length === 1
        ? 'You have a dedicated IP'
        : `You have ${inWords(facts.addresses.length)} dedicated IPs`,
    blocks: [
      {
        kind: 'text',
        text: `Your request is approved, and ${facts.addresses.length === 1 ? 'this IP is' : 'these IPs are'} now used by ${facts.account} only.`,
      },
      {
        kind: 'facts',
        rows: [
          [facts.addresses.length === 1 ? 'IP' : 'IPs', listed(facts.addresses)],
          [facts.domains.length === 1 ? 'Domain' : 'Domains', listed(facts.domains)],
          ['Price', monthly(facts, h)],
          ...warmupRows(facts, h),
        ],
      },
      ...(facts.automatic ? [{ kind: 'text', text: AUTOMATIC } as const] : []),
      ...(facts.quoteSentence === '' ? [] : [{ kind: 'text', text: facts.quoteSentence } as const]),
      {
        kind: 'text',
        text:
          facts.startsOn === null
            ? WITHOUT_WARMUP
            : `Just send as you always do. Once warm-up has started, a little more of your mail goes over the new ${facts.addresses.length === 1 ? 'IP' : 'IPs'} each day; the rest stays where it is now. We will write to you when warm-up is complete.`,
      },
    ],
    button: requestButton(facts, facts.startsOn === null ? undefined : 'See the request and its warm-up'),
    why: sentByYouOrPaid(facts),
  }),

  'request-approved-pool': (facts) => ({
    subject: subject('Approved', facts),
    preview: `${facts.domain} now sends over the transactional pool.`,
    reference: facts.reference,
    state: { word: 'Approved', tone: 'good' },
    title: 'Your domain is in the transactional pool',
    blocks: [
      {
        kind: 'text',
        text: `Your request is approved. From now on ${facts.domain} sends over the transactional pool; there is nothing to set up.`,
      },
      {
        kind: 'text',
        text: `As you confirmed, ${facts.domain} can now send transactional messages only: campaigns and broadcasts from it are refused. Send those from another domain.`,
      },
      {
        kind: 'text',
        text: 'The limits for bounces and complaints are stricter in this pool than in the default one. Send only mail that each recipient triggered.',
      },
    ],
    button: requestButton(facts),
    why: sentByYouOrPaid(facts),
  }),

  'request-declined': (facts) => ({
    subject: subject('Declined', facts),
    preview: facts.remedies.length === 0 ? 'The reason is inside.' : 'The reason, and what would get it approved.',
    reference: facts.reference,
    state: { word: 'Declined', tone: 'stop' },
    title: 'We cannot approve this request',
    blocks: [
      { kind: 'text', text: `You asked for this: ${facts.what}. We declined it, and nothing changes in how you send.` },
      { kind: 'quote', title: 'Why', text: facts.reason },
      ...(facts.remedies.length === 0
        ? []
        : [{ kind: 'list', title: 'What would get it approved', items: facts.remedies } as const]),
      ...(facts.codes?.length ? [{ kind: 'text', text: `Reason code: ${facts.codes.join(', ')}.` } as const] : []),
      {
        kind: 'text',
        // Where all checks passed a person decided, and the checks have nothing more to say.
        text: `You can send a new request at any time.${facts.remedies.length === 0 ? '' : ' “What you need to qualify”, linked from your home page, shows how far each check is from passing.'}`,
      },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),
};

/** S-12. */
const AUTOMATIC =
  'It was approved automatically: every check passed on what our mail servers counted and what DNS says, so no person had to decide.';

/** S-15. */
const WITHOUT_WARMUP =
  'You chose to warm up the IPs yourselves: all mail of these domains may go over them from now on, with no daily limit, and nothing stops it where receivers refuse it. We count what is sent, bounced and reported as spam, and you see it under Dedicated IPs. Raise your volume step by step.';

type Approved = MailFacts['request-approved'];

function warmupRows({ addresses, startsOn, finishesOn, firstCap }: Approved, h: ViewHelpers): [string, string][] {
  if (startsOn === null || finishesOn === null || firstCap === null) return [['Warm-up', 'By you, not automated']];
  return [
    ['Warm-up starts', h.day(startsOn)],
    ['First day', `${h.number(firstCap)} messages over ${addresses.length === 1 ? 'the IP' : 'each IP'}`],
    ['Expected to finish', h.day(finishesOn)],
  ];
}
