// The weekly mail: how all IPs of an account that warm up are doing. Pure.
import type { Block, Writer } from '../../notifications/letter.ts';
import type { ViewHelpers } from '../../web/view-helpers.ts';
import { counted } from '../../wording.ts';
import type { Progress } from './facts.ts';

export const progressLetter: Writer<'warmup-progress'> = ({ account, week, warmups }, { h }) => {
  const onHold = warmups.filter((one) => one.hold !== null).length;
  const [only] = warmups;
  return {
    subject: `Your warm-up, ${h.shortDay(week)} to ${h.shortDay(week + 6)}: ${account}`,
    preview:
      warmups.length === 1 && only
        ? `${only.address} is at stage ${only.stage} of ${only.stages}${only.hold === null ? '' : ` and ${only.status === 'paused' ? 'paused' : 'on hold'}`}.`
        : `${counted(warmups.length, 'IP')} are warming up${onHold === 0 ? ', all as planned' : `, ${onHold} of them on hold or paused`}.`,
    reference: null,
    state: { word: 'Weekly warm-up report', tone: onHold === 0 ? 'good' : 'ask' },
    title: warmups.length === 1 ? 'How your IP is doing' : 'How your IPs are doing',
    blocks: [
      { kind: 'text', text: `What happened from ${h.longDay(week)} to ${h.longDay(week + 6)} (UTC).` },
      ...warmups.flatMap((one) => blocksOf(one, h)),
      {
        kind: 'text',
        text: 'What an IP does not carry yet goes over your warm IPs, if you have any, or the shared pool. Send as usual.',
      },
    ],
    button:
      warmups.length === 1 && only
        ? { label: 'See the warm-up', path: only.path }
        : { label: 'See your IPs', path: '/ips' },
    why: `You get this mail once a week while IPs of ${account} warm up. You can switch it off in your profile.`,
  };
};

function blocksOf(
  { address, status, stage, stages, cap, sent, passed, finishesOn, hold }: Progress,
  h: ViewHelpers,
): Block[] {
  const isPaused = status === 'paused';
  const facts: Block = {
    kind: 'facts',
    rows: [
      ['IP', isPaused ? `${address}, paused` : address],
      ['Stage', `${stage} of ${stages}${passed > 0 ? `; ${counted(passed, 'stage')} passed` : '; none passed'}`],
      ['Sent over it', h.plural(sent, 'message')],
      [isPaused ? 'When it is resumed' : 'Now', `up to ${h.number(cap)} a day`],
      ['Done about', isPaused ? 'not before it is resumed' : h.longDay(finishesOn)],
    ],
  };
  return hold === null ? [facts] : [facts, { kind: 'text', text: hold }];
}
