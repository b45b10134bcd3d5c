// What a line of the lifecycle's table says.
import type { EventName } from '../audit/event.ts';
import type { MailName } from '../notifications/mail.ts';
import type { WarmupStatus } from './state.ts';

/** Who takes a step. `second person`: another one of the staff than the one who proposed. */
export type Taker = 'Warmdesk' | 'staff' | 'second person' | 'customer';

export type Transition = {
  readonly from: readonly WarmupStatus[];
  /** `same`: it stays what it is. */
  readonly to: WarmupStatus | 'same';
  readonly by: Taker;
  /** What the customer reads about it in the words of the person who took it. */
  readonly reason: 'none' | 'optional' | 'required';
  /** Whether completing early has to be proposed, or must not be; null: either way. */
  readonly proposed: boolean | null;
  readonly label: string;
  readonly event: EventName;
  /** The mail to the person who asked for the IP and the account's admins and billing contacts. */
  readonly mail: MailName | null;
  /** The mail to the staff who may take the next step, and which one that is; `look`: all who may take any. */
  readonly staffMail: { readonly template: MailName; readonly next: 'resume' | 'agree' | 'look' } | null;
};
