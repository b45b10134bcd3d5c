// What the mail server in front found out about a sender, as it wrote it into the mail (RFC 8601). Pure.
import { type Message, valuesOf } from './message.ts';

/** `unknown`: the server says nothing by which the sender could be trusted or not. */
export type Found = 'verified' | 'refuted' | 'unknown';

/** Longer than any that a mail server writes. */
const LONGEST = 8_000;

type Result = { readonly method: string; readonly result: string; readonly properties: ReadonlyMap<string, string> };

/**
 * Whether the server `authservId` says that a mail is from `domain`. Heeded are fields with exactly this name above the first
 * Received field: the server that hands us the mail wrote that one on top of all that came with the mail, so nobody else can
 * have put anything above it. Not all servers remove fields that bear their name already (RFC 8601, section 5).
 */
export function findTrusted(message: Message, authservId: string, domain: string): Found {
  const results = upperFields(message)
    .filter((value) => value.length <= LONGEST)
    .map(readResults)
    .filter(({ id }) => id === authservId.toLowerCase())
    .flatMap(({ results: own }) => own);
  const of = (name: string) => results.filter(({ method }) => method === name);
  const dmarc = of('dmarc').filter(({ properties }) => (properties.get('header.from') ?? domain) === domain);
  // Of two that disagree one may not be the server's own.
  if (dmarc.some(({ result }) => result === 'fail')) return 'refuted';
  if (dmarc.some(({ result }) => result === 'pass') && of('dmarc').every(({ result }) => result === 'pass')) {
    return 'verified';
  }
  if (dmarc.some(({ result }) => result !== 'none')) return 'unknown';
  const isOf = (name: string, properties: readonly string[]) =>
    of(name).some(
      ({ result, properties: given }) =>
        result === 'pass' && properties.some((one) => domainOf(given.get(one) ?? '') === domain),
    );
  return isOf('dkim', ['header.d', 'header.i']) || isOf('spf', ['smtp.mailfrom']) ? 'verified' : 'unknown';
}

/** The values of Authentication-Results above the first Received field; without one nothing is certain. */
function upperFields({ headers }: Message): string[] {
  const received = headers.findIndex(({ key }) => key === 'received');
  return valuesOf({ headers: headers.slice(0, Math.max(received, 0)) }, 'authentication-results');
}

const domainOf = (value: string): string => value.slice(value.lastIndexOf('@') + 1);

/** Takes a field apart: `mx.example.net; dmarc=pass (p=none) header.from=acme.example; …`. */
function readResults(value: string): { readonly id: string; readonly results: readonly Result[] } {
  const [id = '', ...parts] = splitOutsideQuotes(withoutComments(value));
  // A version may follow the name.
  return { id: unquoted(id.trim().split(/\s+/)[0] ?? ''), results: parts.flatMap(readResult) };
}

function readResult(part: string): Result[] {
  const [method, ...given] = Array.from(
    part.matchAll(/([\w.-]+)(?:\/\d+)?\s*=\s*("(?:[^"\\]|\\.)*"|[^\s"]+)/g),
    ([, name = '', value = '']) => [name.toLowerCase(), unquoted(value)] as const,
  );
  return method === undefined ? [] : [{ method: method[0], result: method[1], properties: new Map(given) }];
}

const unquoted = (text: string): string =>
  (/^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text).toLowerCase();

/** The text without its comments, which nest. */
function withoutComments(text: string): string {
  let depth = 0;
  let isQuoted = false;
  let left = '';
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at] as string;
    const pair = one === '\\' ? one + (text[at + 1] ?? '') : one;
    if (one === '\\') at += 1;
    else if (one === '"' && depth === 0) isQuoted = !isQuoted;
    else if (one === '(' && !isQuoted) depth += 1;
    if (depth === 0) left += pair;
    if (one === ')' && !isQuoted && depth > 0) depth -= 1;
  }
  return left;
}

function splitOutsideQuotes(text: string): string[] {
  const quoted = Array.from(text.matchAll(/"(?:[^"\\]|\\.)*"?|[^";]+|;/gs), ([token]) => token);
  const parts = [''];
  for (const token of quoted) {
    if (token === ';') parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}
