// What a line of a mail server's log says of one recipient of one message, whatever mail server wrote it. Pure.
import type { Policy } from '../../policy/document/policy.ts';

export type DeliveryRecord = {
  readonly outcome: 'delivered' | 'deferred' | 'bounced' | 'complained';
  /** When the message arrived (UTC milliseconds): the day that its outcome counts for. */
  readonly arrivedAt: number;
  /** Whether this was the first try. Only then the message counts as sent, or as put off. */
  readonly first: boolean;
  /** Names of what it went over, the most telling first: a transport, a source, an IP. */
  readonly via: readonly string[];
  /** The sender's domain; '': there is no sender (a bounce); null: not known. */
  readonly from: string | null;
  /** The recipient's domain. */
  readonly to: string;
  /** The name of the server that took it or was asked; null: not known. */
  readonly mx: string | null;
};

/** Reads the lines of one log in their order. */
export type LogReader = {
  /** A line's record; null where it says nothing of a delivery; several where it ends a message for all its recipients. */
  read(line: string): DeliveryRecord | readonly DeliveryRecord[] | null;
};

/** What is known of a recipient who was put off, but for the address. */
export type PutOff = Pick<DeliveryRecord, 'arrivedAt' | 'via' | 'to' | 'mx'>;

/** What a reader remembers of messages in the queue, from line to line and from run to run. */
export type QueueMemory = {
  sender(message: string): string | undefined;
  setSender(message: string, domain: string): void;
  wasTried(message: string, recipient: string): boolean;
  /** Somebody was put off. */
  setTried(message: string, recipient: string, put: PutOff): void;
  /** What became of somebody who was put off is known. */
  settle(message: string, recipient: string): void;
  /** All who were put off and of whom nothing else is known. */
  open(message: string): readonly PutOff[];
  forget(message: string): void;
};

/** The domain of an address, in lower case; '' where it has none. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** The name of the transport that sends over an IP, which it writes into the log. */
const TRANSPORT = /^ip-([0-9a-f-]+)$/;

/** The address in a transport's name (`ip-192-0-2-1`, `ip-2001-db8--1`); undefined where it names none. */
export function addressIn(name: string): string | undefined {
  const written = TRANSPORT.exec(name)?.[1];
  if (written === undefined) return undefined;
  return /^[0-9]+-[0-9]+-[0-9]+-[0-9]+$/.test(written) ? written.replaceAll('-', '.') : written.replaceAll('-', ':');
}

/** Finds a recipient's mailbox provider by the policy's table. */
export class ProviderTable {
  readonly #domains = new Map<string, string>();
  readonly #mx = new Map<string, string>();

  constructor(policy: Policy) {
    for (const { key, domains, mx } of policy.providers.value) {
      for (const domain of domains) this.#domains.set(domain, key);
      for (const name of mx) this.#mx.set(name, key);
    }
  }

  /** The provider's key: by the recipient's domain, else by the name of the server that takes its mail, else `other`. */
  of(domain: string, mx: string | null): string {
    const known = this.#domains.get(domain);
    if (known !== undefined || mx === null) return known ?? 'other';
    const name = mx.toLowerCase().replace(/\.$/, '');
    for (const one of suffixesOf(name)) {
      const provider = this.#mx.get(one);
      if (provider !== undefined) return provider;
    }
    return 'other';
  }
}

/** A domain name and the domains above it, of two labels at the least: `a.b.c` → `a.b.c`, `b.c`. */
export function suffixesOf(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
