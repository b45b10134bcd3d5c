// What is typed about a customer's own pools. Pure.
import { type FormResult, readForm } from '../form.ts';
import type { Allocation } from '../ips/allocation.ts';
import { MOST, type PoolChoice } from '../ips/own-pools/pool.ts';
import type { Heir, Wish } from './rules.ts';

export const SHORTEST_NAME = 2;
const LONGEST_NAME = 64;

/** In forms: the IPs themselves instead of a pool; and transactional mail over the same pool as all other. */
export const DIRECT = 'direct';
export const SAME = 'same';

/** A pool as it is typed: its name, and a weight for each IP of the account; none or 0: it is not in the pool. */
export function readPool(
  body: unknown,
  ips: readonly Pick<Allocation, 'id' | 'address'>[],
): FormResult<{ readonly name: string; readonly members: readonly Wish[]; readonly version: number }> {
  const form = readForm(body);
  const name = form.name('name', { label: 'Name', max: LONGEST_NAME });
  if (name !== '' && name.length < SHORTEST_NAME) form.fail('name', 'Name has one character; at least two are needed.');
  const members = ips.flatMap(({ id, address }): Wish[] => {
    const rule = { label: `The weight of ${address}`, min: 0, max: MOST.weight, required: false };
    const weight = form.whole(`weight-${id}`, rule) ?? 0;
    return weight === 0 ? [] : [{ allocationId: id, weight }];
  });
  const version = form.whole('version', { label: 'This page', min: 0, max: 1_000_000_000, required: false }) ?? 0;
  return form.result(() => ({ name, members, version }));
}

type Ids = readonly { readonly id: number }[];

const idAmong = (text: string | null, pools: Ids): number | null =>
  pools.find(({ id }) => String(id) === text)?.id ?? null;
const keysOf = (pools: Ids): string[] => pools.map(({ id }) => String(id));

/** To which pools a domain is to point. */
export function readChoice(
  body: unknown,
  pools: Ids,
): FormResult<{ readonly choice: PoolChoice | null; readonly seen: string }> {
  const form = readForm(body);
  const all = form.choice('pool', { label: 'one of these', among: [DIRECT, ...keysOf(pools)] });
  const apart = form.choice('transactional', { label: 'one of these', among: [SAME, ...keysOf(pools)] });
  const marketing = idAmong(all, pools);
  if (all === DIRECT && apart !== null && apart !== SAME)
    form.fail('transactional', 'Choose a pool for all of its mail as well, or the same for both.');
  const seen = form.text('seen', { label: 'This page', max: 100, required: false });
  return form.result(() => ({
    choice: marketing === null ? null : { marketing, transactional: idAmong(apart, pools) ?? marketing },
    seen,
  }));
}

/** Where the mail of a pool that is deleted goes. */
export function readDeletion(body: unknown, heirs: Ids): FormResult<{ readonly heir: Heir; readonly seen: string }> {
  const form = readForm(body);
  const to = form.choice('heir', { label: 'where its mail goes', among: [DIRECT, ...keysOf(heirs)] });
  const seen = form.text('seen', { label: 'This page', max: 100 });
  return form.result(() => ({ heir: idAmong(to, heirs), seen }));
}
