// A CSV file of customers: its header, and what its lines say. Pure.
import { type AccountRole, accountRoles } from '../../accounts/person.ts';
import { readDomainName } from '../../domains/name.ts';
import { readForm } from '../../form.ts';
import { isPlainAddress } from '../../notifications/mail.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { ok, type Result, refused } from '../../result.ts';
import { listed } from '../../wording.ts';

export const CUSTOMER_COLUMNS = ['customer', 'plan', 'region', 'email', 'name', 'role', 'domains'] as const;
type Column = (typeof CUSTOMER_COLUMNS)[number];
const NEEDED: readonly Column[] = ['customer', 'plan'];

/** The position of each column; all but the customer and its plan may be left out. */
export type Header = Readonly<Partial<Record<Column, number>>>;

/** Reads the header. Refused with one sentence about all that is wrong with it. */
export function readHeader(cells: readonly string[]): Result<Header, string> {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const missing = NEEDED.filter((column) => !names.includes(column));
  const unknown = names.filter((name) => !(CUSTOMER_COLUMNS as readonly string[]).includes(name));
  const twice = CUSTOMER_COLUMNS.filter((column) => names.filter((name) => name === column).length > 1);
  const wrong = [
    missing.length > 0 && `The header lacks ${listed(missing)}.`,
    unknown.length > 0 && `The header has ${listed(unknown.slice(0, 5).map(shown))}, which is not known here.`,
    twice.length > 0 && `The header has ${listed(twice)} twice.`,
  ].filter((sentence) => sentence !== false);
  if (wrong.length > 0) return refused(`${wrong.join(' ')} Its columns can be: ${CUSTOMER_COLUMNS.join(',')}`);
  return ok(Object.fromEntries(names.map((name, index) => [name, index])));
}

const shown = (text: string): string => `“${text.slice(0, 40)}”`;

export type CustomerLine = {
  readonly name: string;
  readonly plan: string;
  readonly region: 'us' | 'eu' | null;
  readonly person: { readonly email: string; readonly name: string; readonly role: AccountRole } | null;
  readonly domains: readonly { readonly name: string; readonly usage: Stream }[];
};

export type Known = { readonly plans: readonly string[]; readonly regions: readonly string[] };

// What a spreadsheet would run instead of showing it.
const FORMULA = /^\s*[=+@\t\r-]/;
const MOST_DOMAINS = 200;

/** Reads a line. Refused with a sentence for each field that cannot be. */
export function readLine(header: Header, cells: readonly string[], known: Known): Result<CustomerLine, string[]> {
  const columns = Object.keys(header).length;
  if (cells.length !== columns) return refused([`It has ${cells.length} fields, and the header has ${columns}.`]);
  const wrong: string[] = [];
  const raw = (column: Column): string => (cells[header[column] ?? -1] ?? '').trim();
  for (const column of CUSTOMER_COLUMNS) {
    if (FORMULA.test(raw(column))) wrong.push(`The field ${column} begins like a formula: ${shown(raw(column))}.`);
  }
  const form = readForm({ customer: raw('customer'), name: raw('name') });
  const customer = form.name('customer', { label: 'The field customer', max: 100 });
  const person = form.name('name', { label: 'The field name', max: 100, required: false });
  const read = form.result(() => null);
  if (!read.ok) wrong.push(...Object.values(read.errors));
  const plan = raw('plan').toLowerCase();
  if (!known.plans.includes(plan))
    wrong.push(`The field plan must be one of ${listed([...known.plans])}, not ${shown(plan)}.`);
  const region = raw('region').toLowerCase();
  if (region !== '' && region !== 'any' && !known.regions.includes(region))
    wrong.push(`The field region must be ${[...known.regions, 'any'].join(' or ')}, not ${shown(region)}.`);
  const email = raw('email').toLowerCase();
  if (email !== '' && !isPlainAddress(email)) wrong.push(`The field email is not a plain address: ${shown(email)}.`);
  const role = (raw('role').toLowerCase() || 'admin') as AccountRole;
  if (!accountRoles.includes(role))
    wrong.push(`The field role must be ${accountRoles.join(' or ')}, not ${shown(role)}.`);
  const domains = domainsIn(raw('domains'), wrong);
  if (wrong.length > 0) return refused(wrong);
  return ok({
    name: customer,
    plan,
    region: region === 'us' || region === 'eu' ? region : null,
    person: email === '' ? null : { email, name: person || (email.split('@')[0] ?? email), role },
    domains,
  });
}

const USAGES = ['marketing', 'transactional', 'both'] as const;

/** Domains between spaces; one that is not for mail of both kinds says so behind a colon. */
function domainsIn(text: string, wrong: string[]): { name: string; usage: Stream }[] {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length > MOST_DOMAINS)
    wrong.push(`The field domains has ${parts.length} domains; ${MOST_DOMAINS} fit in a line.`);
  return parts.slice(0, MOST_DOMAINS).flatMap((part) => {
    const [given = '', usage = 'both'] = part.split(':');
    const name = readDomainName(given);
    const found = USAGES.find((one) => one === usage);
    if (name !== undefined && found) return [{ name, usage: found }];
    wrong.push(
      `The field domains has ${shown(part)}; write domains like shop.example or mail.shop.example:transactional.`,
    );
    return [];
  });
}
