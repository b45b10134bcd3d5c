// Where what comes back to a domain goes: its name for bounces, and its mail exchangers.
import { isCertain, recordsOf } from '../../dns/outcome.ts';
import type { Mx } from '../../dns/resolver.ts';
import { printableTexts } from '../printable.ts';
import { notFound } from './alias.ts';
import type { Questions } from './bounded.ts';
import { sameName } from './setting.ts';
import type { Look } from './verdict.ts';

/** The name below the domain that takes bounces has to be an alias of ours. */
export async function lookAtReturnPath(dns: Questions, at: string, target: string): Promise<Look> {
  const answer = await dns.cname(at);
  if (answer.outcome !== 'found') {
    if (!isCertain(answer)) return { trouble: answer.outcome };
    const addresses = [...recordsOf(await dns.a(at)), ...recordsOf(await dns.mx(at)).map(({ exchange }) => exchange)];
    if (addresses.length === 0) return notFound(dns, at, answer);
    return {
      state: 'wrong',
      found: printableTexts(addresses),
      says: `It has records of its own instead of an alias (CNAME) of ${target}.`,
    };
  }
  const [to = ''] = answer.records;
  const found = printableTexts([to]);
  if (sameName(to, target)) return { state: 'found', found, says: 'Bounces come back to us.' };
  return { state: 'wrong', found, says: `It points to ${found[0]} instead of ${target}.` };
}

const shown = ({ priority, exchange }: Mx): string => `${priority} ${exchange === '' ? '.' : exchange}`;

/** Whether somebody who answers a mail of the domain reaches anybody. */
export async function lookAtMx(dns: Questions, domain: string): Promise<Look> {
  const answer = await dns.mx(domain);
  const exchangers = recordsOf(answer);
  if (answer.outcome === 'no-such-record') return withoutMx(dns, domain);
  if (answer.outcome !== 'found') return notFound(dns, domain, answer);
  const found = printableTexts(exchangers.map(shown));
  if (exchangers.some(({ exchange }) => exchange === ''))
    return {
      state: 'wrong',
      found,
      says: 'The domain says that it takes no mail (RFC 7505): replies bounce.',
    };
  const first = [...exchangers].sort((one, other) => one.priority - other.priority)[0]?.exchange ?? '';
  const [a, aaaa] = await Promise.all([dns.a(first), dns.aaaa(first)]);
  if (recordsOf(a).length > 0) return { state: 'found', found, says: 'Answers reach a mail server.' };
  if (recordsOf(aaaa).length > 0) return { state: 'found', found, says: ONLY_V6 };
  const unknown = [a, aaaa].find((one) => !isCertain(one));
  if (unknown) return { trouble: unknown.outcome };
  return { state: 'wrong', found, says: `${printableTexts([first])[0]}, to which answers go first, has no address.` };
}

const ONLY_V6 = 'Answers reach a mail server over IPv6 alone: not every mail server can send there.';

/** Without MX, mail goes to the address of the domain itself (RFC 5321). */
async function withoutMx(dns: Questions, domain: string): Promise<Look> {
  const [a, aaaa] = await Promise.all([dns.a(domain), dns.aaaa(domain)]);
  const found = printableTexts([...recordsOf(a), ...recordsOf(aaaa)]);
  if (found.length > 0)
    return {
      state: 'found',
      found,
      says: recordsOf(a).length > 0 ? 'There is no MX record, so answers go to the domain’s own address.' : ONLY_V6,
    };
  const unknown = [a, aaaa].find((one) => !isCertain(one));
  if (unknown) return { trouble: unknown.outcome };
  return {
    state: 'missing',
    found: [],
    says: 'The domain has no MX record and no address: replies bounce.',
  };
}
