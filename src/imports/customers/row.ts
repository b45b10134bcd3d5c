// A CSV file of customers: its header, and what its lines say. Pure.
import { type AccountRole, accountRoles, nameKey } from '../../accounts/person.ts';
import { readDomainName } from '../../domains/name.ts';
import { readForm } from '../../form.ts';
import { isPlainAddress } from '../../notifications/mail.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { ok, type Result, refused } from '../../result.ts';
import { listed } from '../../wording.ts';
import { cellsOf, formulasIn, type Header, readHeader, shown } from '../header.ts';

export const CUSTOMER_COLUMNS = ['customer', 'plan', 'region', 'email', 'name', 'role', 'domains', 'parent'] as const;
type Column = (typeof CUSTOMER_COLUMNS)[number];
const NEEDED: readonly Column[] = ['customer', 'plan'];

export type CustomerHeader = Header<Column>;

export const readCustomerHeader = (cells: readonly string[]): Result<CustomerHeader, string> =>
  readHeader(cells, CUSTOMER_COLUMNS, NEEDED);

export type CustomerLine = {
  readonly name: string;
  readonly plan: string;
  readonly region: 'us' | 'eu' | null;
  /** The name of the customer whose subuser it is; its plan is that one's, and may be left empty. null: it has no parent. */
  readonly parent: string | null;
  readonly person: { readonly email: string; readonly name: string; readonly role: AccountRole } | null;
  readonly domains: readonly { readonly name: string; readonly usage: Stream }[];
};

export type Known = { readonly plans: readonly string[]; readonly regions: readonly string[] };

const MOST_DOMAINS = 200;

/** Reads a line. Refused with a sentence for each field that cannot be. */
export function readLine(
  header: CustomerHeader,
  cells: readonly string[],
  known: Known,
): Result<CustomerLine, string[]> {
  const row = cellsOf(header, cells);
  if (!row.ok) return refused([row.problem]);
  const raw = row.value;
  const wrong = formulasIn(CUSTOMER_COLUMNS, raw);
  const form = readForm({ customer: raw('customer'), name: raw('name'), parent: raw('parent') });
  const customer = form.name('customer', { label: 'The field customer', max: 100 });
  const person = form.name('name', { label: 'The field name', max: 100, required: false });
  const parent = form.name('parent', { label: 'The field parent', max: 100, required: false });
  const read = form.result(() => null);
  if (!read.ok) wrong.push(...Object.values(read.errors));
  const plan = raw('plan').toLowerCase();
  if (!known.plans.includes(plan) && !(plan === '' && parent !== ''))
    wrong.push(`The field plan must be one of ${listed([...known.plans])}, not ${shown(plan)}.`);
  const region = raw('region').toLowerCase();
  if (region !== '' && region !== 'any' && !known.regions.includes(region))
    wrong.push(`The field region must be ${[...known.regions, 'any'].join(' or ')}, not ${shown(region)}.`);
  if (parent !== '' && (region === '' || region === 'any'))
    wrong.push(`The field region must be ${known.regions.join(' or ')} for a subuser: it is fixed with it.`);
  if (parent !== '' && nameKey(parent) === nameKey(customer)) wrong.push('The field parent names the customer itself.');
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
    parent: parent === '' ? null : parent,
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
