// The addresses that each domain's mail leaves from, for mail servers that ask the router and need to know where nobody
// answers: Exim, Haraka, ZoneMTA. Pure.
import { bindAddresses } from '../bind-addresses.ts';
import { fallbackAnswer } from '../route.ts';
import { type Exported, refusalOf, usualEgress } from './input.ts';

/**
 * Lines `domain: ADDRESS; ADDRESS | FLAG`: at most one address of each family, the domain's own first; none where a pool
 * has none. Flags: `transactional` (C-06: its campaigns are refused) and `wait` (nothing may carry its mail today).
 * Warming IPs are left out: how much they carry is counted by the router alone.
 */
export function sources({ senders, policy }: Exported): string {
  const lines = senders.map((sender) => {
    const { fallback } = usualEgress(sender, policy);
    const answer = fallbackAnswer(fallback, sender, sender.name, { share: 1, why: 'shared-pool' });
    const addresses = bindAddresses(answer, policy.pools, sender.name).join('; ');
    const flag = answer.via === 'wait' ? '| wait' : refusalOf(sender, policy) !== null ? '| transactional' : '';
    return [`${sender.name}:`, addresses, flag].filter((part) => part !== '').join(' ');
  });
  const head =
    '# Which address the mail of each domain leaves from where Warmdesk does not answer, written by Warmdesk.';
  return `${[head, ...lines].join('\n')}\n`;
}
