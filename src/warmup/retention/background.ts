import { type Night, type Swept, sweep } from '../../retention/actions.ts';
import { deleteOldDays } from './store.ts';

/** Sums up and removes the days of warm-ups that were over long before the night; null: they are gone already. */
export const sweepWarmupDays = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'warm-up days', keepDays: night.keep.warmups, remove: deleteOldDays });
