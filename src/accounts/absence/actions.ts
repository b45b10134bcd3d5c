import type { Act } from '../../act.ts';
import type { Absence } from '../person.ts';
import { deleteAbsence, putAbsence } from './store.ts';

/** Keeps in the caller's transaction, who records it, that somebody is away; null: that they are back. */
export const keepAbsence = ({ trx }: Act, personId: number, absence: Absence | null): Promise<void> =>
  absence === null ? deleteAbsence(trx, personId) : putAbsence(trx, personId, absence);
