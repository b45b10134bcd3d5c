import { type Night, type Swept, sweep } from '../../../retention/actions.ts';
import { deleteOldListings } from './store.ts';

/** Removes entries of blocklists that were over long before the night; null: they are gone already. */
export const sweepListings = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'blocklist entries', keepDays: night.keep.listings, remove: deleteOldListings });
