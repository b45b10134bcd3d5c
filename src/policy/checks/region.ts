// Where the IPs that are asked for may be. Pure.
import { type Check, finding } from './check.ts';
import { either, regionNames } from './dedicated.ts';
import type { DedicatedFacts, Region } from './facts.ts';
import { isForSubusersAlone } from './subusers.ts';

/**
 * S-04, as far as a request shows it: an account pinned to a region sends only from there, and IPs of some regions go
 * only to accounts that are pinned to them. Where all domains are those of subusers it is the region of these that counts (S-23).
 * S-14: the customer chooses among the regions that are offered.
 */
export const region: Check<DedicatedFacts> = (policy, { asked, account, domains }, at) => {
  const isOpen = (each: Region) => maySendFrom(account.region, each, policy.pinnedRegions.value);
  const isForOthers = isForSubusersAlone(domains);
  const theirs = new Set(domains.flatMap(({ subuser }) => subuser?.region ?? []));
  const fitsAll = (each: Region) => (isForOthers ? theirs.has(each) : isOpen(each));
  const offered = policy.regions.value.filter(fitsAll);
  const own = fitsAll(asked.region);
  const sold = policy.regions.value.includes(asked.region);
  const fits = own ? 'passes' : 'fails';
  return finding({
    check: 'region',
    rule: sold ? policy.pinnedRegions.rule : policy.regions.rule,
    title: 'Region',
    fact: asked.region.toUpperCase(),
    limit: either(offered.map((each) => each.toUpperCase())) || 'none offered',
    verdict: sold ? fits : 'blocks',
    says:
      isForOthers && sold
        ? subusersSay(asked.region, own)
        : regionSays(asked.region, account.region, { own, sold, offered }),
    remedy: remedyOf(offered, theirs.size > 0 && !isForOthers),
    source: 'account',
    asOf: at,
  });
};

/**
 * S-04: whether mail of an account that is pinned to `home`, or to no region (null), may leave from a region. `pinned`: the
 * regions that are only for accounts that are pinned to them, by the policy.
 */
export const maySendFrom = (home: Region | null, from: Region, pinned: readonly Region[]): boolean =>
  home === null ? !pinned.includes(from) : from === home;

function remedyOf(offered: readonly Region[], isMixed: boolean): string | null {
  if (isMixed) return 'Ask for your own domains and for those of your subusers in requests of their own.';
  return offered.length > 0 ? `Ask for IPs in ${either(offered.map((each) => regionNames[each]))}.` : null;
}

const subusersSay = (asked: Region, fits: boolean): [string, string] =>
  fits
    ? ['The region fits.', `Your subusers send from ${regionNames[asked]}.`]
    : [
        'Not the region of your subuser.',
        `You ask for IPs in ${regionNames[asked]}, and no subuser named sends from there.`,
      ];

const regionSays = (
  asked: Region,
  home: Region | null,
  { own, sold, offered }: { readonly own: boolean; readonly sold: boolean; readonly offered: readonly Region[] },
): [string, string] => {
  if (!sold) return ['No IPs there.', `We have no dedicated IPs in ${regionNames[asked]}.`];
  if (home === null && !own)
    return ['Not your region.', `IPs in ${regionNames[asked]} are for accounts that send from there only.`];
  if (home === null) {
    const from = offered.length > 1 ? 'every region' : regionNames[asked];
    return ['The region fits.', `Your account may send from ${from}.`];
  }
  if (home === asked) return ['The region fits.', `Your account sends from ${regionNames[home]}.`];
  return [
    'Not your region.',
    `Your account sends from ${regionNames[home]} only; you ask for IPs in ${regionNames[asked]}.`,
  ];
};
