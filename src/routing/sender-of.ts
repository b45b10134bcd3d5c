// Whose mail an address is. Pure.
import { domainOf } from '../sending/domain-name.ts';
import type { Sender } from './sending-domain.ts';

/** Longer ones cannot be domain names, so their parents are not looked for. */
const LONGEST_NAME = 253;

/**
 * The sending domain of an address among those that `find` knows by their names, or the nearest one above it: mail with a
 * return address below a domain is that domain's, as it is where counts are read from logs. undefined where none is ours.
 */
export function senderOf(
  address: string,
  known: { readonly find: (name: string) => Sender | undefined },
): Sender | undefined {
  // Most are written as they are known.
  const written = known.find(address.slice(address.lastIndexOf('@') + 1));
  if (written !== undefined) return written;
  const name = domainOf(address);
  const found = known.find(name);
  if (found !== undefined || name.length > LONGEST_NAME) return found;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const above = known.find(name.slice(dot + 1));
    if (above !== undefined) return above;
  }
  return undefined;
}
