// A CSV file of customers: looked at whole first, then taken in piece by piece.
import { holdAccounts } from '../../accounts/actions.ts';
import { addCustomers, type ListedCustomer } from '../../accounts/customers/actions.ts';
import { listKnownEmails, listKnownKeys } from '../../accounts/customers/store.ts';
import { mailInvitation } from '../../accounts/people/actions.ts';
import { nameKey } from '../../accounts/person.ts';
import type { Account } from '../../accounts/store.ts';
import { listAccountsNamed } from '../../accounts/subusers/store.ts';
import type { Act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { addDomains } from '../../domains/actions.ts';
import { listKnownNames } from '../../domains/store.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { ok } from '../../result.ts';
import type { CsvRecord } from '../../sending/upload/csv-stream.ts';
import { grouped } from '../../wording.ts';
import { type Checked, checkFile, type Found, headerOf, type LineCheck } from '../checked.ts';
import { Spool } from '../spool.ts';
import { type Parent, parentAmong } from './parent.ts';
import { type CustomerHeader, type CustomerLine, type Known, readCustomerHeader, readLine } from './row.ts';

/** A customer as it waits to be taken in. */
type Item = Omit<ListedCustomer, 'parent'> & {
  readonly domains: readonly { readonly name: string; readonly usage: Stream }[];
  /** The name of its parent; `isInFile`: that one is further up in the same list. Not given: it is not a subuser. */
  readonly parent?: { readonly name: string; readonly isInFile: boolean };
};

/** Looks at a file that streams in: each line for itself, against the others and against what is stored. Writes nothing to the database. */
export async function checkCustomers(db: Db, known: Known, file: AsyncIterable<Buffer>): Promise<Checked> {
  return checkFile({ file, spool: await Spool.open() }, NOUNS, (found) => new Check(db, known, found));
}

const NOUNS: Readonly<Record<string, string>> = { c: 'The customer', e: 'The address', d: 'The domain' };

/** Subusers are taken in together with their parent where it is in the same file: no more of them than one transaction bears. */
const MOST_BELOW = 2_000;

/** Looks at one line after the other; the lines of one customer follow each other. */
class Check implements LineCheck {
  readonly #db: Db;
  readonly #known: Known;
  readonly #spool: Found['spool'];
  readonly #rejected: Found['rejected'];
  #header: CustomerHeader | undefined;
  #open: (Item & { readonly line: number }) | undefined;
  /** The customer of the last line that is not a subuser's. */
  #top: Parent | undefined;
  /** How many subusers of it came so far. */
  #below = 0;
  items = 0;

  constructor(db: Db, known: Known, { spool, rejected }: Found) {
    this.#db = db;
    this.#known = known;
    this.#spool = spool;
    this.#rejected = rejected;
  }

  async take(records: readonly CsvRecord[]): Promise<void> {
    const header = this.#header ?? headerOf(records[0], readCustomerHeader);
    const rows = this.#header === undefined ? records.slice(1) : records;
    this.#header = header;
    const read: { line: number; of: CustomerLine }[] = [];
    for (const { line, cells } of rows) {
      const row = readLine(header, cells, this.#known);
      if (row.ok) read.push({ line, of: row.value });
      else this.#rejected.add(line, row.problem.join(' '));
    }
    const taken = await takenOf(
      this.#db,
      read.map(({ of: { name, person, domains, parent } }) => ({
        ...{ name, people: person === null ? [] : [person], domains },
        ...(parent === null ? {} : { parent: { name: parent, isInFile: false } }),
      })),
    );
    for (const { line, of } of read) await this.#add(line, of, taken);
  }

  /** To be called after the last line. */
  async end(): Promise<void> {
    if (this.#open === undefined) return;
    const { line: _, ...item } = this.#open;
    await this.#spool.add(item, item.parent?.isInFile ?? false);
    this.items += 1;
    this.#open = undefined;
  }

  /** The parent of a line's customer; undefined: it has none, or what was said of the line is why it cannot be. */
  #parentOf(line: number, of: CustomerLine, taken: Taken): Parent | undefined {
    if (of.parent === null) return undefined;
    const key = nameKey(of.parent);
    const isTop = this.#top !== undefined && nameKey(this.#top.name) === key;
    const found = isTop && this.#top ? ok(this.#top) : parentAmong(of.parent, taken.parents.get(key) ?? []);
    if (!found.ok) {
      this.#rejected.add(line, found.problem);
      return undefined;
    }
    if (of.plan !== '' && of.plan !== found.value.plan)
      this.#rejected.add(line, `The field plan must be empty or ${found.value.plan}, the plan of ${found.value.name}.`);
    return found.value;
  }

  async #add(line: number, of: CustomerLine, taken: Taken): Promise<void> {
    const { name, region, person, domains } = of;
    const parent = this.#parentOf(line, of, taken);
    const plan = parent?.plan ?? of.plan;
    const isSame = this.#open !== undefined && nameKey(this.#open.name) === nameKey(name);
    const isAlike =
      this.#open?.plan === plan && this.#open.region === region && this.#open.parent?.name === parent?.name;
    if (isSame && !isAlike)
      this.#rejected.add(
        line,
        `Its plan, region and parent must be those of line ${this.#open?.line}, which is the same customer.`,
      );
    if (!isSame) {
      await this.end();
      if (parent?.id === null) {
        this.#below += 1;
        if (this.#below > MOST_BELOW) this.#rejected.add(line, tooMany(parent));
      }
      if (of.parent === null) {
        this.#top = { id: null, name, plan };
        this.#below = 0;
      }
      if (taken.names.has(nameKey(name))) this.#rejected.add(line, `${name} is a customer already.`);
      await this.#spool.note(`c${nameKey(name)}`, line);
    }
    if (person !== null) {
      if (taken.emails.has(person.email)) this.#rejected.add(line, `${person.email} belongs to somebody here already.`);
      await this.#spool.note(`e${person.email}`, line);
    }
    for (const domain of domains) {
      if (taken.domains.has(domain.name)) this.#rejected.add(line, `${domain.name} belongs to a customer already.`);
      await this.#spool.note(`d${domain.name}`, line);
    }
    const before = isSame ? this.#open : undefined;
    this.#open = {
      ...{ name, plan, region, line: before?.line ?? line },
      ...(parent === undefined ? {} : { parent: { name: parent.name, isInFile: parent.id === null } }),
      people: [...(before?.people ?? []), ...(person === null ? [] : [person])],
      domains: [...(before?.domains ?? []), ...domains],
    };
  }
}

