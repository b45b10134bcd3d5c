// What becomes of a mail that came in, as a table. Pure.

export const inboundStatuses = [
  'received',
  'filed',
  'quarantined',
  'ignored',
  'refused',
  'noted',
  'accepted',
  'deleted',
] as const;
export type InboundStatus = (typeof inboundStatuses)[number];

type Line = { readonly from: InboundStatus; readonly to: InboundStatus };

export const inboundTransitions = {
  /** It is a comment or an answer now. */
  file: { from: 'received', to: 'filed' },
  /** Who wrote it is not certain: staff decide. */
  quarantine: { from: 'received', to: 'quarantined' },
  /** Nobody wrote it, or it was filed before. */
  ignore: { from: 'received', to: 'ignored' },
  /** Its sender was told by the mail server why it was not taken. */
  refuse: { from: 'received', to: 'refused' },
  /** It reports that a mail of ours could not be delivered. */
  note: { from: 'received', to: 'noted' },
  accept: { from: 'quarantined', to: 'accepted' },
  delete: { from: 'quarantined', to: 'deleted' },
} as const satisfies Record<string, Line>;

export type InboundTransition = keyof typeof inboundTransitions;
