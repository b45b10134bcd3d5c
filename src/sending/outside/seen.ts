// S-25: what a mailbox provider says it saw, as read from its own report. Pure.
import type { Day } from '../../day.ts';

/** What Google saw of a domain on a day: shares from 0 to 1. */
export const postmasterMetrics = ['spam_rate', 'spf', 'dkim', 'dmarc', 'tls', 'delivery_errors'] as const;
export type PostmasterMetric = (typeof postmasterMetrics)[number];
export type PostmasterDay = {
  readonly domain: string;
  readonly day: Day;
  readonly rates: Readonly<Partial<Record<PostmasterMetric, number>>>;
};

export const filterResults = ['GREEN', 'YELLOW', 'RED'] as const;

/** What Outlook.com saw of an IP on a day (Pacific time). `complaints`: as Microsoft writes it, like `< 0.1%`; '' for nothing. */
export type SndsDay = {
  readonly address: string;
  readonly day: Day;
  readonly recipients: number;
  readonly filter: (typeof filterResults)[number];
  readonly complaints: string;
  readonly trapHits: number;
};

/** What of a file could not be read: a line of it; null: all of it. */
export type Fault = { readonly line: number | null; readonly sentence: string };

/** `without`: values that the provider left out. */
export type Read<T> = { readonly days: readonly T[]; readonly faults: readonly Fault[]; readonly without: number };
