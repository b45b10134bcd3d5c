// The inventory: what there is, who has it, and adding to it.
import type { Request, Response } from 'express';
import { can } from '../accounts/permissions.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { type FieldErrors, readForm, type Typed, typedOf } from '../form.ts';
import type { Region } from '../policy/checks/facts.ts';
import { gatherStock } from '../requests/stock/gather.ts';
import { type Brief, briefOf } from '../warmup/pages/wording.ts';
import { listWarmups } from '../warmup/store.ts';
import { type Paging, pageOf, pagingOf } from '../web/paging.ts';
import type { Route } from '../web/router.ts';
import { addAllIps } from './actions.ts';
import type { BadLine } from './address-list.ts';
import { ALLOCATION_WORDS } from './allocation.ts';
import { countListedFree, type Listing, listListings } from './listings/store.ts';
import { countUnsoundFree, listUnsound } from './names/store.ts';
import { heldBack } from './names/wording.ts';
import { listTakenByPools } from './pools/store.ts';
import { basisInWords, lastsInWords, type StockForecast } from './stock/forecast.ts';
import { amountProblem, readStock } from './stock-list.ts';
import { listKnownAddresses } from './store.ts';
import { countIps, type InventoryRow, listInventory } from './store-inventory.ts';

/** How many IPs of one region are in each state. */
export type Stock = {
  readonly region: Region;
  /** How many of the free ones are on a blocklist. */
  readonly listed: number;
  /** How many of them are held back by their names (S-19). */
  readonly unsound: number;
} & Readonly<Record<InventoryRow['status'], number>>;

declare module '../web/page.ts' {
  interface Views {
    'ips/inventory': {
      title: string;
      stock: readonly Stock[];
      /** How long the stock of each region lasts. */
      forecasts: ReadonlyMap<Region, StockForecast>;
      lastsInWords: typeof lastsInWords;
      basisInWords: typeof basisInWords;
      rows: readonly InventoryRow[];
      /** S-13: their warm-ups that are not complete, by their ids. */
      warming: ReadonlyMap<number, Brief>;
      states: typeof ALLOCATION_WORDS;
      paging: Paging;
      mayAdd: boolean;
      /** Whether the reader may import IPs that customers have already. */
      mayImport: boolean;
      regions: readonly Region[];
      typed: Typed;
      errors: FieldErrors;
      badLines: readonly BadLine[];
      /** The blocklists that IPs of this page are on, by the IP. */
      listings: ReadonlyMap<number, readonly Listing[]>;
      /** S-19: why names hold back free IPs of this page, by the IP. */
      heldBack: ReadonlyMap<number, string>;
    };
  }
}

const PAGE_SIZE = 100;
const EMPTY = { typed: {}, errors: {}, badLines: [], status: 200 };
type AddForm = {
  readonly typed: Typed;
  readonly errors: FieldErrors;
  readonly badLines: readonly BadLine[];
  readonly status: number;
};

export function inventoryRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/inventory', may: 'see inventory', handle: (req, res) => show(deps, req, res, EMPTY) },
    { method: 'post', path: '/inventory/ips', may: 'manage inventory', handle: (req, res) => add(deps, req, res) },
  ];
}

