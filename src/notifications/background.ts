// Takes mails out of the outbox and sends them. Any number of senders may run beside each other, also in other processes.
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import type { Delivery, Outcome, Tried } from './delivery.ts';
import { Lanes, type Stopping, type Take, type Tally, type Turn } from './lanes.ts';
import { waitAfter } from './retry.ts';
import { claimDue, finishFailed, finishRetry, finishSent, hasWork, returnExpiredClaims } from './store-claims.ts';

/** The longest that one mail may take, milliseconds. */
export const MAIL_MS = 60_000;
const WAKE_MS = 1_000;
/** What is under way when the process is asked to end may finish for so long. */
const LAST_MS = 8_000;

const NEVER: Stopping = { stop: new AbortController().signal, giveUp: new AbortController().signal };

/** Sends what is due until nothing is. Returns how the tries went. */
export async function sendDue(delivery: Delivery): Promise<Tally> {
  const lanes = new Lanes(delivery, taking(delivery), NEVER);
  await returnExpiredClaims(delivery.db, delivery.now());
  await lanes.work();
  return lanes.tally;
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
  const lanes = new Lanes(delivery, taking(delivery), { stop: stop.signal, giveUp: giveUp.signal });
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  const look = async () => {
    if (stop.signal.aborted || !(await hasWork(delivery.db, delivery.now()))) return;
    await returnExpiredClaims(delivery.db, delivery.now());
    working = lanes.work();
  };
  let looking: Promise<void> = Promise.resolve();
  const poke = () => {
    looking = looking.then(look).catch((error: unknown) => {
      delivery.log.error({ err: error }, 'the outbox could not be looked at');
    });
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
      await working;
      clearTimeout(late);
      delivery.transport.close();
    },
  };
}

const taking =
  ({ db }: Delivery): Take =>
  async (tried, claim) => {
    const done = await act<Turn, never>(db, { person: null, at: claim.now }, async ({ trx }) => {
      const outcomes: Outcome[] = [];
      for (const one of tried) outcomes.push(await settle(trx, one, claim.now));
      return { outcomes, claimed: claim.oldest + claim.youngest === 0 ? [] : await claimDue(trx, claim) };
    });
    if (!done.ok) throw new Error('nothing refuses this');
    return done.value;
  };

/** Writes down how a try went. `late`: the claim had ended, so nothing was written. */
async function settle(trx: Db, { mail, token, attempt }: Tried, at: number): Promise<Outcome> {
  const claimed = { id: mail.id, token };
  const { is, reply } = attempt;
  const isWritten =
    is === 'sent'
      ? await finishSent(trx, claimed, at, reply)
      : is === 'failed'
        ? await finishFailed(trx, claimed, reply)
        : await finishRetry(trx, claimed, at + (waitAfter(mail.tries) ?? 0), reply);
  return isWritten ? is : 'late';
}
