// What a line of the lifecycle's table says.
import type { EventName } from '../audit/event.ts';
import type { MailName } from '../notifications/mail.ts';
import type { Status } from './request.ts';

/** Who takes a step. `requester`: anybody of the account may answer; payers are its admins and billing people. */
export type Taker = 'member' | 'requester or payer' | 'reviewer' | 'second reviewer' | 'Warmdesk';

/** Who is told. `payers`: without the requester; `reviewers`: all staff who may decide it; `holder`: the one of them who has it on the desk, or else asked last, or else all; nobody is mailed their own step but the requester. */
export type Concerned = 'requester' | 'payers' | 'reviewers' | 'proposer' | 'asker' | 'holder';

export type Transition = {
  readonly from: readonly Status[];
  readonly to: Status;
  readonly by: Taker;
  readonly note: 'none' | 'required';
  readonly label: string;
  readonly event: EventName;
  readonly mails: Readonly<Partial<Record<Concerned, MailName>>>;
};
