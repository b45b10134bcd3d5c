// Why a name that is an alias has no record at its end: resolvers answer a circle like an empty name, or not at all.
import { type Answer, isCertain } from '../../dns/outcome.ts';
import { printableTexts } from '../printable.ts';
import type { Questions } from './bounded.ts';
import { sameName } from './setting.ts';
import type { Look, Verdict } from './verdict.ts';

const MOST_STEPS = 8;

type Chain = { readonly names: readonly string[]; readonly end: 'end' | 'circle' | 'long' | 'unknown' };

async function follow(dns: Questions, start: string): Promise<Chain> {
  const names = [start];
  while (names.length <= MOST_STEPS) {
    const answer = await dns.cname(names.at(-1) ?? start);
    if (!isCertain(answer)) return { names, end: 'unknown' };
    const next = answer.outcome === 'found' ? answer.records[0] : undefined;
    if (next === undefined) return { names, end: 'end' };
    const isCircle = names.some((name) => sameName(name, next));
    names.push(next);
    if (isCircle) return { names, end: 'circle' };
  }
  return { names, end: 'long' };
}

/**
 * What is to be said of a record that was not found at `name`: the name is an alias that leads nowhere, or there is no
 * such record, or nothing was found out.
 */
export async function notFound(dns: Questions, name: string, answer: Answer<unknown>): Promise<Look> {
  const { names, end } = await follow(dns, name);
  // Resolvers fail for a circle of aliases, so that is known even where the record itself is not.
  const isKnown = isCertain(answer) ? end !== 'unknown' : end === 'circle' || end === 'long';
  if (names.length > 1 && isKnown)
    return { state: 'wrong', found: printableTexts(names.slice(1)), says: aliasWords(names, end) };
  if (!isCertain(answer)) return { trouble: answer.outcome };
  return names.length > 1 ? { trouble: 'server-failed' } : missing(answer);
}

const missing = ({ outcome }: { readonly outcome: string }): Verdict => ({
  state: 'missing',
  found: [],
  says: outcome === 'no-such-name' ? 'This name does not exist in DNS.' : 'This name has no such record.',
});

function aliasWords(names: readonly string[], end: Chain['end']): string {
  const last = printableTexts([names.at(-1) ?? ''])[0];
  if (end === 'circle') return 'This name is an alias (CNAME) that leads in a circle, so nobody finds a record there.';
  if (end === 'long')
    return 'This name is an alias (CNAME) of an alias, and so on for more than eight steps: nobody follows that far.';
  return `This name is an alias (CNAME) of ${last}, which has no such record.`;
}
