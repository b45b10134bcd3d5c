// The map of the stock: each subnet with its states and ages, and the addresses of one.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { NotFound } from '../../web/errors.ts';
import { type Paging, pageOf, pagingOf } from '../../web/paging.ts';
import type { Route } from '../../web/router.ts';
import { countOnMap, listOnMap, type MapIp } from '../store-map.ts';
import { inOrder, subnetIn, subnetOf } from './subnet.ts';
import { AGE_WORDS, type Subnet, tally } from './tally.ts';

declare module '../../web/page.ts' {
  interface Views {
    'ips/map': {
      title: string;
      subnets: readonly Subnet[];
      /** Addresses of all pages. */
      total: number;
      ages: typeof AGE_WORDS;
      paging: Paging;
    };
    'ips/subnet': { title: string; subnet: string; ips: readonly MapIp[]; currency: string; paging: Paging };
  }
}

const SUBNETS_A_PAGE = 256;
const IPS_A_PAGE = 256;

export const mapRoutes = (deps: Deps): Route[] => [
  {
    method: 'get',
    path: '/inventory/map',
    may: 'see inventory',
    handle: (req, res) => (req.query['subnet'] === undefined ? showMap(deps, req, res) : showSubnet(deps, req, res)),
  },
];

async function showMap({ db, now }: Deps, req: Request, res: Response): Promise<void> {
  const all = tally(await countOnMap(db, now()));
  const page = pageOf(req);
  const subnets = all.slice((page - 1) * SUBNETS_A_PAGE, page * SUBNETS_A_PAGE);
  res.page('ips/map', {
    title: 'Map of the stock',
    subnets,
    total: all.reduce((sum, { total }) => sum + total, 0),
    ages: AGE_WORDS,
    paging: pagingOf('/inventory/map', { page, size: SUBNETS_A_PAGE, shown: subnets.length, total: all.length }),
  });
}

async function showSubnet({ db, policy }: Deps, req: Request, res: Response): Promise<void> {
  const subnet = subnetIn(req.query['subnet']);
  if (subnet === undefined) throw new NotFound();
  const inside = (await listOnMap(db, subnet)).filter(({ address }) => subnetOf(address) === subnet);
  if (inside.length === 0) throw new NotFound();
  const page = pageOf(req);
  const ips = inOrder(inside, ({ address }) => address).slice((page - 1) * IPS_A_PAGE, page * IPS_A_PAGE);
  const path = `/inventory/map?subnet=${encodeURIComponent(subnet)}`;
  const paging = pagingOf(path, { page, size: IPS_A_PAGE, shown: ips.length, total: inside.length });
  const { currency } = policy.document;
  res.page('ips/subnet', { title: `Subnet ${subnet}`, subnet, ips, currency, paging });
}