const tooMany = ({ name }: Parent): string =>
  `A file has at most ${grouped(MOST_BELOW)} subusers of a customer that is in it too. Put the other subusers of ${name} into a second file, and upload that once this one is taken in.`;

type Taken = Readonly<Record<'names' | 'emails' | 'domains', ReadonlySet<string>>> & {
  /** The accounts that have the names of parents that are not in the file, by their keys. */
  readonly parents: ReadonlyMap<string, readonly Account[]>;
};

/** What of these customers is in the database already. */
async function takenOf(db: Db, items: readonly Pick<Item, 'name' | 'people' | 'domains' | 'parent'>[]): Promise<Taken> {
  const emails = items.flatMap(({ people }) => people.map(({ email }) => email));
  const domains = items.flatMap((item) => item.domains.map(({ name }) => name));
  const found: string[] = [];
  for (let from = 0; from < domains.length; from += 5000)
    found.push(...(await listKnownNames(db, domains.slice(from, from + 5000))));
  return {
    names: new Set(await listKnownKeys(db, [...new Set(items.map(({ name }) => nameKey(name)))])),
    emails: new Set(await listKnownEmails(db, emails)),
    domains: new Set(found),
    parents: await parentsOf(db, items),
  };
}

function parentsOf(db: Db, items: readonly Pick<Item, 'parent'>[]): Promise<Map<string, Account[]>> {
  const keys = items.flatMap(({ parent }) => (parent && !parent.isInFile ? [nameKey(parent.name)] : []));
  return listAccountsNamed(db, [...new Set(keys)]);
}

/**
 * Takes in one piece of an import: a JSON list of customers. Returns the names of those of which something was taken
 * since the file was checked: they are left out. Throws (`isDuplicate`) where that happens at this very moment.
 */
export async function applyCustomers(
  act: Act,
  list: string,
  invite: { readonly secret: string } | null,
): Promise<string[]> {
  const all: Item[] = JSON.parse(list);
  // Nobody suspends or closes a parent, or changes its plan, until its subusers are there.
  const parents = [...(await parentsOf(act.trx, all)).values()].flat();
  await holdAccounts(
    act.trx,
    parents.map(({ id }) => id),
  );
  const taken = await takenOf(act.trx, all);
  const items: ListedItem[] = [];
  for (const item of all) {
    const listed = isFree(item, taken) ? withParent(item, items, taken) : undefined;
    if (listed !== undefined) items.push(listed);
  }
  await addAll(act, items, invite);
  const added = new Set(items.map(({ name }) => name));
  return all.filter(({ name }) => !added.has(name)).map(({ name }) => name);
}

type ListedItem = ListedCustomer & Pick<Item, 'domains'>;

/** The item with its parent as it is now, on that one's plan; undefined: it has a parent no longer, or not yet. */
function withParent({ parent, ...item }: Item, before: readonly ListedItem[], taken: Taken): ListedItem | undefined {
  if (parent === undefined) return item;
  const key = nameKey(parent.name);
  if (parent.isInFile) {
    const index = before.findIndex((one) => one.parent === undefined && nameKey(one.name) === key);
    return index === -1 ? undefined : { ...item, parent: { name: parent.name, index } };
  }
  const found = parentAmong(parent.name, taken.parents.get(key) ?? []);
  if (!found.ok || found.value.id === null) return undefined;
  const { id, name, plan } = found.value;
  return { ...item, plan, parent: { name, id } };
}

const isFree = ({ name, people, domains }: Item, taken: Taken): boolean =>
  !taken.names.has(nameKey(name)) &&
  people.every(({ email }) => !taken.emails.has(email)) &&
  domains.every((domain) => !taken.domains.has(domain.name));

async function addAll(
  act: Act,
  items: readonly ListedItem[],
  invite: { readonly secret: string } | null,
): Promise<void> {
  if (items.length === 0) return;
  const { accounts, people } = await addCustomers(act, items);
  const domains = items.flatMap(({ domains: of }, index) =>
    of.map((domain) => ({ ...domain, accountId: accounts[index]?.id ?? 0 })),
  );
  if (domains.length > 0) await addDomains(act, domains);
  if (invite === null) return;
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  for (const person of people) {
    const team = { kind: 'account', id: person.accountId, name: names.get(person.accountId) ?? '' } as const;
    await mailInvitation(act, team, { ...person, staffRole: null }, invite.secret);
  }
}
