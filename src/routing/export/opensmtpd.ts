// OpenSMTPD: over which address the mail of each domain leaves that is not for a warming IP. It asks nobody about a
// message, so this is all that it can be told. Pure.
import { bindAddresses } from '../bind-addresses.ts';
import { fallbackAnswer } from '../route.ts';
import type { Sender } from '../sending-domain.ts';
import { nameOfIp } from '../transport-name.ts';
import { type Exported, hostOf, refusalOf, usualEgress } from './input.ts';

/**
 * Lines for smtpd.conf, to be included before its own rules: an action for each address that is in use, and rules by
 * sender. Campaigns (of listeners with the tag `campaigns`) of domains in the transactional pool are refused (C-06), and
 * so is mail that nothing may carry, because OpenSMTPD has no rule that makes it wait.
 */
export function opensmtpd(exported: Exported): string {
  const rows = exported.senders.map((sender) => rowOf(sender, exported));
  const used = [...new Set(rows.flatMap(({ address }) => (address === null ? [] : [address])))].sort();
  const hosts = new Map(used.map((address) => [address, hostOf(exported, address)]));
  const names = used.filter((one) => hosts.get(one) !== null).map((one) => `"${one}" = "${hosts.get(one)}"`);
  const refused = rows.filter(({ isRefused }) => isRefused);
  const lines = [
    '# Over which address the mail of each domain leaves, written by Warmdesk. Do not edit: it is overwritten.',
    ...(names.length > 0 ? [`table warmdesk-names { ${names.join(', ')} }`] : []),
    ...used.map((one) => {
      const helo = hosts.get(one) === null ? '' : ' helo-src <warmdesk-names>';
      return `action "${nameOfIp(one)}" relay src "${one}"${helo}`;
    }),
    ...refused.map(({ name }) => `match tag campaigns from any mail-from "@${name}" for any reject`),
    ...rows.flatMap(({ name, address, waits }) => {
      if (waits) return [`match from any mail-from "@${name}" for any reject`];
      return address === null ? [] : [`match from any mail-from "@${name}" for any action "${nameOfIp(address)}"`];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** `address` null: the pool has none, so the mail goes as all other mail does. */
function rowOf(sender: Sender, { policy }: Exported) {
  const answer = fallbackAnswer(usualEgress(sender, policy).fallback, sender, sender.name, {
    share: 1,
    why: 'shared-pool',
  });
  const [address = null] = bindAddresses(answer, policy.pools, sender.name);
  const { name } = sender;
  return { name, address, waits: answer.via === 'wait', isRefused: refusalOf(sender, policy) !== null };
}
