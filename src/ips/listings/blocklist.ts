// DNS blocklists as RFC 5782 has them: the name that is asked for an address, and what an answer says. Pure.
import { type Answer, recordsOf } from '../../dns/outcome.ts';
import { reversed } from '../../dns/reverse-name.ts';

/** A blocklist of the policy: its zone in DNS, and what people call it. */
export type Blocklist = { readonly zone: string; readonly name: string };

/** The name to ask for: `7.113.0.203.ZONE`; of an IPv6 address each of its 32 nibbles, the last first. */
export const queryName = (address: string, zone: string): string => `${reversed(address)}.${zone}`;

/** What a list says of an address. `says`: what kept it from saying anything, as a clause. */
export type Verdict =
  | { readonly state: 'listed'; readonly codes: string }
  | { readonly state: 'clean' }
  | { readonly state: 'unknown'; readonly says: string };

/**
 * Reads an answer. One in 127.255.255.0/24 refuses the question (too many of them, or through a public resolver), and
 * 127.0.0.1 never is a listing; what is not in 127.0.0.0/8 is not a blocklist's answer at all.
 */
export function verdictOn(answer: Answer<string>): Verdict {
  if (answer.outcome === 'no-such-name' || answer.outcome === 'no-such-record') return { state: 'clean' };
  if (answer.outcome !== 'found') return { state: 'unknown', says: TROUBLE[answer.outcome] };
  const codes = recordsOf(answer).toSorted();
  const refusal = codes.find((code) => code.startsWith('127.255.255.') || code === '127.0.0.1');
  if (refusal !== undefined) return { state: 'unknown', says: `refused the question (${refusal})` };
  const odd = codes.find((code) => !code.startsWith('127.'));
  if (odd !== undefined) return { state: 'unknown', says: `answered ${odd}, which is not a blocklist’s answer` };
  return { state: 'listed', codes: codes.join(' ') };
}

const TROUBLE = {
  'server-failed': 'could not be asked: its name servers failed',
  'timed-out': 'did not answer in time',
  away: 'could not be asked: no resolver answers',
} as const;

/** What every list has to list, and what none may (RFC 5782, 5). */
export const TEST_ENTRIES = { listed: '127.0.0.2', clean: '127.0.0.1' } as const;

// Against rebinding, resolvers can be set to drop answers in 127.0.0.0/8 (Unbound's private-address, dnsmasq's stop-dns-rebind).
const UNPROVEN =
  'does not list its test entry: its zone may be misspelled, the list may be gone, or the resolver may not pass its answers on';

/** What is wrong with a list by its answers for its test entries, as a clause; null where it works. */
export function faultOf(listed: Answer<string>, clean: Answer<string>): string | null {
  const [must, never] = [verdictOn(listed), verdictOn(clean)];
  if (must.state === 'unknown') return must.says;
  if (must.state === 'clean') return UNPROVEN;
  return never.state === 'listed' || (never.state === 'unknown' && clean.outcome === 'found')
    ? 'lists every address, so it says nothing'
    : null;
}
