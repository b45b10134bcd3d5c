// What many domains sent day by day, in one row each: for learning their patterns.
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import { asWords, numbersInJson } from '../dialect.ts';
import type { Stream } from '../policy/checks/facts.ts';
import type { DaySent } from './pattern-days.ts';

/** Days from `since` to `until`, both included; `stream`: of one kind of mail, where it is given and not `both`. */
type Sought = { readonly since: Day; readonly until: Day; readonly stream?: Stream };

/**
 * What these domains sent on each day, over all that they send over, by the domain's id. Days without mail are left out, and
 * so are domains without any. One query, however many domains.
 */
export async function listDaysSent(
  db: Db,
  domainIds: readonly number[],
  { since, until, stream = 'both' }: Sought,
): Promise<Map<number, DaySent[]>> {
  if (domainIds.length === 0) return new Map();
  const each = "cast(d.day as text) || ' ' || cast(d.sent as text)";
  const days = db('sending_counts')
    .whereRaw(`domain_id in ${numbersInJson(db)}`, [JSON.stringify(domainIds)])
    .whereBetween('day', [since, until])
    .where('sent', '>', 0)
    .modify((query) => {
      if (stream !== 'both') query.where({ stream });
    })
    .groupBy('domain_id', 'day')
    .select('domain_id', 'day', db.raw('sum(sent) as sent'));
  const found: { domain_id: number; days: string }[] = await db
    .from(days.as('d'))
    .groupBy('d.domain_id')
    .select('d.domain_id', db.raw(`${asWords(db, each)} as days`));
  return new Map(found.map((row) => [row.domain_id, unpack(row.days)]));
}

function unpack(text: string): DaySent[] {
  const numbers = text.split(' ');
  const days: DaySent[] = [];
  for (let i = 0; i < numbers.length; i += 2) days.push({ day: Number(numbers[i]), sent: Number(numbers[i + 1]) });
  return days;
}
