// Takes mails out of the outbox and sends them. Any number of senders may run beside each other, also in other processes.
import { randomUUID } from 'node:crypto';
import { claimDue, hasWork, returnExpiredClaims } from './claims.ts';
import { type Delivery, deliver, type Outcome } from './delivery.ts';
import { CONNECTIONS } from './transport.ts';

/** The longest that one mail may take, milliseconds. */
export const MAIL_MS = 60_000;
/** A claim outlives the longest try, so that it ends only under a sender that hangs or is gone. */
const CLAIM_IN_TRIES = 2;
const WAKE_MS = 1_000;
/** What is under way when the process is asked to end may finish for so long. */
const LAST_MS = 8_000;

/** `stop`: claim nothing more. `giveUp`: break off what is under way, too. */
type Halt = { readonly stop: AbortSignal; readonly giveUp: AbortSignal };
const NEVER: Halt = { stop: new AbortController().signal, giveUp: new AbortController().signal };

export type Tally = Record<Outcome, number>;

/** Sends what is due until nothing is. Gives how the tries went. */
export async function sendDue(delivery: Delivery): Promise<Tally> {
  const tally: Tally = { sent: 0, retry: 0, held: 0, late: 0 };
  await returnExpiredClaims(delivery.db, delivery.now());
  await Promise.all(lanes.map((lane) => work(lane, delivery, NEVER, tally)));
  return tally;
}

const lanes = Array.from({ length: CONNECTIONS }, (_, lane) => lane);

/** One mail after the other, each claimed alone: a mail that stalls holds up no other. Half of the lanes begin at the young end. */
async function work(lane: number, delivery: Delivery, { stop, giveUp }: Halt, tally?: Tally): Promise<void> {
  const { db, now, mailMs } = delivery;
  while (!stop.aborted) {
    const token = randomUUID();
    const until = now() + CLAIM_IN_TRIES * mailMs;
    const mail = await claimDue(db, { token, now: now(), until, newestFirst: lane % 2 === 1 });
    if (mail === null) return;
    const outcome = await deliver(mail, token, giveUp, delivery);
    if (tally) tally[outcome] += 1;
  }
}

export type Sender = {
  /** Begins to look for mails, each second. */
  readonly start: () => void;
  /** Looks at once. */
  readonly poke: () => void;
  /** Claims nothing more, lets what is under way finish, closes the connections. */
  readonly stop: () => Promise<void>;
};

/** The sender of a running Warmdesk. Its faults are logged and never end the process. */
export function createSender(delivery: Delivery): Sender {
  const stop = new AbortController();
  const giveUp = new AbortController();
  const halt = { stop: stop.signal, giveUp: giveUp.signal };
  const busy = new Map<number, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  const guarded = (what: Promise<void>): Promise<void> =>
    what.catch((error: unknown) => delivery.log.error({ err: error }, 'the outbox could not be worked on'));
  const look = async () => {
    if (stop.signal.aborted || !(await hasWork(delivery.db, delivery.now()))) return;
    await returnExpiredClaims(delivery.db, delivery.now());
    for (const lane of lanes.filter((one) => !busy.has(one))) {
      const done = guarded(work(lane, delivery, halt)).then(() => void busy.delete(lane));
      busy.set(lane, done);
    }
  };
  let looking: Promise<void> = Promise.resolve();
  const poke = () => {
    looking = looking.then(() => guarded(look()));
  };
  return {
    start: () => {
      timer = setInterval(poke, WAKE_MS);
      poke();
    },
    poke,
    stop: async () => {
      clearInterval(timer);
      stop.abort();
      const late = setTimeout(() => giveUp.abort(), LAST_MS);
      await looking;
      await Promise.all(busy.values());
      clearTimeout(late);
      delivery.transport.close();
    },
  };
}
