// Others' figures beside our own, as pages show them (S-25). Pure.
import type { Day } from '../../day.ts';
import { grouped, percent } from '../../wording.ts';
import type { Own, PostmasterSeen, SndsSeen } from './store.ts';

/** A table: `columns` beside the day. `recordedAt`: when its newest row was imported (UTC milliseconds). */
export type SeenTable = {
  readonly source: string;
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly day: Day; readonly cells: readonly string[] }[];
  readonly recordedAt: number;
};

/** Days that a page shows. */
export const SEEN_DAYS = 28;

const share = (rate: number | undefined): string => (rate === undefined ? '–' : percent(rate));
const sent = ({ sent: count }: Own): string => (count === 0 ? '–' : grouped(count));
const complaints = ({ sent: count, complained }: Own): string => (count === 0 ? '–' : percent(complained / count));
const newest = (days: readonly { readonly recordedAt: number }[]): number =>
  Math.max(...days.map(({ recordedAt }) => recordedAt));

/** What Google saw of a domain; null: nothing was imported. */
export function postmasterTable(days: readonly PostmasterSeen[]): SeenTable | null {
  if (days.length === 0) return null;
  return {
    source: 'Google Postmaster Tools',
    about:
      'Google counts what reached inboxes of Gmail; we count all mail to Gmail, and only complaints that we are told of.',
    columns: ['Spam, says Google', 'Spam, we counted', 'Sent to Gmail', 'SPF', 'DKIM', 'DMARC', 'TLS', 'Refused'],
    rows: days.map(({ day, rates, own }) => ({
      day,
      cells: [
        share(rates.spam_rate),
        complaints(own),
        sent(own),
        ...[rates.spf, rates.dkim, rates.dmarc, rates.tls, rates.delivery_errors].map(share),
      ],
    })),
    recordedAt: newest(days),
  };
}

const FILTERS: Readonly<Record<SndsSeen['filter'], string>> = {
  GREEN: 'green: under 10 % spam',
  YELLOW: 'yellow: 10 to 90 % spam',
  RED: 'red: over 90 % spam',
};

/** What Outlook.com saw of an IP; null: nothing was imported. */
export function sndsTable(days: readonly SndsSeen[]): SeenTable | null {
  if (days.length === 0) return null;
  return {
    source: 'Microsoft SNDS',
    about:
      'SNDS is about Outlook.com and Hotmail, by days in Pacific time; ours are days in UTC. It says nothing of mailboxes at Microsoft 365, whose mail is in the last column.',
    columns: [
      ...['Filter', 'Complaints, says Microsoft', 'Complaints, we counted', 'Trap hits', 'Recipients, says Microsoft'],
      ...['Sent to Outlook.com', 'Sent to Microsoft 365'],
    ],
    rows: days.map(({ day, filter, complaints: said, trapHits, recipients, own, business }) => ({
      day,
      cells: [
        ...[FILTERS[filter], said === '' ? '–' : said.replace('%', ' %'), complaints(own), grouped(trapHits)],
        ...[grouped(recipients), sent(own), sent(business)],
      ],
    })),
    recordedAt: newest(days),
  };
}
