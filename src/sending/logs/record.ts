// What a line of a mail server's log says of one recipient of one message, whatever mail server wrote it. Pure.

export type DeliveryRecord = {
  readonly outcome: 'delivered' | 'deferred' | 'bounced' | 'complained' | 'returned';
  /** When the message arrived (UTC milliseconds): the day that its outcome counts for. */
  readonly arrivedAt: number;
  /** Whether this was the first try. Only then the message counts as sent, or as deferred. */
  readonly first: boolean;
  /** It was deferred before its first try over an egress of ours: the mail server would not ask the receiver again yet. */
  readonly wasSuspended?: boolean;
  /** Names of what it went over, the most telling first: a transport, a source, an IP. */
  readonly via: readonly string[];
  /**
   * The sender's domain; '': there is no sender (a bounce); null: not known. A report may name several, the most telling
   * first, with blanks between.
   */
  readonly from: string | null;
  /** The recipient's domain. */
  readonly to: string;
  /** The name of the server that took it or was asked; null: not known. */
  readonly mx: string | null;
  /** Of a report: whether `via` is only what the message may have gone over, and the domain that reports. */
  readonly isGuess?: boolean;
  readonly reporter?: string;
};

/**
 * A line that looks like an outcome and cannot be read (`unreadable`), is not of this mail server's format at all
 * (`foreign`), or tells of a failure of the mail server's own settings, which no receiver saw (`own fault`).
 */
export type NoRecord = 'unreadable' | 'foreign' | 'own fault';

/** Reads the lines of one log in their order. */
export type LogReader = {
  /** A line's record; null where it says nothing of a delivery; several where it is about several recipients. */
  read(line: string): DeliveryRecord | readonly DeliveryRecord[] | NoRecord | null;
  /** From here on no line is of an earlier time (UTC milliseconds). Only readers of logs whose dates may have no year know it. */
  since?(at: number): void;
};

/** What a reader may know besides the log: which names are an egress of ours, an IP or a pool. */
export type IsEgress = (name: string) => boolean;

/** What is known of a deferred recipient, without the address. */
export type Deferred = Pick<DeliveryRecord, 'arrivedAt' | 'via' | 'to' | 'mx'>;

/** What a reader remembers of messages in the queue, from line to line and from run to run. */
export type QueueMemory = {
  sender(message: string): string | undefined;
  setSender(message: string, domain: string): void;
  /** Whether nothing that it knew had to make room: then a recipient without a try had none. */
  readonly isWhole: boolean;
  wasTried(message: string, recipient: string): boolean;
  /** Somebody was deferred. */
  setTried(message: string, recipient: string, deferred: Deferred): void;
  /** The mail server deferred somebody by itself, before any try over an egress of ours. */
  setSuspended(message: string, recipient: string): void;
  wasSuspended(message: string, recipient: string): boolean;
  /** What became of somebody who was deferred is known. Returns what was known until then. */
  settle(message: string, recipient: string): Deferred | undefined;
  /** All who were deferred and of whom nothing else is known. */
  open(message: string): readonly Deferred[];
  /** Over what a recipient is being tried, where the log says it before it says what became of the try. */
  setOver(message: string, recipient: string, over: readonly string[]): void;
  over(message: string, recipient: string): readonly string[] | undefined;
  /** The message goes on under another name. */
  rename(message: string, to: string): void;
  forget(message: string): void;
};

/** A domain name and the domains above it, of two labels at the least: `a.b.c` → `a.b.c`, `b.c`. */
export function suffixesOf(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}

/** Reports of a feedback loop that are about no unwanted mail (RFC 5965, RFC 6430, RFC 6591 and what mailbox providers add). */
export const NO_COMPLAINTS: ReadonlySet<string> = new Set(
  'not-spam auth-failure dmarc fraud virus other opt-out opt-out-list miscategorized'.split(' '),
);
