// S-02: what a daily limit makes of the answer for a shared pool. Pure.
import type { RouteAnswer } from '../route.ts';
import type { Sender } from '../sending-domain.ts';
import { overLimit } from '../wording.ts';
import type { Room } from './limits.ts';

/** The answer for a shared pool, or that the message waits, as the account's day is spent. `room` null: it has no limit. */
export function withinLimit(answer: RouteAnswer & { via: 'pool' }, sender: Sender, room: Room | null): RouteAnswer {
  if (room === null) return answer;
  const { perDay, left, isOpen } = room;
  if (isOpen) return { ...answer, cap: perDay, left };
  const facts = { share: answer.share, cap: perDay, left: 0, why: 'daily-limit' } as const;
  return { via: 'wait', sentence: overLimit(sender, perDay), ...facts };
}
