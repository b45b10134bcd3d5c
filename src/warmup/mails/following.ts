// What people read where a warm-up stands still, or begins again at a completed IP. Pure.
import type { Block, Writer } from '../../notifications/letter.ts';
import { listed } from '../../wording.ts';
import { ofIp, whyYou } from './wording.ts';

type Name =
  | 'warmup-stands'
  | 'warmup-replanned'
  | 'warmup-followed'
  | 'warmup-reopened'
  | 'warmup-to-look-at'
  | 'warmup-go-on-asked';

const text = (words: string): Block => ({ kind: 'text', text: words });

export const followingLetters: { readonly [N in Name]: Writer<N> } = {
  'warmup-stands': ({ reference, account, address, stage, stages, why, help, path }) => ({
    subject: ofIp('Warm-up makes no progress:', { address, reference }),
    preview: `It is at stage ${stage} of ${stages}. ${help}`,
    reference,
    state: { word: 'No progress', tone: 'ask' },
    title: 'The warm-up of your IP makes no progress',
    blocks: [text(why), text(help), text('Your mail goes out as before. Our staff have been notified, too.')],
    button: { label: 'See the warm-up', path },
    why: whyYou({ account, reference }),
  }),

  'warmup-replanned': (
    { reference, account, address, stage, stages, cap, finishesOn, before, target, paused, reason, path },
    { h },
  ) => ({
    subject: ofIp('Warm-up planned again:', { address, reference }),
    preview: `For ${h.number(target)} messages on the busiest day; done about ${h.longDay(finishesOn)}.`,
    reference,
    state: { word: 'Planned again', tone: 'plain' },
    title: 'The warm-up of your IP was planned again',
    blocks: [
      text(
        `A member of our staff has planned the warm-up of ${address} again, for ${h.number(target)} messages on the busiest day instead of ${h.number(before)}.`,
      ),
      { kind: 'quote', title: 'Why', text: reason },
      {
        kind: 'facts',
        rows: [
          ['Stage', `${stage} of ${stages}`],
          [paused ? 'When it is resumed' : 'From now on', `up to ${h.number(cap)} messages a day over the IP`],
          ['Done about', h.longDay(finishesOn)],
        ],
      },
      text('What the IP has reached stays as it is. There is nothing for you to do: send as usual.'),
    ],
    button: { label: 'See the warm-up', path },
    why: whyYou({ account, reference }),
  }),

  'warmup-followed': ({ reference, account, address, stage, stages, cap, finishesOn, paused, why, path }, { h }) => ({
    subject: ofIp('Warm-up follows your mail:', { address, reference }),
    preview: why,
    reference,
    state: { word: 'Planned again', tone: 'plain' },
    title: 'The warm-up of your IP follows how you send',
    blocks: [
      text(why),
      {
        kind: 'facts',
        rows: [
          ['IP', address],
          ['Stage', `${stage} of ${stages}`],
          [paused ? 'When it is resumed' : 'From now on', `up to ${h.number(cap)} messages a day over the IP`],
          ['Done about', paused ? 'not before it is resumed' : h.longDay(finishesOn)],
        ],
      },
      text('What the IP has reached stays as it is. There is nothing for you to do: send as usual.'),
    ],
    button: { label: 'See the warm-up', path },
    why: whyYou({ account, reference }),
  }),

  'warmup-reopened': ({ reference, account, address, domains, stage, stages, cap, finishesOn, why, path }, { h }) => ({
    subject: ofIp('Your IP warms up again:', { address, reference }),
    preview: `Up to ${h.number(cap)} messages a day go over it; the rest goes where it went before.`,
    reference,
    state: { word: 'Warming up again', tone: 'plain' },
    title: `${address} warms up again`,
    blocks: [
      text(why),
      {
        kind: 'facts',
        rows: [
          ['IP', address],
          [domains.length === 1 ? 'Domain' : 'Domains', listed(domains)],
          ['Stage', `${stage} of ${stages}`],
          ['From now on', `up to ${h.number(cap)} messages a day over the IP`],
          ['Done about', h.longDay(finishesOn)],
        ],
      },
      text('There is nothing for you to do: send as usual. No mail is lost.'),
    ],
    button: { label: 'See the warm-up', path },
    why: whyYou({ account, reference }),
  }),

  'warmup-go-on-asked': ({ reference, account, address, domains, by, note, path }) => ({
    subject: ofIp('Please resume', { address, reference }),
    preview: `${account}: ${note}`,
    reference,
    state: { word: 'Waits for staff', tone: 'ask' },
    title: `${account} asks you to resume the warm-up of ${address}`,
    blocks: [
      text(`${by} did something about what paused the warm-up, and asks you to resume it.`),
      { kind: 'quote', title: `${by} writes`, text: note },
      {
        kind: 'facts',
        rows: [
          ['Customer', account],
          ['IP', address],
          [domains.length === 1 ? 'Domain' : 'Domains', listed(domains)],
        ],
      },
    ],
    button: { label: 'Look at the warm-up', path },
    why: 'You get this mail because you are on the staff and may resume it.',
  }),

  'warmup-to-look-at': ({ reference, account, address, domains, why, help, path }) => ({
    subject: ofIp('Please look at', { address, reference }),
    preview: `${account}: ${why}`,
    reference,
    state: { word: 'Needs a look', tone: 'ask' },
    title: `Look at ${address}`,
    blocks: [
      text(why),
      text(help),
      {
        kind: 'facts',
        rows: [
          ['Customer', account],
          ['IP', address],
          [domains.length === 1 ? 'Domain' : 'Domains', listed(domains)],
        ],
      },
    ],
    button: { label: 'Look at it', path },
    why: 'You get this mail because you are on the staff.',
  }),
};
