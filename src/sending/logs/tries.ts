// Tells a first try from a retry by what is remembered of each recipient. Pure.
import type { DeliveryRecord, IsEgress, QueueMemory } from './record.ts';

/** What a log says became of one recipient of one message. */
export type Try = Pick<DeliveryRecord, 'arrivedAt' | 'via' | 'from' | 'to' | 'mx'> & {
  readonly outcome: 'delivered' | 'deferred' | 'bounced';
  /** What the message and its recipient are called in the log, always the same. */
  readonly message: string;
  readonly recipient: string;
  /** Whether a receiver was asked. What the mail server holds back or gives up by itself is not an attempt. */
  readonly wasAsked: boolean;
};

/**
 * Reads tries of logs in which each line says all of a try. Who was deferred over an egress of ours is remembered: what becomes
 * of it counts where it was counted as sent, also where another egress carries it in the end, or the mail server gives it up.
 * `keepsMessages`: the log says when a message is done, and its reader forgets it then.
 */
export function tryReader(
  memory: QueueMemory,
  isEgress: IsEgress,
  keepsMessages = false,
): (one: Try) => DeliveryRecord {
  return (one) => {
    const { message, recipient, wasAsked, outcome, arrivedAt, via, from, to, mx } = one;
    if (outcome === 'deferred') {
      if (!wasAsked) return { outcome, arrivedAt, first: false, via: [], from, to, mx };
      const first = !memory.wasTried(message, recipient);
      if (first && via.some(isEgress)) {
        if (memory.sender(message) === undefined) memory.setSender(message, from ?? '');
        memory.setTried(message, recipient, { arrivedAt, via, to, mx });
      }
      return { outcome, arrivedAt, first, via, from, to, mx };
    }
    const deferred = memory.settle(message, recipient);
    if (deferred === undefined) return { outcome, arrivedAt, first: wasAsked, via, from, to, mx };
    if (!keepsMessages && memory.open(message).length === 0) memory.forget(message);
    return { ...deferred, outcome, first: false, from };
  };
}
