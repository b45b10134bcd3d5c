// Takes mails out of the outbox and sends them. Any number of senders may run beside each other, also in other processes.

import type { Delivery } from './delivery.ts';
import { Lanes, type Stopping, type Tally } from './lanes.ts';
import { hasWork, returnExpiredClaims } from './store-claims.ts';

/** The longest that one mail may take, milliseconds. */
export const MAIL_MS = 60_000;
const WAKE_MS = 1_000;
/** What is under way when the process is asked to end may finish for so long. */
const LAST_MS = 8_000;

const NEVER: Stopping = { stop: new AbortController().signal, giveUp: new AbortController().signal };

/** Sends what is due until nothing is. Returns how the tries went. */
export async function sendDue(delivery: Delivery): Promise<Tally> {
  const lanes = new Lanes(delivery, NEVER);
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
  const lanes = new Lanes(delivery, { stop: stop.signal, giveUp: giveUp.signal });
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
