export const accountRoles = ['admin', 'billing', 'member'] as const;
export type AccountRole = (typeof accountRoles)[number];

export const staffRoles = ['reviewer', 'deliverability', 'billing', 'admin'] as const;
export type StaffRole = (typeof staffRoles)[number];

export const accountStatuses = ['active', 'suspended', 'closed'] as const;
/** `suspended`: its mail is stopped and nothing new is approved until it is reopened. `closed`: nobody of it signs in. */
export type AccountStatus = (typeof accountStatuses)[number];

/** Somebody who can sign in: belongs to one account, to the staff, or to both (a provider is often its own customer). */
export type Person = {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly accountId: number | null;
  readonly accountRole: AccountRole | null;
  readonly staffRole: StaffRole | null;
  /** Whether their account is a subuser, which has a parent. */
  readonly isOfSubuser?: true;
  /** IANA name; times are shown in it. */
  readonly timeZone: string;
  /** Where it is set, pages have no single keys (WCAG 2.1.4). */
  readonly keysOff?: true;
  /** Of the staff, where it was asked for: until when they are away, and who gets their mails meanwhile. */
  readonly away?: Absence;
};

/** `until`: UTC milliseconds. */
export type Absence = { readonly until: number; readonly standInId: number | null };

/** `singleKeys`: keys that act on pages by themselves. */
export type Preferences = { readonly singleKeys: boolean };

/** What somebody may change about themselves; a preference that is null stays as it was. */
export type Profile = Pick<Person, 'name' | 'timeZone'> & { readonly [Name in keyof Preferences]: boolean | null };

/** Who acts, and when (UTC milliseconds). Without a person it is Warmdesk itself. */
export type Actor = { readonly person: Person | null; readonly at: number };

/** A name as it is looked for: by how it begins, whatever its letters' case. */
export const nameKey = (name: string): string => name.toLowerCase();

/** A pattern for SQL (`like … escape '\\'`) that fits the keys of names that have `part` in them. */
export const keyPattern = (part: string): string => `%${nameKey(part).replace(/[\\%_]/g, '\\$&')}%`;
