// What an account's people are mailed when mail goes over its own pools in another way (S-07). Pure.
import type { Writer } from '../notifications/letter.ts';
import { listed } from '../wording.ts';

declare module '../notifications/mail.ts' {
  interface MailFacts {
    /** `what`: the pool has other IPs or weights; it was deleted; or a domain was pointed elsewhere. */
    'own-pool-changed': {
      readonly account: string;
      readonly what: 'changed' | 'deleted' | 'pointed';
      /** Its name; empty where a domain was pointed elsewhere. */
      readonly pool: string;
      /** The IPs and their weights from now on. */
      readonly ips: { readonly address: string; readonly weight: number }[];
      readonly domains: string[];
      /** Where their mail goes from now on; empty: over the pool, as before. */
      readonly to: string;
      readonly by: string;
    };
  }
}

const TITLES = {
  changed: (pool: string) => `The IP pool ${pool} has changed`,
  deleted: (pool: string) => `The IP pool ${pool} was deleted`,
} as const;

export const poolLetters: { readonly 'own-pool-changed': Writer<'own-pool-changed'> } = {
  'own-pool-changed': ({ account, what, pool, ips, domains, to, by }) => {
    const title = what === 'pointed' ? `Mail of ${listed(domains)} goes over ${to}` : TITLES[what](pool);
    const did =
      what === 'pointed'
        ? `${by} changed which IP pools ${listed(domains)} ${domains.length === 1 ? 'points' : 'point'} to.`
        : `${by} ${what} the IP pool ${pool} of ${account}.`;
    return {
      subject: title,
      preview: did,
      reference: null,
      state: { word: what === 'deleted' ? 'Pool deleted' : 'Pool changed', tone: 'plain' },
      title,
      blocks: [
        { kind: 'text', text: did },
        {
          kind: 'facts',
          rows: [
            ['Domains', listed(domains)],
            ...(to === '' ? [] : [['Their mail goes over', to] as const]),
            ...ips.map(({ address, weight }) => [address, `weight ${weight}`] as const),
          ],
        },
        {
          kind: 'text',
          text: 'While an IP warms up, only the part of the mail that fits its plan goes over it, whatever its weight. There is nothing for you to do: send as usual.',
        },
      ],
      button: { label: 'See your IP pools', path: '/ips/pools' },
      why: `You get this mail because you are an admin or a billing contact of ${account}.`,
    };
  },
};
