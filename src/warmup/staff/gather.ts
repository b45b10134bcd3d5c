// What the page of a warm-up says about its steps: those that are open to the viewer, and those that were taken.
import type { Person } from '../../accounts/person.ts';
import { findPersonById } from '../../accounts/store.ts';
import { listEvents, listMessages } from '../../audit/store.ts';
import type { Db } from '../../database.ts';
import { pausedAt, reasonOf, type WarmupRecord } from '../pages/wording.ts';
import type { Warmup } from '../store.ts';
import { type Shown, type StepsView, stepsView, type WarmupEntry, warmupStory } from './wording.ts';

/** Steps that the page lists; an IP has far fewer. */
const MOST = 200;

/** Why a paused warm-up is, and since when (UTC milliseconds), for pages that show several. */
export async function gatherPause(db: Db, warmup: Warmup): Promise<{ why: string; at: number | null }> {
  const records = await listEvents(db, { subject: { type: 'allocation', id: warmup.allocationId }, limit: MOST });
  const pause = records.filter(({ name }) => name === 'warmup.paused').slice(0, 1);
  const messages = await listMessages(
    db,
    pause.map(({ id }) => id),
  );
  const told = pause.map(({ id, at, name, facts }) => ({ at, name, facts, body: messages.get(id) ?? null }));
  return { why: reasonOf(warmup, told) ?? 'Nothing goes over it until it is resumed.', at: pausedAt(warmup, told) };
}

/** The steps of a warm-up as `person` sees them, newest of the story first. */
export async function gatherSteps(
  db: Db,
  person: Person,
  warmup: Warmup,
  shown: Shown,
): Promise<{ steps: StepsView; story: WarmupEntry[]; records: WarmupRecord[] }> {
  const records = await listEvents(db, { subject: { type: 'allocation', id: warmup.allocationId }, limit: MOST });
  const messages = await listMessages(
    db,
    records.map(({ id }) => id),
  );
  const { early } = warmup;
  const proposed = records.find(({ name }) => name === 'warmup.earlyProposed');
  const proposal = early && {
    by: (await findPersonById(db, early.by))?.name ?? 'Somebody',
    at: early.at,
    reason: (proposed && messages.get(proposed.id)) ?? '',
  };
  return {
    steps: stepsView(person, warmup, proposal, shown),
    story: warmupStory(records, messages, person),
    records: records.map(({ id, at, name, facts }) => ({ at, name, facts, body: messages.get(id) ?? null })),
  };
}
