// A domain's name as people write it, and the one form in which it is kept. Pure.
import { domainToASCII, domainToUnicode } from 'node:url';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`);

/** Whether `name` is a plain lower-case domain name, in its ASCII form. */
export const isDomainName = (name: string): boolean => name.length <= 253 && DOMAIN.test(name);

/** Records of a domain are below it, so its own name may not use up all the room. */
const LONGEST = 220;
// What an address or a path has and a name has not: the converter would cut it off or decode it.
const NO_NAME = /[\s/\\@:?#%[\]<>^|]/;

/**
 * The ASCII form of a domain's name, written with U-labels or A-labels, in any case: `Bücher.de` and `xn--bcher-kva.de`
 * are one. Undefined where it is not a domain's name.
 */
export function readDomainName(text: string): string | undefined {
  const plain = text.trim().replace(/\.$/, '');
  if (NO_NAME.test(plain)) return undefined;
  const name = domainToASCII(plain);
  if (name.length > LONGEST || !isDomainName(name)) return undefined;
  // A label that begins xn-- and decodes to nothing, or to something that is written otherwise, is nobody's.
  const written = domainToUnicode(name);
  return !/(^|\.)xn--/.test(written) && domainToASCII(written) === name ? name : undefined;
}

/** How the name's owner writes it, where that differs from its ASCII form; else null. Always shown beside it, never alone. */
export function writtenName(name: string): string | null {
  if (!name.includes('xn--')) return null;
  const written = domainToUnicode(name);
  return written === '' || written === name ? null : written;
}

/** Whether the name is reserved for documentation (RFC 6761), as those of the demo are: DNS is never asked about it. */
export const isForDocumentation = (name: string): boolean => name.endsWith('.example');
