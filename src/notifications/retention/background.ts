import { type Night, type Swept, sweep } from '../../retention/actions.ts';
import { deleteOldMails, deleteOldWithheld } from './store.ts';

/** Removes mails that ended long before the night, by piece; null: they are gone already. */
export const sweepMails = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'mails', keepDays: night.keep.mails, remove: deleteOldMails });

/** The same of what was kept for summaries, or not mailed at all. */
export const sweepWithheld = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'withheld mails', keepDays: night.keep.mails, remove: deleteOldWithheld });
