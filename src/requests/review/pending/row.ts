// The columns by which a request says that a decision on it is pending. Pure.
import type { IpRequest, PendingDecision } from '../../request.ts';

/** As `PENDING` names them; all but the first are null where that is, and are not read. */
export type PendingRow = {
  pending_decision: PendingDecision['decision'] | null;
  pending_by: number;
  pending_name: string;
  settles_at: number;
};

/** The columns, of the decision `pd` and its reviewer `pp`. */
export const PENDING = {
  pending_decision: 'pd.decision',
  pending_by: 'pd.person_id',
  pending_name: 'pp.name',
  settles_at: 'pd.settles_at',
} as const;

/** What a row says of a pending decision. */
export const pendingOf = (row: PendingRow): Pick<IpRequest, 'pending'> =>
  row.pending_decision === null
    ? {}
    : {
        pending: {
          decision: row.pending_decision,
          personId: row.pending_by,
          name: row.pending_name,
          settlesAt: row.settles_at,
        },
      };
