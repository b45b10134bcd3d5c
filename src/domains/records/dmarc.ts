// DMARC (RFC 9989): the policy that receivers find for the domain, its own or that of its organisational domain.
import { isCertain, recordsOf } from '../../dns/outcome.ts';
import { printableTexts } from '../printable.ts';
import { notFound } from './alias.ts';
import type { Questions } from './bounded.ts';
import { isDnsTrouble, resolving } from './resolving.ts';
import type { Look } from './verdict.ts';

const POLICIES: Readonly<Record<string, string>> = {
  none: 'receivers deliver mail that fails (p=none)',
  quarantine: 'receivers put mail that fails aside (p=quarantine)',
  reject: 'receivers refuse mail that fails (p=reject)',
};

/** Looks up the tree of names as receivers do, without a list of public suffixes. */
export async function lookAtDmarc(dns: Questions, domain: string): Promise<Look> {
  const { default: dmarc } = await import('mailauth/lib/dmarc/get-dmarc-record.js');
  const at = `_dmarc.${domain}`;
  const own = await dns.txt(at);
  const records = recordsOf(own).filter((text) => /^v\s*=\s*DMARC1\s*(;|$)/i.test(text.trim()));
  if (records.length > 1)
    return {
      state: 'wrong',
      found: printableTexts(records),
      says: `There are ${records.length} DMARC records, and receivers then heed neither. Leave one.`,
    };
  try {
    const { record, recordDomain } = await dmarc.discoverPolicy(domain, dmarc.createRecordLookup(resolving(dns)));
    if (!record) return notFound(dns, at, own);
    const found = printableTexts([record.rr]);
    const tags = dmarc.getPolicyTags(record);
    if (tags === null)
      return {
        state: 'wrong',
        found,
        says: 'It has no policy that receivers know: p= must be none, quarantine or reject.',
      };
    const isOwn = recordDomain === domain;
    const policy = (isOwn ? undefined : tags.sp) ?? tags.p;
    const where = isOwn ? 'It applies' : `That of ${recordDomain} applies`;
    const gone = record['pct'] === undefined ? '' : ' Its pct= is no longer part of DMARC and is not heeded.';
    return { state: 'found', found, says: `${where}: ${POLICIES[policy] ?? policy}.${gone}` };
  } catch (error) {
    if (isDnsTrouble(error)) return isCertain(own) ? { trouble: 'server-failed' } : notFound(dns, at, own);
    throw error;
  }
}
