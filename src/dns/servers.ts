// The name servers of the setting DNS_SERVERS.
import { isIP } from 'node:net';

const V4_WITH_PORT = /^([0-9.]+):([0-9]{1,5})$/;
const V6_WITH_PORT = /^\[([0-9a-f:.]+)\](?::([0-9]{1,5}))?$/i;

/** The servers that `text` names (`127.0.0.1:5353, 2001:db8::53, [::1]:53`), or null where one of them is not an address. */
export function readServers(text: string): readonly string[] | null {
  const words = text.split(/[\s,]+/).filter(Boolean);
  return words.length > 0 && words.every(isServer) ? words : null;
}

function isServer(word: string): boolean {
  if (isIP(word) > 0) return true;
  const [, address = '', port = '53'] = V4_WITH_PORT.exec(word) ?? V6_WITH_PORT.exec(word) ?? [];
  return isIP(address) > 0 && Number(port) > 0 && Number(port) <= 65_535;
}
