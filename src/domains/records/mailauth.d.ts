// Parts of mailauth that come without types.
declare module 'mailauth/lib/dmarc/get-dmarc-record.js' {
  type Resolve = (name: string, type: string) => Promise<unknown[]>;
  type DmarcRecord = Readonly<Record<string, string | number | boolean | undefined>> & { readonly rr: string };
  type Lookup = (name: string) => Promise<DmarcRecord | false>;
  const dmarc: {
    createRecordLookup(resolve: Resolve): Lookup;
    /** Throws on errors of DNS that leave the policy unknown. */
    discoverPolicy(
      domain: string,
      lookup: Lookup,
    ): Promise<{ record: DmarcRecord | false; recordDomain: string | null; orgDomain: string | null }>;
    /** null: no policy of this record applies. */
    getPolicyTags(record: DmarcRecord): { p: string; sp?: string; np?: string } | null;
  };
  export default dmarc;
}

declare module 'mailauth/lib/tools.js' {
  type Resolve = (name: string, type: string) => Promise<unknown[]>;
  const tools: {
    /** Throws with `code` where the record is not a key that a receiver would take. */
    getPublicKey(
      type: 'DKIM',
      name: string,
      minBitLength: number,
      resolve: Resolve,
    ): Promise<{ keyType: string; modulusLength?: number; testing: boolean }>;
  };
  export default tools;
}
