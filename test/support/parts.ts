// Parts of the suite that need more than Node and npm, and whether they can run on this machine.
import { existsSync } from 'node:fs';
import { areWithinReach } from '../mta/packages.ts';
import { findChromium } from './chromium.ts';

export type Part = {
  readonly what: string;
  /** The test files, as a pattern that AVA understands; or, where a file has other tests too, the titles of some. */
  readonly files?: string;
  readonly titles?: string;
  /** Says what is missing and how to install it; null where the part can run. */
  readonly missing: () => string | null;
};

const PARTS: readonly Part[] = [
  { what: 'pages in a real browser', files: 'test/browser/**', missing: () => faultOf(findChromium) },
  { what: 'mail through a real Postfix', files: 'test/mta/postfix*', missing: () => unlessDebian('Postfix') },
  { what: 'mail through a real Exim', files: 'test/mta/exim*', missing: () => unlessDebian('Exim') },
  { what: 'mail through a real Haraka', files: 'test/mta/haraka*', missing: () => unlessRoot('Haraka') },
  { what: 'mail through a real ZoneMTA', files: 'test/mta/zonemta*', missing: () => unlessDebian('ZoneMTA’s Redis') },
  {
    what: 'exports read by real mail servers',
    titles: 'Debian’s *',
    missing: () => unlessFetched('opensmtpd', 'postfix'),
  },
  { what: 'real name servers', files: 'test/mta/host-names*', missing: () => unlessFetched('nsd', 'unbound') },
  { what: 'a real DNSBL', files: 'test/mta/blocklists*', missing: () => unlessFetched('rbldnsd', 'unbound') },
];

/** A part that cannot run here, and what is missing. */
export type Missing = Pick<Part, 'what' | 'files' | 'titles'> & { readonly why: string };

export function missingParts(): Missing[] {
  return PARTS.flatMap(({ missing, ...part }) => {
    const why = missing();
    return why === null ? [] : [{ ...part, why }];
  });
}

const unlessDebian = (server: string): string | null => unlessPackaged(server) ?? unlessRoot(server);

const unlessPackaged = (server: string): string | null =>
  existsSync('/usr/bin/apt-get') ? null : `${server} is fetched as a package of Debian, and this is not Debian`;

/** These need no root, only their packages; so what counts is whether those can be had. */
function unlessFetched(...names: string[]): string | null {
  if (areWithinReach(names)) return null;
  const why = `${names.join(' and ')} are fetched as packages of Debian`;
  return unlessPackaged('Each of them') ?? `${why}, and apt-get knows none here; run apt-get update as root`;
}

const unlessRoot = (server: string): string | null =>
  process.getuid?.() === 0 ? null : `${server} needs root for its ports and users; run the tests as root`;

/** What `work` throws, in one line; null where it does not throw. */
function faultOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return String((error as Error).message).split('\n')[0] ?? 'it cannot start';
  }
}
