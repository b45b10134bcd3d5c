// Removing counts and what came with them once they are older than the settings keep them.
import { type Night, type Swept, sweep } from '../../retention/actions.ts';
import { deleteOldBatches, deleteOldGoogleDays, deleteOldMicrosoftDays, takeOldCounts } from './store.ts';

/** Sums up by month, and removes, the counts that are not kept any more in the night; null: they are gone already. */
export const sweepCounts = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'counts', keepDays: night.keep.counts, remove: takeOldCounts });

/** Forgets the names of batches and reports. */
export const sweepBatches = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'batches', keepDays: night.keep.batches, remove: deleteOldBatches });

/** Removes what Google Postmaster Tools saw. */
export const sweepGoogle = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'google days', keepDays: night.keep.outside, remove: deleteOldGoogleDays });

/** Removes what Microsoft SNDS saw. */
export const sweepMicrosoft = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'microsoft days', keepDays: night.keep.outside, remove: deleteOldMicrosoftDays });
