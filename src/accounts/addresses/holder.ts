// Whose list of allowed addresses it is. Pure.

/** `mail systems`: programs with a token, who ask the API. */
export type Holder =
  | { readonly kind: 'staff' }
  | { readonly kind: 'mail systems' }
  | { readonly kind: 'account'; readonly id: number; readonly name: string };

/** What a list is stored under. */
export const holderKey = (holder: Holder): string => (holder.kind === 'account' ? `account ${holder.id}` : holder.kind);

/** Whose list it is, in mails and records. */
export const holderName = (holder: Holder): string =>
  ({ staff: 'the staff', 'mail systems': 'mail systems', account: holder.kind === 'account' ? holder.name : '' })[
    holder.kind
  ];
