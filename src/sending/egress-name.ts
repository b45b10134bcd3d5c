// How an IP is called where a mail server names what mail goes over. Pure.

/** The name of the transport that sends over an IP, which it writes into the log. */
const TRANSPORT = /^ip-([0-9a-f-]+)$/;

/** The address in a transport's name (`ip-192-0-2-1`, `ip-2001-db8--1`); undefined where it names none. */
export function addressIn(name: string): string | undefined {
  const written = TRANSPORT.exec(name)?.[1];
  if (written === undefined) return undefined;
  return /^[0-9]+-[0-9]+-[0-9]+-[0-9]+$/.test(written) ? written.replaceAll('-', '.') : written.replaceAll('-', ':');
}
