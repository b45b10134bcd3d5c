import { type Night, type Swept, sweep } from '../../../retention/actions.ts';
import { deleteUsedLinks } from './store.ts';

/** Removes password links and invitations that were used long before the night; null: they are gone already. */
export const sweepLinks = (night: Night): Promise<Swept | null> =>
  sweep(night, { subject: 'used links', keepDays: night.keep.links, remove: deleteUsedLinks });
