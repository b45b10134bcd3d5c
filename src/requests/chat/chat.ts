// What the staff's chat is told, and where. Pure.
import { isPrivate, isWithin, plainAddress, type Ranges } from '../../accounts/addresses/ranges.ts';
import { sealBytes, unsealBytes } from '../../sealed.ts';

export const chatEvents = ['new', 'appeal', 'soon', 'overdue'] as const;
export type ChatEvent = (typeof chatEvents)[number];

/** `url` is sealed, base64: who knows the address can write into the chat. `host`: its server, to be shown. */
export type ChatSetting = { readonly url: string; readonly host: string; readonly events: readonly ChatEvent[] };

export const CHAT_WORDS: Readonly<Record<ChatEvent, string>> = {
  new: 'A new request',
  appeal: 'An appeal',
  soon: 'A decision is due soon',
  overdue: 'A decision is overdue',
};

const ABOUT = 'chat webhook';

export const sealUrl = (secret: string, url: string): string =>
  sealBytes(secret, ABOUT, Buffer.from(url)).toString('base64');

/** The address again; null where it was sealed with another secret. */
export const openUrl = (secret: string, sealed: string): string | null =>
  unsealBytes(secret, ABOUT, Buffer.from(sealed, 'base64'))?.toString() ?? null;

/** An IP address that a URL names instead of a host, without its brackets; null where it names a host. */
export const addressIn = ({ hostname }: URL): string | null => plainAddress(hostname.replace(/^\[|\]$/g, ''));

/**
 * Whether a webhook at `url` may be sent to a server at `address`: over https to any public address; into networks of one's
 * own, and without TLS, only as far as `networks` (WEBHOOK_NETWORKS) names them. Otherwise who may set a webhook could have
 * Warmdesk speak to servers that only it can reach.
 */
export function mayReach({ protocol }: URL, address: string, networks: Ranges): boolean {
  const plain = plainAddress(address);
  if (plain === null) return false;
  return isWithin([networks], plain) || (protocol === 'https:' && !isPrivate(plain));
}

/**
 * A webhook's address: https, or http within `networks`; without a name and password in it. Undefined for anything else, and
 * for an IP address that may not be reached. What a host's name stands for is looked at when something is sent.
 */
export function readWebhook(text: string, networks: Ranges): URL | undefined {
  const url = URL.parse(text.trim());
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const address = addressIn(url);
  if (address === null) return url.protocol === 'https:' ? url : undefined;
  return mayReach(url, address, networks) ? url : undefined;
}

/** A customer's words in a chat: without what would notify somebody or format text there. */
export const harmless = (words: string): string =>
  words
    .replace(/[<>&*_~`|[\]]/g, ' ')
    .replaceAll('@', '@\u200b')
    .replace(/\s+/g, ' ')
    .trim();
