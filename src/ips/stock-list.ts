// Reading what staff add to the inventory: on each line an address or a range, and its region where the line names one,
// as a CSV file of IPs has it; below a header also what is known of it. Pure.
import { parse } from 'csv-parse/sync';
import ipaddr from 'ipaddr.js';
import type { Region } from '../policy/checks/facts.ts';
import { ok, type Result, refused } from '../result.ts';
import { counted, grouped, inWords, listed } from '../wording.ts';
import { normalAddress } from './address.ts';
import { type BadLine, uselessness } from './address-list.ts';
import { DETAIL_COLUMNS, type IpDetails, readDetails } from './stock-details.ts';

/** Addresses that are added in one act: four ranges of 256. */
export const MOST_AT_ONCE = 1_024;

/** An address in normal form. `region`: as its line has it; null: it names none. */
export type StockIp = { readonly address: string; readonly region: Region | null; readonly details?: IpDetails };

/** Where an address is already: `the inventory`, or a shared pool by its name; undefined: nowhere. */
export type PlaceOf = (address: string) => string | undefined;

type Taken = { readonly line: number; readonly what: string };

/**
 * Reads one address or range on each line that is not empty, with its region behind it where there is one. Returns the
 * addresses that can be added, how many all lines hold, and every line that cannot be taken. Once there are more than fit,
 * lines are counted and not read. `placeOf` says where an address is already, if anywhere.
 */
export function readStock(
  text: string,
  regions: readonly Region[],
  placeOf: PlaceOf = () => undefined,
): { readonly ips: StockIp[]; readonly bad: BadLine[]; readonly count: number } {
  const taken = new Map<string, Taken>();
  const ips: StockIp[] = [];
  const bad: BadLine[] = [];
  let count = 0;
  let columns: readonly string[] = ['address', 'region'];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n?|\n/)
    .entries()) {
    const line = index + 1;
    const cells = cellsIn(raw);
    const [what = ''] = cells;
    if (raw.trim() === '') continue;
    if (ips.length + bad.length === 0 && isHeader(what)) {
      // Below a header of one field lines are as without a header.
      if (cells.length === 1) continue;
      columns = ['address', ...cells.slice(1).map((cell) => cell.toLowerCase())];
      const unknown = columns.find((name) => !KNOWN.includes(name));
      if (unknown === undefined) continue;
      bad.push({
        line,
        text: cut(raw.trim()),
        problem: `has the column “${unknown.slice(0, 20)}”. The columns are ${listed(KNOWN)}.`,
      });
      count += 1;
      continue;
    }
    if (count > MOST_AT_ONCE) {
      count += sizeOf(what);
      continue;
    }
    const read = readLine(cells, columns, regions);
    const problem = read.ok ? problemOf(read.value.addresses, taken, placeOf) : read.problem;
    if (!read.ok || problem !== undefined) {
      bad.push({ line, text: cut(raw.trim()), problem: problem ?? NEITHER });
      count += 1;
      continue;
    }
    count += read.value.addresses.length;
    for (const address of read.value.addresses) {
      taken.set(address, { line, what });
      ips.push({ address, ...read.value.rest });
    }
  }
  return { ips, bad, count };
}

const SHOWN = 60;
const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** What is wrong with how many addresses there are, as a sentence; undefined where nothing is. */
export function amountProblem(count: number): string | undefined {
  if (count === 0) return 'Addresses are missing. Write an address or a range on each line.';
  if (count <= MOST_AT_ONCE) return undefined;
  return `There are ${grouped(count)} addresses; ${grouped(MOST_AT_ONCE)} fit at a time. Add the others afterwards.`;
}

const NEITHER = 'is not an IP address or a range. Write it like 192.0.2.10, 203.0.113.0/28 or 2001:db8::10.';

/** A CSV file begins with the names of its columns. */
const isHeader = (cell: string): boolean => /^(address|ip)$/i.test(cell);

/** The columns that a file can have, of which only the first is needed. */
const KNOWN: string[] = ['address', 'region', ...DETAIL_COLUMNS];

/** The cells of a line, without spaces and quotes around them. */
function cellsIn(raw: string): string[] {
  const plain = () => raw.split(/[,;\t]/);
  const trimmed = (cells: readonly string[]) => cells.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  if (!raw.includes('"')) return trimmed(plain());
  try {
    const [cells = []] = parse(raw, { delimiter: [',', ';', '\t'], relax_quotes: true, trim: true }) as string[][];
    return trimmed(cells);
  } catch {
    return trimmed(plain());
  }
}

type Line = { readonly addresses: readonly string[]; readonly rest: Omit<StockIp, 'address'> };

