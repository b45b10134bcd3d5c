// DKIM (RFC 6376): under each selector a key that receivers take, where the provider wants it.
import { type Answer, recordsOf } from '../../dns/outcome.ts';
import { printableTexts } from '../printable.ts';
import { notFound } from './alias.ts';
import type { Questions } from './bounded.ts';
import { isDnsTrouble, resolving } from './resolving.ts';
import { sameName } from './setting.ts';
import type { Look } from './verdict.ts';

/** RFC 8301: receivers must not take less. */
const LEAST_BITS = 1024;

const REASONS: Readonly<Record<string, string>> = {
  ESHORTKEY: `The key is shorter than ${LEAST_BITS} bits, and receivers do not take it. Make one of 2048.`,
  EINVALIDVER: 'Its version is not DKIM1, so receivers do not take it.',
  EINVALIDTYPE: 'The key is of a kind that receivers do not know, or was cut off.',
  EINVALIDSERVICE: 'It says (s=) that the key is not for mail.',
};

/** `target`: where the name has to point; null: the key itself is published there. */
export async function lookAtKey(dns: Questions, at: string, target: string | null): Promise<Look> {
  const answer = await dns.txt(at);
  const records = recordsOf(answer);
  if (answer.outcome !== 'found') return notFound(dns, at, answer);
  const found = printableTexts(records);
  const wrong = (says: string): Look => ({ state: 'wrong', found, says });
  if (records.length > 1)
    return wrong(
      `There are ${records.length} TXT records at this name; receivers take any one of them. Leave the key alone there.`,
    );
  const bad = await keyProblem(dns, at, records[0] ?? '');
  if (bad === null) return { trouble: 'server-failed' };
  if (bad.says !== '') return wrong(bad.says);
  const elsewhere = target === null ? '' : await notAt(dns, at, target, answer);
  if (elsewhere !== '') return wrong(elsewhere);
  return {
    state: 'found',
    found,
    says: bad.isTesting
      ? 'The key is there, but says t=y: receivers treat mail as if it were not signed. Take that out once you have tried it.'
      : `A key that receivers take${bad.size}.`,
  };
}

type Key = { readonly says: string; readonly isTesting: boolean; readonly size: string };

/** What is wrong with a key; null where DNS could not tell. */
async function keyProblem(dns: Questions, at: string, text: string): Promise<Key | null> {
  const { default: tools } = await import('mailauth/lib/tools.js');
  try {
    const { keyType, modulusLength, testing } = await tools.getPublicKey('DKIM', at, LEAST_BITS, resolving(dns));
    return {
      says: '',
      isTesting: testing,
      size: keyType === 'rsa' ? `: RSA of ${modulusLength} bits` : `: ${keyType}`,
    };
  } catch (error) {
    if (isDnsTrouble(error)) return null;
    const { code = '' } = error as { code?: string };
    const isRevoked = /(^|;)\s*p\s*=\s*(;|$)/.test(text);
    const says = isRevoked
      ? 'The key is revoked: its p= is empty. Publish the current one.'
      : (REASONS[code] ?? 'This is not a key: p= with the key is missing, or its value is not base64.');
    return { says, isTesting: false, size: '' };
  }
}

/** Whether a name points elsewhere than it should, in words. Some DNS hosts resolve aliases themselves: the same key is as good. */
async function notAt(dns: Questions, at: string, target: string, answer: Answer<string>): Promise<string> {
  const cname = await dns.cname(at);
  if (cname.outcome === 'found') {
    const [to = ''] = cname.records;
    return sameName(to, target) ? '' : `It points to ${printableTexts([to])[0]} instead of ${target}.`;
  }
  const ours = recordsOf(await dns.txt(target));
  if (ours.length > 0 && ours[0] === recordsOf(answer)[0]) return '';
  return `There is a key of its own instead of an alias (CNAME) of ${target}, so that it is not the key with which we sign.`;
}
