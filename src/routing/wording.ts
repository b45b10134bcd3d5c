// What people and programs read of an answer. Pure.
import { counted, grouped, percent } from '../wording.ts';
import type { RouteAnswer, Why } from './route.ts';
import type { Sender } from './sending-domain.ts';

/** Why a message goes where it goes, in one sentence. */
export function reasonOf(answer: RouteAnswer, { name }: Pick<Sender, 'name'>): string {
  if (answer.via === 'refusal' || answer.via === 'wait') return answer.sentence;
  const to = answer.via === 'ip' ? answer.ip.address : answer.pool.key;
  const words: Readonly<Record<Why, string>> = {
    'shared-pool': `${name} is on the default shared pool.`,
    'transactional-pool': `${name} is in the transactional pool.`,
    'ip-warm': isWarmedElsewhere(answer)
      ? `${to} carries the mail of ${name}, without automated warm-up.`
      : `${to} is warm and carries the mail of ${name}.`,
    'ip-warming': `${to} warms up: today it carries ${share(answer.share)} of the mail of ${name}, at most ${grouped(answer.cap ?? 0)} messages.`,
    fallback: `While an IP of ${name} warms up, ${share(answer.share)} of the mail goes over ${to}.`,
    'cap-spent': `No more of the warming IP’s cap is available right now, so the message goes over ${to}.`,
    'beyond-warm': `The warm IPs of ${name} carry no more than twice what they are warmed to in a day, so the message goes over ${to}.`,
    'daily-limit': `The daily limit of the account of ${name} is reached.`,
    'no-ip': `No dedicated IP of ${name} carries mail right now, so it goes over ${to}.`,
  };
  return words[answer.why];
}

/** S-02: why a message waits until tomorrow. */
export const overLimit = ({ name }: Pick<Sender, 'name'>, perDay: number): string =>
  `The account of ${name} has sent the ${counted(perDay, 'message')} that its reputation allows today over shared IPs; the rest waits until midnight UTC.`;

/** S-15: an IP in use that has no plan. */
const isWarmedElsewhere = (answer: RouteAnswer): boolean => answer.via === 'ip' && answer.ip.warmup === null;

/** A share for people: `12.5 %`. */
export const share = (part: number): string => percent(part, 1);