async function show(deps: Deps, req: Request, res: Response, { status, ...form }: AddForm): Promise<void> {
  const { db, policy, now } = deps;
  const regions = policy.document.regions.value;
  const counts = await countIps(db);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const page = pageOf(req);
  const rows = await listInventory(db, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE });
  const listings = await listListings(
    db,
    rows.map(({ id }) => id),
  );
  const unsound = await listUnsound(
    db,
    rows.map(({ id }) => id),
  );
  const ids = rows.flatMap(({ warmupId }) => warmupId ?? []);
  const warmups = await listWarmups(db, { ids, statuses: ['planned', 'running', 'paused'] });
  res.page(
    'ips/inventory',
    {
      title: 'Inventory',
      stock: stockOf(regions, counts, { listed: await countListedFree(db), unsound: await countUnsoundFree(db) }),
      ...{ forecasts: await gatherStock(db, policy.document, now()), lastsInWords, basisInWords },
      listings: Map.groupBy(listings, ({ ipId }) => ipId),
      heldBack: new Map(
        rows.flatMap(({ id, address }) => {
          const look = unsound.get(id);
          const why = look === undefined ? null : heldBack(look, address);
          return why === null ? [] : [[id, why]];
        }),
      ),
      rows,
      warming: new Map(warmups.map((warmup) => [warmup.id, briefOf(warmup, dayOf(now()), policy.document)])),
      states: ALLOCATION_WORDS,
      paging: pagingOf('/inventory', { page, size: PAGE_SIZE, shown: rows.length, total }),
      mayAdd: can(req.person, 'manage inventory'),
      mayImport: can(req.person, 'manage customers'),
      regions,
      ...form,
    },
    status,
  );
}

function stockOf(
  regions: readonly Region[],
  counts: Awaited<ReturnType<typeof countIps>>,
  held: { readonly listed: ReadonlyMap<Region, number>; readonly unsound: ReadonlyMap<Region, number> },
): Stock[] {
  const all = [...new Set([...regions, ...counts.map(({ region }) => region)])];
  return all.map((region) => {
    const of = (status: InventoryRow['status']) =>
      counts.find((one) => one.region === region && one.status === status)?.count ?? 0;
    return {
      region,
      listed: held.listed.get(region) ?? 0,
      unsound: held.unsound.get(region) ?? 0,
      free: of('free'),
      allocated: of('allocated'),
      quarantined: of('quarantined'),
      withdrawn: of('withdrawn'),
    };
  });
}

async function add(deps: Deps, req: Request, res: Response): Promise<void> {
  const actor = { person: req.person, at: deps.now() };
  const { ips, ...form } = await readAddForm(deps, req.body);
  const isRight = Object.keys(form.errors).length === 0;
  if (isRight && (await addAllIps(deps.db, actor, ips)).ok) return res.redirect(303, '/inventory?note=ips-added');
  // Somebody added one of them in between: read again, so that the line is named.
  const again = isRight ? await readAddForm(deps, req.body) : form;
  const { typed, errors, badLines } = again;
  await show(deps, req, res, { typed, errors, badLines, status: 422 });
}

/** Most that somebody pastes: long lines of a CSV file for every address that fits. */
const MOST_TYPED = 100_000;

async function readAddForm({ db, policy }: Deps, body: unknown) {
  const regions = policy.document.regions.value;
  const form = readForm(body);
  const text = form.text('addresses', { label: 'Addresses', max: MOST_TYPED, required: false });
  const candidates = readStock(text, regions).ips.map(({ address }) => address);
  const known = new Set(await listKnownAddresses(db, candidates));
  const inPools = await listTakenByPools(db, candidates);
  const { ips, bad, count } = readStock(text, regions, (address) => {
    const pool = inPools.get(address);
    return pool === undefined ? (known.has(address) ? 'the inventory' : undefined) : `the pool ${pool}`;
  });
  const amount = amountProblem(count);
  if (amount !== undefined) form.fail('addresses', amount);
  else if (bad.length > 0) form.fail('addresses', summaryOf(bad.length));
  const isNamed = ips.length > 0 && ips.every(({ region }) => region !== null);
  const usual = isNamed ? null : form.choice('region', { label: 'a region', among: regions });
  const read = form.result(() => null);
  const placed = ips.flatMap(({ region, ...ip }) => {
    const own = region ?? usual;
    return own === null ? [] : [{ ...ip, region: own }];
  });
  return { ips: placed, typed: typedOf(body), errors: read.ok ? {} : read.errors, badLines: bad };
}

const summaryOf = (count: number): string =>
  count === 1
    ? 'One line cannot be taken, so nothing was added.'
    : `${count} lines cannot be taken, so nothing was added.`;
