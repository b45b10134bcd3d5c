// S-07: a customer's own pools of IPs: the list, as its people and staff see it, and the pages that change them.
import type { Request, Response } from 'express';
import { can } from '../accounts/permissions.ts';
import { type Account, findAccount } from '../accounts/store.ts';
import type { Deps } from '../deps.ts';
import { ALLOCATION_WORDS } from '../ips/allocation.ts';
import type { OwnPool } from '../ips/own-pools/pool.ts';
import { mayLeaveFrom } from '../policy/document/regions.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { gatherPools } from './gather.ts';
import { poolApiRoutes } from './routes-api.ts';
import { domainPoolRoutes } from './routes-domain.ts';
import { poolFormRoutes } from './routes-form.ts';
import type { Known } from './rules.ts';
import { choiceInWords, kindsInWords } from './wording.ts';

declare module '../web/page.ts' {
  interface Views {
    'own-pools/list': {
      title: string;
      account: Account;
      isStaff: boolean;
      mayManage: boolean;
      /** Whether the account has IPs of which pools can be made. */
      hasIps: boolean;
      pools: readonly OwnPool[];
      /** Addresses of members to which no domain is linked, although the policy says so (S-07, S-19). */
      unlinked: ReadonlySet<string>;
      /** S-04: whether mail of the account may leave from where an IP is. */
      mayCarry: (ip: Pick<OwnPool['members'][number], 'region'>) => boolean;
      states: typeof ALLOCATION_WORDS;
      kindsInWords: typeof kindsInWords;
      /** Each domain, and over which pools its mail goes; null: it uses IPs directly, or shared pools. */
      domains: readonly { readonly id: number; readonly name: string; readonly over: string | null }[];
    };
  }
}

export const ownPoolRoutes = (deps: Deps): Route[] => [
  {
    ...{ method: 'get', path: '/ips/pools', may: 'see own account' },
    handle: (req, res) => list(deps, { req, res, isStaff: false }),
  },
  {
    ...{ method: 'get', path: '/customers/:id/pools', may: 'see customers' },
    handle: (req, res) => list(deps, { req, res, isStaff: true }),
  },
  ...poolFormRoutes(deps),
  ...domainPoolRoutes(deps),
  ...poolApiRoutes(deps),
];

/** The members whose linked domain is missing or does not agree any more, where the policy wants one. */
const unlinkedIn = ({ policy: { reverseDns }, names, pools }: Known): Set<string> =>
  new Set(
    pools
      .flatMap(({ members }) => members)
      .filter(({ ipId }) => reverseDns.value !== null && names.get(ipId)?.status !== 'linked')
      .map(({ address }) => address),
  );

type Asked = { readonly req: Request; readonly res: Response; readonly isStaff: boolean };

async function list({ db, policy }: Deps, { req, res, isStaff }: Asked): Promise<void> {
  const account = await findAccount(db, isStaff ? idOf(req) : accountIdOf(req));
  // A subuser sends over IPs of its parent, which alone has pools.
  if (!account || account.parentId !== null) throw new NotFound();
  const known = await gatherPools(db, account, policy.document);
  const { pools, live, domains, choices } = known;
  res.page('own-pools/list', {
    title: isStaff ? `IP pools of ${account.name}` : 'IP pools',
    ...{ account, isStaff, pools, kindsInWords },
    mayManage: !isStaff && can(req.person, 'manage own IPs'),
    hasIps: live.length > 0,
    mayCarry: ({ region }) => mayLeaveFrom(account.region, region, policy.document),
    unlinked: unlinkedIn(known),
    states: ALLOCATION_WORDS,
    domains: domains.map(({ id, name }) => {
      const choice = choices.get(id) ?? null;
      return { id, name, over: choice && choiceInWords(choice, pools) };
    }),
  });
}
