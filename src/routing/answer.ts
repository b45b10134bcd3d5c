// One question of a program, answered: the same over the desk's API and the router's own.
import type { Db } from '../database.ts';
import { dayOf } from '../day.ts';
import type { RouteQuestion } from './form.ts';
import { answerJson, NOT_OURS } from './json.ts';
import type { Answer } from './route.ts';
import { type Question, type Router, streamOf } from './router.ts';
import { capOf, type Sender } from './sending-domain.ts';
import { listSpent } from './store.ts';

export type AnswerJson = ReturnType<typeof answerJson> | typeof NOT_OURS;

/**
 * With a message's name the answer counts towards the cap, once, and reads no database; without, it only says what it
 * would be, by what is spent so far.
 */
export function answerTo(
  { router, db, now }: { readonly router: Router; readonly db: Db; readonly now: () => number },
  asked: RouteQuestion,
): AnswerJson | Promise<AnswerJson> {
  const sender = router.senderOf(asked.sender);
  if (sender === undefined) return NOT_OURS;
  const question = questionOf(sender, asked);
  if (asked.message !== undefined) return json(router, question, router.answer(question));
  return preview(router, question, db, now());
}

async function preview(router: Router, question: Question, db: Db, now: number): Promise<AnswerJson> {
  const { warming } = router.egress(question.sender, question.stream);
  const ids = warming.map(({ ip }) => ip.id);
  const to = router.providerOf(question.recipient);
  const isSlowed = warming.some(({ ip }) => ip.standing?.slowed[to] !== undefined);
  const spent = ids.length === 0 ? NOTHING : await listSpent(db, ids, dayOf(now));
  const spentThere = isSlowed ? await listSpent(db, ids, dayOf(now), to) : NOTHING;
  const told = router.preview(question, (ip) => {
    const left = Number(capOf(ip)) - (spent.get(ip.id) ?? 0);
    const limit = ip.standing?.slowed[to];
    return limit === undefined ? left : Math.min(left, limit - (spentThere.get(ip.id) ?? 0));
  });
  return json(router, question, told);
}

const NOTHING: ReadonlyMap<number, number> = new Map();

/** Many questions in their order; unlike single ones, they wait for blocks of a cap that are on their way. */
export async function answersTo(router: Router, asked: readonly RouteQuestion[]): Promise<AnswerJson[]> {
  const senders = asked.map(({ sender }) => router.senderOf(sender));
  const ours = asked.flatMap((one, i) => (senders[i] ? [questionOf(senders[i], one)] : []));
  const told = (await router.answerAll(ours)).map((one, i) => ours[i] && json(router, ours[i], one)).values();
  return senders.map((sender) => (sender && told.next().value) ?? NOT_OURS);
}

const json = (router: Router, { sender, message }: Question, told: Answer): AnswerJson =>
  answerJson(told, sender, router.addressesFor(told, message));

const questionOf = (sender: Sender, { recipient, stream, message }: RouteQuestion): Question => ({
  sender,
  recipient: recipient.toLowerCase(),
  stream: streamOf(stream, sender),
  message: message ?? recipient,
  count: 1,
  isWhole: false,
});
