// What mail servers call an IP and a pool. Pure; the answers and the exports share it, so they cannot differ.

/**
 * The name of an IP in the mail servers: `ip-192-0-2-1` for 192.0.2.1, `ip-2001-db8--1` for 2001:db8::1. `address` is in
 * normal form, so two IPs never get one name: colons and dots are never in one address, and 0 is never left out of IPv4.
 */
export const nameOfIp = (address: string): string => `ip-${address.replaceAll(/[.:]/g, '-')}`;
