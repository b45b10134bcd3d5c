// Addresses that one mail of ours has for answers: `reply+<mail>-<code>@<domain>` for what its reader writes back, and
// `bounce+<mail>-<code>@<domain>` for mail servers that could not deliver it. Pure.
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Purpose = 'reply' | 'bounce';

/** The mail that an address belongs to. `messageKey`: the random part of its Message-ID. */
type Mail = { readonly id: number; readonly messageKey: string };

export type Addressed = { readonly purpose: Purpose; readonly mailId: number; readonly code: string };

/** 128 bits in lower case: some mail servers change the case of what is before the @, of which 64 characters fit. */
const codeOf = (secret: string, purpose: Purpose, { id, messageKey }: Mail): string =>
  createHmac('sha256', secret).update(`inbound ${purpose}\n${id}\n${messageKey}`).digest('hex').slice(0, 32);

/** The address of a mail, which is stored nowhere, as a process that knows the server’s secret can make it again. */
export const addressOf = (
  { secret, domain }: { readonly secret: string; readonly domain: string },
  purpose: Purpose,
  mail: Mail,
): string => `${purpose}+${mail.id}-${codeOf(secret, purpose, mail)}@${domain}`;

const ADDRESS = /^(reply|bounce)\+([1-9][0-9]{0,8})-([0-9a-f]{32})@(.+)$/;

/** What an address says it is; null where it is not one of this domain. */
export function readAddress(address: string, domain: string): Addressed | null {
  const [, purpose, id, code, at] = ADDRESS.exec(address.toLowerCase()) ?? [];
  if (at !== domain.toLowerCase() || code === undefined) return null;
  return { purpose: purpose as Purpose, mailId: Number(id), code };
}

/** Whether Warmdesk made the address, for this mail. */
export const isGenuine = (secret: string, { purpose, code }: Addressed, mail: Mail): boolean =>
  timingSafeEqual(Buffer.from(code), Buffer.from(codeOf(secret, purpose, mail)));
