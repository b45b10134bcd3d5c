// What each move of a night brings with it: its record and its mail. Pure. Every change of a domain's tier is one of these,
// or a decision of staff.
import type { EventName } from '../../audit/event.ts';
import type { MailName } from '../../notifications/mail.ts';
import type { Move } from './judge.ts';

type Line = { readonly event: EventName; readonly mail: MailName; readonly label: string };

export const moves = {
  warn: { event: 'domain.warned', mail: 'pool-warned', label: 'Warned' },
  clear: { event: 'domain.unwarned', mail: 'pool-cleared', label: 'No longer warned' },
  lower: { event: 'domain.lowered', mail: 'pool-lowered', label: 'Moved down' },
  raise: { event: 'domain.raised', mail: 'pool-raised', label: 'Moved up' },
  /** C-03: staff decide whether it stays in the transactional pool. */
  report: { event: 'domain.reported', mail: 'pool-to-review', label: 'Reported to staff' },
  /** With a task for a reviewer. */
  stop: { event: 'domain.stopped', mail: 'domain-stopped', label: 'Stopped' },
} satisfies Record<Exclude<Move, 'stay'>, Line>;

/** What people read of a move, one of staff included. */
export const moveLabel = (move: Move | 'placed'): string =>
  move === 'stay' ? 'Stays' : move === 'placed' ? 'Put there by staff' : moves[move].label;
