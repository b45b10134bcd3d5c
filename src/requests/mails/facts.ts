// What mails about requests tell. Types alone.

/** What every mail about a request tells. */
export type RequestFacts = {
  reference: string;
  kind: 'dedicated_ip' | 'transactional_pool';
  /** Like `One dedicated IP for Acme Shop`. */
  what: string;
  /** The account's name. */
  account: string;
  /** The request's page: `/requests/…` for its customer, `/review/…` for staff. */
  path: string;
  /** The colleague who is away, whose stand-in the reader is. */
  insteadOf?: string;
};

/** The names of the files that were attached; without it, none were. */
export type Files = { files?: string[] };

export type Price = { monthlyCents: number; currency: string };
