// What a line of a CSV file says of an address besides its region: host name, MTA, cost and earlier use. Pure.
import { readDomainName } from '../domains/name.ts';
import { readForm } from '../form.ts';
import { ok, type Result, refused } from '../result.ts';

/** What staff know of an address; each null where they did not say it. */
export type IpDetails = {
  readonly hostName: string | null;
  /** The mail server that sends over it. */
  readonly mta: string | null;
  /** What it costs the provider a month, in cents of the policy's currency. */
  readonly costCents: number | null;
  readonly earlierUse: string | null;
};

export const DETAIL_COLUMNS = ['host_name', 'mta', 'cost', 'earlier_use'] as const;
type Column = (typeof DETAIL_COLUMNS)[number];

const MOST_MTA = 60;
const MOST_USE = 200;

const NOTHING: IpDetails = { hostName: null, mta: null, costCents: null, earlierUse: null };

/** Reads the details of a line by the `cell` of each column, empty where it has none; null: it says nothing. */
export function readDetails(cell: (column: Column) => string, isRange: boolean): Result<IpDetails | null, string> {
  const [name, cost] = [cell('host_name'), cell('cost')];
  const hostName = name === '' ? null : readDomainName(name);
  if (hostName === undefined) return refused(`has the host name “${cut(name)}”. Write it like mail-7.example.com.`);
  if (hostName !== null && isRange)
    return refused('is a range with a host name. Give each address a line with its own.');
  const costCents = cost === '' ? null : centsIn(cost);
  if (costCents === undefined)
    return refused(`has the cost “${cut(cost)}”. Write what it costs a month like 4 or 4.50.`);
  const form = readForm({ mta: cell('mta'), use: cell('earlier_use') });
  const mta = form.name('mta', { label: 'MTA', max: MOST_MTA, required: false });
  const use = form.name('use', { label: 'Earlier use', max: MOST_USE, required: false });
  const read = form.result(() => ({ hostName, costCents, mta: mta || null, earlierUse: use || null }));
  if (!read.ok) return refused(`cannot be taken as it is. ${Object.values(read.errors).join(' ')}`);
  return ok(Object.values(read.value).every((one) => one === null) ? null : { ...NOTHING, ...read.value });
}

const cut = (text: string): string => text.slice(0, 40);

/** 4, 4.5 or 4.50 as cents; undefined for anything else. */
function centsIn(text: string): number | undefined {
  const [, whole, part = ''] = /^([0-9]{1,7})(?:\.([0-9]{1,2}))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(part.padEnd(2, '0'));
}