function readLine(
  cells: readonly string[],
  columns: readonly string[],
  regions: readonly Region[],
): Result<Line, string> {
  const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
  const what = cell('address');
  if (cells.length > columns.length) return refused(tooManyFields(cells.length, columns));
  const named = cell('region');
  const region = regions.find((one) => one === named.toLowerCase()) ?? null;
  if (named !== '' && region === null)
    return refused(`names the region “${named.slice(0, 20)}”. The regions are ${listed([...regions])}.`);
  const addresses = what.includes('/') ? readRange(what) : readAddress(what);
  if (!addresses.ok) return addresses;
  const details = readDetails(cell, addresses.value.length > 1);
  if (!details.ok) return details;
  const rest = details.value === null ? { region } : { region, details: details.value };
  return ok({ addresses: addresses.value, rest });
}

const tooManyFields = (fields: number, columns: readonly string[]): string =>
  columns.length > 2
    ? `has ${counted(fields, 'field')}, and the header has ${inWords(columns.length)}.`
    : `has ${counted(fields, 'field')}. A line has an address or a range, and its region.`;

function readAddress(text: string): Result<string[], string> {
  const address = text.includes('%') ? undefined : normalAddress(text);
  if (address === undefined) return refused(NEITHER);
  const useless = uselessness(address);
  return useless === undefined ? ok([address]) : refused(`is ${useless}. Mail cannot be sent from it.`);
}

const RANGE = /^([0-9a-f:.]{2,45})\/([0-9]{1,3})$/i;

/** Addresses that a line holds. A range that is refused for its size alone counts as one. */
function sizeOf(what: string): number {
  const [, written = '', length = '128'] = RANGE.exec(what) ?? [];
  const size = 2 ** ((written.includes(':') ? 128 : 32) - Number(length));
  return size >= 1 && size <= MOST_AT_ONCE ? size : 1;
}

/** All addresses of a range (CIDR). */
function readRange(text: string): Result<string[], string> {
  const [, written = '', length = ''] = RANGE.exec(text) ?? [];
  const address = normalAddress(written);
  if (address === undefined) return refused(NEITHER);
  const [bits, most] = [Number(length), address.includes(':') ? 128 : 32];
  if (bits > most) return refused(`ends in /${bits}; its addresses have ${most} bits.`);
  const network = ipaddr.parse(networkOf(`${address}/${bits}`));
  const first = normalAddress(network.toString()) ?? address;
  if (first !== address)
    return refused(`begins in the middle of a range. Write ${first}/${bits} for the whole range, or ${address} alone.`);
  const useless = uselessness(first);
  if (useless !== undefined) return refused(`holds ${first}, which is ${useless}. Mail cannot be sent from it.`);
  const tooMany = sizeProblem(bits, most);
  if (tooMany !== undefined) return refused(tooMany);
  const addresses = Array.from({ length: 2 ** (most - bits) }, (_, nth) => nthOf(network.toByteArray(), nth));
  const inside = addresses.find((one) => uselessness(one) !== undefined);
  return inside === undefined
    ? ok(addresses)
    : refused(`holds ${inside}, which is ${uselessness(inside)}. Mail cannot be sent from it.`);
}

const networkOf = (range: string): string =>
  range.includes(':')
    ? ipaddr.IPv6.networkAddressFromCIDR(range).toString()
    : ipaddr.IPv4.networkAddressFromCIDR(range).toString();

const WIDEST = Math.log2(MOST_AT_ONCE);

function sizeProblem(bits: number, most: number): string | undefined {
  if (most - bits <= WIDEST) return undefined;
  if (most === 32)
    return `has ${grouped(2 ** (most - bits))} addresses; ${grouped(MOST_AT_ONCE)} fit at a time. Write smaller ranges, at most a /${most - WIDEST}.`;
  return `has far more addresses than mail is sent from. Receivers judge a whole /64 as one sender: write the few addresses that you use, or a range of at most a /${most - WIDEST}.`;
}

/** The nth address of a range: it begins with so many zeros that adding carries into nothing. */
function nthOf(network: readonly number[], nth: number): string {
  const bytes = [...network];
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) + (nth & 255);
  bytes[last - 1] = (bytes[last - 1] ?? 0) + (nth >> 8);
  return normalAddress(ipaddr.fromByteArray(bytes).toString()) ?? '';
}

function problemOf(
  addresses: readonly string[],
  taken: ReadonlyMap<string, Taken>,
  placeOf: PlaceOf,
): string | undefined {
  const twice = addresses.find((address) => taken.has(address));
  const earlier = twice === undefined ? undefined : taken.get(twice);
  if (earlier !== undefined) {
    const isSame = addresses.length === 1 && !earlier.what.includes('/');
    return isSame
      ? `is the same address as line ${earlier.line}. Remove one of them.`
      : `overlaps with line ${earlier.line} (${earlier.what}): ${twice} is in both. Remove one of them.`;
  }
  const known = addresses.filter((address) => placeOf(address) !== undefined);
  const [first] = known;
  if (first === undefined) return undefined;
  if (addresses.length === 1) return `is in ${placeOf(first)} already. Leave it out.`;
  const others = known.length > 1 ? ` and ${counted(known.length - 1, 'other')}` : '';
  return `holds ${first}, which is in ${placeOf(first)} already${others === '' ? '' : `,${others}`}. Leave ${known.length === 1 ? 'it' : 'them'} out.`;
}
