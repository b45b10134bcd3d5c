// One name for a domain, however it is written. Pure.
import { domainToASCII } from 'node:url';

const USUAL = /^[a-z0-9.-]*[a-z0-9]$/;
const ASCII = /^[\x21-\x7e]*$/;

/** A domain's name in lower case and its ASCII form, without a dot at its end: `Bücher.example.` → `xn--bcher-kva.example`. */
export function asciiName(name: string): string {
  if (USUAL.test(name)) return name;
  const plain = name.trim().replace(/\.$/, '');
  if (ASCII.test(plain)) return plain.toLowerCase();
  return domainToASCII(plain) || plain.toLowerCase();
}

/** The domain of an address: what follows its last @, as `asciiName`; of a text without @, all of it. */
export const domainOf = (address: string): string => asciiName(address.slice(address.lastIndexOf('@') + 1));
