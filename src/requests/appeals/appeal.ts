// How long a decline can be appealed. Pure.
import { dayLength } from '../../day.ts';
import type { IpRequest } from '../request.ts';

/** Own choice: long enough for a month of better figures, short enough that the reviewer still knows the case. */
const APPEAL_DAYS = 30;

/** Until when a declined request can be appealed (UTC milliseconds); null: it is not declined, or was appealed already. */
export const appealUntil = ({
  status,
  decidedAt,
  wasAppealed,
}: Pick<IpRequest, 'status' | 'decidedAt' | 'wasAppealed'>): number | null =>
  status === 'declined' && decidedAt !== null && !wasAppealed ? decidedAt + APPEAL_DAYS * dayLength : null;
