// What was queued and recorded, read in the words of tests.
import type { World } from './world.ts';

/** The mails of the newest event of a request: `who: template`, by who. */
export async function lastNotified(world: World, requestId: number): Promise<string[]> {
  const of = { subject_type: 'request', subject_id: requestId };
  const event = await world.db('audit_events').where(of).orderBy('seq', 'desc').first('id');
  const rows = await world
    .db('outbox as o')
    .join('people as p', 'p.id', 'o.recipient_id')
    .where({ 'o.event_id': event.id })
    .select('p.name', 'o.template');
  return rows.map((row) => `${row.name}: ${row.template}`).sort();
}

/** The records of one request, oldest first. */
export async function recordsOf(world: World, requestId: number) {
  const rows = await world
    .db('audit_events as e')
    .leftJoin('people as p', 'p.id', 'e.actor_id')
    .where({ 'e.subject_type': 'request', 'e.subject_id': requestId })
    .orderBy('e.seq')
    .select('e.*', 'p.name as who');
  return rows.map((row) => ({
    name: row.name as string,
    from: row.from_status as string | null,
    to: row.to_status as string | null,
    who: row.who as string | null,
    at: row.at as number,
    facts: JSON.parse(row.facts) as Record<string, unknown>,
  }));
}

const COUNTED = ['requests', 'quotes', 'decisions', 'messages', 'allocations', 'warmups', 'outbox', 'audit_events'];

/** How many rows there are of everything that a step can write, and all states: equal before and after means nothing was done. */
export async function everything(world: World): Promise<Record<string, unknown>> {
  const counts: Record<string, unknown> = {};
  for (const table of COUNTED) counts[table] = Number((await world.db(table).count({ n: '*' }).first())?.n);
  counts.states = await world.db('requests').orderBy('id').select('id', 'status', 'version');
  counts.ips = await world.db('ips').orderBy('id').pluck('status');
  counts.routes = await world.db('domains').orderBy('id').pluck('route');
  return counts;
}
