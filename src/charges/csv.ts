// Charges as a file for spreadsheets and billing systems. Pure.
import { csvField } from '../csv.ts';
import { isoDay, isoMonth, type Line, type Month } from './ledger.ts';

const COLUMNS = [
  'month',
  'closed',
  'account_id',
  'account',
  'ip',
  'from',
  'to',
  'days',
  'monthly_cents',
  'cents',
  'currency',
  'kind',
  'line',
  'credits_line',
];

/** The first line of the file. */
export const csvHead = `${COLUMNS.join(',')}\r\n`;

/** What a line of the ledger is: a charge, an IP that the plan includes, or a credit. */
export const kindOf = ({ creditsId, monthlyCents }: Line): 'credit' | 'included' | 'charge' =>
  creditsId !== null ? 'credit' : monthlyCents === 0 ? 'included' : 'charge';

/** The lines of a month of one account, each with its end of line. Amounts are integer cents. */
export const csvLines = (
  { month, isClosed }: { readonly month: Month; readonly isClosed: boolean },
  { id, name, lines }: { readonly id: number; readonly name: string; readonly lines: readonly Line[] },
): string =>
  lines
    .map((line) =>
      [
        ...[isoMonth(month), isClosed ? 'yes' : 'no', id, csvField(name), line.address],
        ...[isoDay(line.fromDay), isoDay(line.toDay), line.toDay - line.fromDay + 1, line.monthlyCents, line.cents],
        ...[line.currency, kindOf(line), line.id ?? '', line.creditsId ?? ''],
      ].join(','),
    )
    .map((text) => `${text}\r\n`)
    .join('');
