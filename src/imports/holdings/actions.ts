// A CSV file of dedicated IPs that customers have already: looked at whole first, then taken in piece by piece. Nobody is
// mailed, and no request is made up.
import { holdAccounts } from '../../accounts/actions.ts';
import type { Act } from '../../act.ts';
import { gatherSpan } from '../../charges/gather.ts';
import { firstDayOf } from '../../charges/ledger.ts';
import type { Db } from '../../database.ts';
import { type Day, startOfDay } from '../../day.ts';
import { keepDomains, moveDomain } from '../../domains/actions.ts';
import { findDomainOf, listDomainsNamed } from '../../domains/store.ts';
import { moveIpIn } from '../../ips/actions.ts';
import { listTakenByPools } from '../../ips/pools/store.ts';
import { listIpsAt } from '../../ips/store.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { CsvRecord } from '../../sending/upload/csv-stream.ts';
import { moveWarmupIn } from '../../warmup/moving-in/actions.ts';
import { type Checked, checkFile, type Found, headerOf, type LineCheck } from '../checked.ts';
import { Spool } from '../spool.ts';
import { type Fitting, fitHolding, type Stored } from './fit.ts';
import { type HoldingHeader, type HoldingLine, type Reading, readHolding, readHoldingHeader } from './row.ts';

/** `own`: the account of the person who sends the file; null: they have none. */
type Rules = { readonly policy: Policy; readonly today: Day; readonly own: number | null };

/** Looks at a file that streams in: each line for itself, against the others and against what is stored. Writes nothing to the database. */
export async function checkHoldings(db: Db, rules: Rules, file: AsyncIterable<Buffer>): Promise<Checked> {
  const { today, policy } = rules;
  const { first } = await gatherSpan(db, startOfDay(today));
  const reading = { today, ledgerFrom: firstDayOf(first), regions: policy.regions.value };
  const spool = await Spool.open();
  return checkFile({ file, spool }, { i: 'The IP' }, (found) => new Check(db, { ...rules, reading }, found));
}

class Check implements LineCheck {
  readonly #db: Db;
  readonly #rules: Rules & { readonly reading: Reading };
  readonly #found: Found;
  #header: HoldingHeader | undefined;
  items = 0;

  constructor(db: Db, rules: Rules & { readonly reading: Reading }, found: Found) {
    this.#db = db;
    this.#rules = rules;
    this.#found = found;
  }

  async take(records: readonly CsvRecord[]): Promise<void> {
    const { spool, rejected } = this.#found;
    const header = this.#header ?? headerOf(records[0], readHoldingHeader);
    const rows = this.#header === undefined ? records.slice(1) : records;
    this.#header = header;
    const read = rows.flatMap(({ line, cells }) => {
      const row = readHolding(header, cells, this.#rules.reading);
      if (!row.ok) rejected.add(line, row.problem.join(' '));
      return row.ok ? [{ line, of: row.value }] : [];
    });
    const stored = await storedOf(
      this.#db,
      read.map(({ of }) => of),
    );
    for (const { line, of } of read) {
      await spool.note(`i${of.address}`, line);
      const fits = fitHolding(of, stored, this.#rules.own);
      if (!fits.ok) rejected.add(line, fits.problem.join(' '));
      await spool.add(of);
      this.items += 1;
    }
  }

  async end(): Promise<void> {}
}

/** Names in one statement. */
const TOGETHER = 5_000;

async function storedOf(db: Db, lines: readonly HoldingLine[]): Promise<Stored> {
  const addresses = [...new Set(lines.map(({ address }) => address))];
  const names = [...new Set(lines.flatMap(({ domains }) => domains))];
  const domains = new Map<string, Owned>();
  for (let from = 0; from < names.length; from += TOGETHER)
    for (const [name, owned] of await listDomainsNamed(db, names.slice(from, from + TOGETHER)))
      domains.set(name, owned);
  return { ips: await listIpsAt(db, addresses), pools: await listTakenByPools(db, addresses), domains };
}

type Owned = Stored['domains'] extends ReadonlyMap<string, infer One> ? One : never;

/**
 * Takes in one piece of an import: a JSON list of IPs. Returns the addresses of those that fit no more since the file was
 * checked: they are left out. Throws (`isDuplicate`, `isPassing`) where that happens at this very moment.
 */
export async function applyHoldings(act: Act, list: string, policy: Policy): Promise<string[]> {
  const lines: HoldingLine[] = JSON.parse(list);
  await holdOwners(act, lines);
  const stored = await storedOf(act.trx, lines);
  const leftOut: string[] = [];
  for (const line of lines) {
    const fits = fitHolding(line, stored, act.actor.person?.accountId ?? null);
    if (fits.ok) await take(act, line, fits.value, policy);
    else leftOut.push(line.address);
  }
  return leftOut;
}

/**
 * Who closes or changes one of these accounts at the same time waits for this, or this for them. In the order of their ids, so
 * that two pieces never wait for each other.
 */
async function holdOwners({ trx }: Act, lines: readonly HoldingLine[]): Promise<void> {
  const { domains } = await storedOf(trx, lines);
  const ids = new Set([...domains.values()].map(({ account }) => account.id));
  await holdAccounts(trx, [...ids]);
}

async function take(
  act: Act,
  line: HoldingLine,
  { region, accountId, domains }: Fitting,
  policy: Policy,
): Promise<void> {
  const { address, state, perDay, target, since, monthlyCents, chargedFrom } = line;
  const domainIds = domains.map((domain) => domain.id);
  await keepDomains(act, accountId, domainIds);
  const id = await moveIpIn(act, {
    ...{ address, region, accountId, perDay, monthlyCents, chargedFrom },
    currency: policy.currency,
    domainIds,
    status: state,
    at: startOfDay(since),
  });
  await moveWarmupIn(act, id, { state, perDay, target, since }, policy);
  for (const domainId of domainIds) {
    // A line before this one may have moved it.
    const domain = await findDomainOf(act.trx, accountId, domainId);
    if (domain) await moveDomain(act, domain, 'dedicated');
  }
}
