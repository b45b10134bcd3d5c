import { isIP, SocketAddress } from 'node:net';

/** An IP address in its one normal form, or undefined where the text is none. */
export function normalAddress(text: string): string | undefined {
  const plain = text.trim();
  const family = isIP(plain);
  if (family === 0) return undefined;
  return new SocketAddress({ address: plain, family: family === 6 ? 'ipv6' : 'ipv4' }).address;
}
