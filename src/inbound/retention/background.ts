import { type Night, type Swept, sweep } from '../../retention/actions.ts';
import { deleteOldInbound, forgetRaw } from './store.ts';

/** Removes mails that came long before the night and are settled, by piece; null: they are gone already. */
export const sweepInbound = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'incoming mails', keepDays: night.keep.inbound, remove: deleteOldInbound });

/** Forgets such mails as they came, which is long enough to look into one that became something else than its writer meant. */
export const sweepRaw = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'incoming mails as they came', keepDays: night.keep.raw, remove: forgetRaw });
