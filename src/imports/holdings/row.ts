// A CSV file of dedicated IPs that customers have already: its header, and what its lines say. Pure.
import { type Day, dayOf, startOfDay } from '../../day.ts';
import { readDomainName } from '../../domains/name.ts';
import { parseDay, parseWhole, readForm } from '../../form.ts';
import { normalAddress } from '../../ips/address.ts';
import { uselessness } from '../../ips/address-list.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { ok, type Result, refused } from '../../result.ts';
import { grouped } from '../../wording.ts';
import { type Cells, cellsOf, formulasIn, type Header, readHeader, shown } from '../header.ts';

export const HOLDING_COLUMNS = [
  'address',
  'region',
  'customer',
  'domains',
  'state',
  'per_day',
  'target',
  'since',
  'price',
  'charged_from',
] as const;
type Column = (typeof HOLDING_COLUMNS)[number];
const NEEDED: readonly Column[] = ['address', 'customer', 'domains', 'state', 'per_day', 'since', 'price'];

export type HoldingHeader = Header<Column>;

export const readHoldingHeader = (cells: readonly string[]): Result<HoldingHeader, string> =>
  readHeader(cells, HOLDING_COLUMNS, NEEDED);

/** An IP that a customer has: what its line says, for itself. */
export type HoldingLine = {
  readonly address: string;
  /** null: the inventory knows it. */
  readonly region: Region | null;
  readonly customer: string;
  readonly domains: readonly string[];
  readonly state: 'active' | 'warming';
  /** Messages a day: what an active IP is warmed to, what a warming one carries now. */
  readonly perDay: number;
  /** Messages a day that the IP is to carry at the end of its warm-up. */
  readonly target: number;
  /** Since when the account has it, or it warms up. */
  readonly since: Day;
  /** Cents a month; 0: included. */
  readonly monthlyCents: number;
  readonly chargedFrom: Day;
};

const MOST_DOMAINS = 200;
const MOST_PER_DAY = 100_000_000;
const MOST_CENTS = 100_000_000;
/** No list of mail senders is older than this. */
const EARLIEST = parseDay('2000-01-01') ?? 0;
/** Days from today on that a first day of charging may lie ahead. */
const LATEST = 366;

/** What a line is read by. `today`: the UTC day; `ledgerFrom`: the first day of the month with which the ledger begins. */
export type Reading = { readonly today: Day; readonly ledgerFrom: Day; readonly regions: readonly Region[] };

/** Reads a line. Refused with a sentence for each field that cannot be. */
export function readHolding(
  header: HoldingHeader,
  cells: readonly string[],
  { today, ledgerFrom, regions }: Reading,
): Result<HoldingLine, string[]> {
  const row = cellsOf(header, cells);
  if (!row.ok) return refused([row.problem]);
  const raw = row.value;
  const wrong = formulasIn(HOLDING_COLUMNS, raw);
  const say = (sentence: string): undefined => void wrong.push(sentence);

  const address = readAddress(raw('address'), say);
  const region = regions.find((one) => one === raw('region').toLowerCase()) ?? null;
  if (raw('region') !== '' && region === null)
    say(`The field region must be ${regions.join(' or ')}, not ${shown(raw('region'))}.`);
  const form = readForm({ customer: raw('customer') });
  const customer = form.name('customer', { label: 'The field customer', max: 100 });
  const named = form.result(() => customer);
  if (!named.ok) wrong.push(...Object.values(named.errors));
  const domains = readDomains(raw('domains'), say);
  const state = (['active', 'warming'] as const).find((one) => one === raw('state').toLowerCase());
  if (state === undefined) say(`The field state must be active or warming, not ${shown(raw('state'))}.`);
  const perDay = readVolume(raw, 'per_day', say);
  const target = state === 'warming' ? readVolume(raw, 'target', say) : perDay;
  if (state === 'active' && raw('target') !== '') say('The field target is for IPs that warm up: leave it empty.');
  if (target !== undefined && perDay !== undefined && target < perDay)
    say(`The field target must be at least per_day, ${grouped(perDay)}. An IP that carries its target is active.`);
  const since = readDate(raw, 'since', { from: EARLIEST, to: today, say });
  if (raw('since') === '')
    say(
      `The field since is missing: the day ${state === 'warming' ? 'on which warm-up began' : 'since which they have it'}.`,
    );
  const chargedFrom = readDate(raw, 'charged_from', { from: lastMonth(today), to: today + LATEST, say }) ?? today;
  if (chargedFrom < ledgerFrom)
    say(
      `The field charged_from must not be before ${isoDay(ledgerFrom)}, with which the ledger begins: days before it are never charged here.`,
    );
  if (since !== undefined && chargedFrom < since)
    say('The field charged_from must not be before since: nobody is charged for days before they had the IP.');
  const monthlyCents = readPrice(raw('price'), say);
  if (wrong.length > 0 || !address || !state || !perDay || !target || monthlyCents === undefined || since === undefined)
    return refused(wrong);
  return ok({ address, region, customer, domains, state, perDay, target, since, monthlyCents, chargedFrom });
}

