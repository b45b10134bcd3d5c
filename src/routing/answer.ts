// One question of a program, answered: the same over the desk's API and the router's own.
import type { RouteQuestion } from './form.ts';
import { answerJson, NOT_OURS } from './json.ts';
import { countedAt } from './load.ts';
import { type Question, streamOf } from './question.ts';
import type { RouteAnswer } from './route.ts';
import type { Router } from './router.ts';
import { limitOf, type Sender } from './sending-domain.ts';

/** Messages handed out today over these IPs (by id), to all mailbox providers or to one. */
type SpentToday = (ipIds: readonly number[], provider?: string) => Promise<ReadonlyMap<number, number>>;

export type RouteAnswerJson = ReturnType<typeof answerJson> | typeof NOT_OURS;

/**
 * With a message's name the answer counts towards the cap, once for each recipient, and reads no database; it waits for one
 * only where a block of the cap is on its way. Without, it only says what it would be, by what is spent so far.
 */
export function answerTo(
  { router, spentToday }: { readonly router: Router; readonly spentToday: SpentToday },
  asked: RouteQuestion,
): RouteAnswerJson | Promise<RouteAnswerJson> {
  const sender = router.senderOf(asked.sender);
  if (sender === undefined) return NOT_OURS;
  const question = questionOf(sender, asked);
  if (asked.message === undefined) return preview(router, question, spentToday);
  const answer = router.decide(question);
  return answer instanceof Promise ? answer.then((one) => json(router, question, one)) : json(router, question, answer);
}

async function preview(router: Router, question: Question, spentToday: SpentToday): Promise<RouteAnswerJson> {
  const { warming, fallback, beyond } = router.egress(question.sender, question.stream);
  const warm = fallback.to === 'ips' && beyond !== null ? fallback.ips : [];
  const ips = [...warming.map(({ ip }) => ip), ...warm];
  const ids = ips.map(({ id }) => id);
  const spent = ids.length === 0 ? NOTHING : await spentToday(ids);
  const slowed = new Set(ips.flatMap(({ warmup }) => Object.keys(warmup?.slowed ?? {})));
  const spentThere = new Map<string, ReadonlyMap<number, number>>();
  for (const to of slowed) spentThere.set(to, await spentToday(ids, to));
  const answer = router.preview(question, (ip, load) => {
    const left = Number(limitOf(ip)) - (spent.get(ip.id) ?? 0);
    const parts = countedAt(ip, load) ?? [];
    const limits = parts.flatMap(({ provider, count }) => {
      const limit = ip.warmup?.slowed[provider];
      return limit === undefined ? [] : [{ count, left: limit - (spentThere.get(provider)?.get(ip.id) ?? 0) }];
    });
    if (limits.some((one) => one.left < one.count)) return 0;
    return limits.length < parts.length ? left : Math.min(left, ...limits.map((one) => one.left));
  });
  return json(router, question, answer);
}

const NOTHING: ReadonlyMap<number, number> = new Map();

/** Who asks many questions at once has time for the database. */
const LONGEST_MS = 30_000;

/** Many questions, answered one after the other. */
export async function answersTo(router: Router, asked: readonly RouteQuestion[]): Promise<RouteAnswerJson[]> {
  const answers: RouteAnswerJson[] = [];
  for (const one of asked) {
    const sender = router.senderOf(one.sender);
    const question = sender && questionOf(sender, one);
    answers.push(question ? json(router, question, await router.decide(question, LONGEST_MS)) : NOT_OURS);
  }
  return answers;
}

const json = (router: Router, { sender, message }: Question, answer: RouteAnswer): RouteAnswerJson =>
  answerJson(answer, sender, router.addressesFor(answer, message));

const questionOf = (sender: Sender, { recipients, stream, message = '' }: RouteQuestion): Question => ({
  sender,
  recipients,
  stream: streamOf(stream, sender),
  message: message || (recipients[0] ?? ''),
  count: null,
});
