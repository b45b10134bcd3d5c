// Each mailbox provider's part of a warming IP's cap (C-16).
import { quotaOf } from '../warmup/share.ts';
import { elapsedAt } from './egress.ts';
import { type Load, sizeOf } from './load.ts';
import type { MailToday } from './mail-today.ts';
import { capOf, type Ip } from './sending-domain.ts';

/** Of the cap, for a provider that got less of the mail lately, or none. */
const LEAST_PART = 0.05;

/** Whether most of a message's recipients are at providers that have their part of the IP's cap already. */
export function isBeyondQuota(ip: Ip, load: Load, mail: MailToday): boolean {
  const mix = mail.mix(ip);
  if (mix === null) return false;
  const elapsed = elapsedAt(mail.at);
  let beyond = 0;
  for (const { provider, count } of load) {
    const quota = Math.max(count, quotaOf(Number(capOf(ip)), Math.max(LEAST_PART, mix.get(provider) ?? 0), elapsed));
    // A message that is half within it goes: with many recipients each, rounded down the parts would not add up to the cap.
    if (provider !== '' && mail.carried(ip, provider) + count / 2 > quota) beyond += count;
  }
  return beyond > sizeOf(load) / 2;
}
