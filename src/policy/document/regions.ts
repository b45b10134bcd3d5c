// Which mail may leave from which region. Pure.
import type { Region } from '../checks/facts.ts';
import type { Policy } from './policy.ts';

/**
 * S-04: whether mail of an account that is pinned to `home`, or to no region (null), may go over an IP in `from`. What is pinned
 * to the EU leaves from the EU alone, and where the policy keeps a region for accounts that are pinned to it, no other's
 * mail leaves from there.
 */
export const mayLeaveFrom = (
  home: Region | null,
  from: Region,
  { pinnedRegions }: Pick<Policy, 'pinnedRegions'>,
): boolean => home === from || (home !== 'eu' && !pinnedRegions.value.includes(from));
