// Our resolver in the shape in which mailauth asks: it tells outcomes by the codes of node:dns.
import type { Answer } from '../../dns/outcome.ts';
import type { Questions } from './bounded.ts';

class DnsError extends Error {
  readonly code: string;
  constructor(code: string, name: string) {
    super(`DNS of ${name}: ${code}`);
    this.code = code;
  }
}

const CODES = {
  'no-such-name': 'ENOTFOUND',
  'no-such-record': 'ENODATA',
  'server-failed': 'ESERVFAIL',
  'timed-out': 'ETIMEOUT',
  away: 'ECONNREFUSED',
} as const;

export type Resolve = (name: string, type: string) => Promise<never[]>;

/** `onTxt` is told each name of which a TXT record is asked for. */
export const resolving =
  (dns: Questions, onTxt: (name: string) => void = () => {}): Resolve =>
  async (name, type) => {
    if (type === 'TXT') onTxt(name);
    const answer = await ask(dns, name, type);
    if (answer.outcome !== 'found') throw new DnsError(CODES[answer.outcome], name);
    return answer.records as never[];
  };

async function ask(dns: Questions, name: string, type: string): Promise<Answer<unknown>> {
  if (type === 'TXT') {
    const answer = await dns.txt(name);
    return answer.outcome === 'found' ? { ...answer, records: answer.records.map((text) => [text]) } : answer;
  }
  if (type === 'A') return dns.a(name);
  if (type === 'AAAA') return dns.aaaa(name);
  if (type === 'MX') return dns.mx(name);
  if (type === 'CNAME') return dns.cname(name);
  // PTR: no sound record needs it, and the address that we try has none.
  return { outcome: 'no-such-record' };
}

/** Whether mailauth's error is DNS that could not answer. */
export const isDnsTrouble = (error: unknown): boolean =>
  error instanceof DnsError && !['ENOTFOUND', 'ENODATA'].includes(error.code);