type Say = (sentence: string) => undefined;

function readAddress(text: string, say: Say): string | undefined {
  const address = text.includes('%') ? undefined : normalAddress(text);
  if (address === undefined) return say(`The field address is not an IP address: ${shown(text)}.`);
  const useless = uselessness(address);
  return useless === undefined ? address : say(`${address} is ${useless}. Mail cannot be sent from it.`);
}

function readDomains(text: string, say: Say): string[] {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length === 0) say('The field domains is missing: the domains whose mail goes over the IP.');
  if (parts.length > MOST_DOMAINS) say(`The field domains has ${parts.length} domains; ${MOST_DOMAINS} fit in a line.`);
  const names = parts.slice(0, MOST_DOMAINS).flatMap((part) => {
    const name = readDomainName(part);
    return name === undefined
      ? (say(`The field domains has ${shown(part)}, which is not a domain name.`) ?? [])
      : [name];
  });
  return [...new Set(names)];
}

function readVolume(raw: Cells<Column>, column: Column, say: Say): number | undefined {
  const number = parseWhole(raw(column));
  if (number !== undefined && number >= 1 && number <= MOST_PER_DAY) return number;
  if (raw(column) === '') return say(`The field ${column} is missing: messages a day.`);
  return say(`The field ${column} must be messages a day, a whole number from 1 on, not ${shown(raw(column))}.`);
}

/** A day as these files write it. */
export const isoDay = (day: Day): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

/** The first day of the month before: what was charged earlier is in other books, and would be charged twice. */
function lastMonth(today: Day): Day {
  const now = new Date(startOfDay(today));
  return dayOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
}

function readDate(
  raw: Cells<Column>,
  column: Column,
  { from, to, say }: { readonly from: Day; readonly to: Day; readonly say: Say },
): Day | undefined {
  if (raw(column) === '') return undefined;
  const day = parseDay(raw(column));
  if (day === undefined) return say(`The field ${column} must be a date like 2026-03-31, not ${shown(raw(column))}.`);
  if (day >= from && day <= to) return day;
  return say(`The field ${column} must be from ${isoDay(from)} to ${isoDay(to)}, not ${shown(raw(column))}.`);
}

/** `included`, or a price like 59, 59.90 or 1250.00: in whole cents. */
function readPrice(text: string, say: Say): number | undefined {
  if (text.toLowerCase() === 'included') return 0;
  const [, whole, cents = ''] = /^([0-9]{1,7})(?:\.([0-9]{1,2}))?$/.exec(text) ?? [];
  const price = whole === undefined ? undefined : Number(whole) * 100 + Number(cents.padEnd(2, '0'));
  if (price !== undefined && price > 0 && price <= MOST_CENTS) return price;
  return say(`The field price must be included, or what a month costs, like 59.90, not ${shown(text)}.`);
}
