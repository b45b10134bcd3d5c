// The working calendar as it is set. It is written with the other settings.
import type { Db } from '../database.ts';
import { type Calendar, ROUND_THE_CLOCK } from './calendar.ts';

// The same text is the same calendar, whose days are worked out once.
const read = new Map<string, Calendar>();
const MOST_KEPT = 20;

function fromText(text: string): Calendar {
  const found = read.get(text) ?? (JSON.parse(text) as Calendar);
  if (read.size >= MOST_KEPT) read.clear();
  read.set(text, found);
  return found;
}

/** The calendar in force, inside the transaction of what is worked out by it. */
export async function findCalendar(db: Db): Promise<Calendar> {
  const row = await db('settings').where({ name: 'hours' }).first('value');
  return row === undefined ? ROUND_THE_CLOCK : fromText(row.value);
}
