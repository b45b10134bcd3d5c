// S-19: whether the names of an IP agree both ways: its PTR record names a host, and that host has the IP's address. Pure.
import ipaddr from 'ipaddr.js';
import { type Answer, isCertain, type Outcome, recordsOf } from '../../dns/outcome.ts';
import { printableTexts } from '../../domains/printable.ts';
import { sameName } from '../../domains/records/setting.ts';

/** What DNS says on one of the two sides, and what is published there, fit to be shown. */
export type Side = { readonly state: 'agrees' | 'differs' | 'missing'; readonly found: readonly string[] };

/** A side is null where it could not be found out; `trouble` says why. */
export type NameLook = {
  /** The PTR record of the address. */
  readonly ptr: Side | null;
  /** The A or AAAA record of the host name. */
  readonly forward: Side | null;
  readonly trouble: Outcome | null;
};

export const UNKNOWN: NameLook = { ptr: null, forward: null, trouble: null };

/** Whether both sides agree; null where nothing certain keeps them from it and one of them is not known. */
export function isSound({ ptr, forward }: Pick<NameLook, 'ptr' | 'forward'>): boolean | null {
  if ([ptr, forward].some((side) => side !== null && side.state !== 'agrees')) return false;
  return ptr === null || forward === null ? null : true;
}

/** What is known after a look: a side that could not be found out stays as it was. */
export const known = (look: NameLook, before: Pick<NameLook, 'ptr' | 'forward'>): NameLook => ({
  ...look,
  ptr: look.ptr ?? before.ptr,
  forward: look.forward ?? before.forward,
});

type Asked = { readonly address: string; readonly ptr: Answer<string> };

/** Judges the host name that is linked to an IP. `forward`: the A records of that name, of an IPv6 address its AAAA. */
export function judgeLinked(name: string, { address, ptr }: Asked, forward: Answer<string>): NameLook {
  return {
    ptr: sideOf(ptr, (found) => sameName(found, name)),
    forward: sideOf(forward, (found) => sameAddress(found, address)),
    trouble: troubleIn([ptr, forward]),
  };
}

/**
 * Judges an IP that nobody has: one of its names has to lead back to it, and it must not carry the name of somebody who had
 * it. `forwards`: of each name in its PTR record the addresses; `former`: names that are not its any more.
 */
export function judgeFree(
  { address, ptr }: Asked,
  forwards: ReadonlyMap<string, Answer<string>>,
  former: readonly string[],
): NameLook {
  const isFormer = (name: string) => former.some((one) => sameName(one, name));
  const own = sideOf(ptr, () => true);
  const names = recordsOf(ptr);
  const answers = [...forwards.values()];
  const addresses = answers.flatMap(recordsOf);
  const leadsBack = addresses.some((one) => sameAddress(one, address));
  const unknown = answers.find((one) => !isCertain(one));
  const forward: Side = {
    state: leadsBack ? 'agrees' : addresses.length > 0 ? 'differs' : 'missing',
    found: printableTexts(addresses),
  };
  return {
    ptr: own !== null && names.some(isFormer) ? { ...own, state: 'differs' } : own,
    forward: own === null || (!leadsBack && unknown !== undefined) ? null : forward,
    trouble: troubleIn([ptr, ...(leadsBack ? [] : answers)]),
  };
}

function sideOf(answer: Answer<string>, isRight: (record: string) => boolean): Side | null {
  if (!isCertain(answer)) return null;
  const records = recordsOf(answer);
  if (records.length === 0) return { state: 'missing', found: [] };
  return { state: records.some(isRight) ? 'agrees' : 'differs', found: printableTexts(records) };
}

const troubleIn = (answers: readonly Answer<string>[]): Outcome | null =>
  answers.find((one) => !isCertain(one))?.outcome ?? null;

/** The same address in any writing. */
const sameAddress = (one: string, other: string): boolean =>
  ipaddr.isValid(one) && ipaddr.parse(one).toNormalizedString() === ipaddr.parse(other).toNormalizedString();
