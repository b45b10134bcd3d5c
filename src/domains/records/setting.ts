// What the provider asks its customers to publish. Pure.

export type RecordSetting = {
  /** What a customer's SPF record has to include; null: only that there is one sound record. */
  readonly spfInclude: string | null;
  /** The selectors with which the provider signs for its customers; empty: each customer gives its own. */
  readonly selectors: readonly string[];
  /** Where `SELECTOR._domainkey.DOMAIN` has to point; null: the key itself is published there. `{selector}` and `{domain}` are filled in. */
  readonly dkimTarget: string | null;
  /** The name below a domain that takes bounces, and where it has to point; null: none is asked for. */
  readonly returnPath: { readonly label: string; readonly target: string } | null;
};

export const NO_RECORD_SETTING: RecordSetting = {
  spfInclude: null,
  selectors: [],
  dkimTarget: null,
  returnPath: null,
};

const fill = (pattern: string, selector: string, domain: string): string =>
  pattern.replaceAll('{selector}', selector).replaceAll('{domain}', domain);

/** A name as DNS compares names. */
export const sameName = (one: string, other: string): boolean => bare(one) === bare(other);
const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');

export type RecordKind = 'spf' | 'dkim' | 'dmarc' | 'return-path' | 'mx';

/** A record that a domain should have. */
export type Wanted = {
  readonly kind: RecordKind;
  /** Its name in DNS. */
  readonly at: string;
  readonly type: 'TXT' | 'CNAME' | 'MX';
  /** What to publish, as it is to be copied; null: only its owner knows it (a key, a mail server). */
  readonly value: string | null;
};

/** The domain, and the selectors that its owner gave; null: those of the provider. */
export type Wanting = { readonly name: string; readonly selectors: readonly string[] | null };

/** All records that a domain should have, in the order in which a page shows them. */
export function wantedRecords({ name, selectors }: Wanting, setting: RecordSetting): Wanted[] {
  const spf = setting.spfInclude === null ? null : `v=spf1 include:${setting.spfInclude} ~all`;
  const isOurs = selectors === null && setting.dkimTarget !== null;
  const keys = (selectors ?? setting.selectors).map(
    (selector): Wanted => ({
      kind: 'dkim',
      at: `${selector}._domainkey.${name}`,
      type: isOurs ? 'CNAME' : 'TXT',
      value: isOurs ? fill(setting.dkimTarget ?? '', selector, name) : null,
    }),
  );
  const back = setting.returnPath;
  return [
    { kind: 'spf', at: name, type: 'TXT', value: spf },
    ...keys,
    { kind: 'dmarc', at: `_dmarc.${name}`, type: 'TXT', value: 'v=DMARC1; p=none' },
    ...(back ? [{ kind: 'return-path', at: `${back.label}.${name}`, type: 'CNAME', value: back.target } as const] : []),
    { kind: 'mx', at: name, type: 'MX', value: null },
  ];
}
