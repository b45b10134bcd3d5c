// Which requests somebody is assigned. Pure.
import { type FormResult, readForm, typedOf } from '../../form.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { listed } from '../../wording.ts';
import { type Answers, type Kind, kinds } from '../request.ts';

/** Kinds of requests, and regions of the IPs that are asked for, that a reviewer takes. */
export type Scope = { readonly kinds: readonly Kind[]; readonly regions: readonly Region[] };

/** Whether a reviewer takes such a request; undefined: they take all. The transactional pool has no region. */
export const isTaken = (scope: Scope | undefined, answers: Answers): boolean =>
  scope === undefined ||
  (scope.kinds.includes(answers.kind) && (answers.kind !== 'dedicated_ip' || scope.regions.includes(answers.region)));

export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  dedicated_ip: 'Dedicated IPs',
  transactional_pool: 'The transactional pool',
};
export const REGION_WORDS: Readonly<Record<Region, string>> = { us: 'US', eu: 'EU' };

/** What a form ticks. undefined: everything, which stays so where a kind or a region is added one day. */
export function readScope(body: unknown, regions: readonly Region[]): FormResult<Scope | undefined> {
  const form = readForm(body);
  const typed = typedOf(body);
  const ticked = <T extends string>(name: string, among: readonly T[]): T[] => {
    const given = [typed[name] ?? []].flat();
    return among.filter((one) => given.includes(one));
  };
  const chosen = { kinds: ticked('kinds', kinds), regions: ticked('regions', regions) };
  if (chosen.kinds.length === 0) form.fail('kinds', 'Choose at least one kind of request.');
  if (chosen.kinds.includes('dedicated_ip') && chosen.regions.length === 0)
    form.fail('regions', 'Choose at least one region.');
  const isAll = chosen.kinds.length === kinds.length && chosen.regions.length === regions.length;
  return form.result(() => (isAll ? undefined : chosen));
}

/** A scope in words, within a sentence: `dedicated IPs (US) and the transactional pool`; `all requests`. */
export function scopeInWords(scope: Scope | undefined): string {
  if (scope === undefined) return 'all requests';
  const regions = scope.regions.map((region) => REGION_WORDS[region]).join(', ');
  return listed(
    scope.kinds.map((kind) => (kind === 'dedicated_ip' ? `dedicated IPs (${regions})` : 'the transactional pool')),
  );
}
