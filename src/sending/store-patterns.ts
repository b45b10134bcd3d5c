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
  // Of one domain an index has the days in their order: nothing is sorted, and nothing kept but the two lists.
  const days = db('sending_counts')
    .whereRaw('domain_id = i.id')
    .whereBetween('day', [since, until])
    .where('sent', '>', 0)
    .modify((query) => {
      if (stream !== 'both') query.where({ stream });
    })
    .groupBy('day')
    .select('day', db.raw('sum(sent) as sent'));
  const list = (column: string): string => asWords(db, `cast(d.${column} as text)`);
  const found: { id: number; days: string | null }[] = await db
    .from(db.raw(`${numbersInJson(db)} as i`, [JSON.stringify([...new Set(domainIds)])]))
    .select(
      'i.id',
      db
        .from(days.as('d'))
        .select(db.raw(`${list('day')} || ';' || ${list('sent')}`))
        .as('days'),
    );
  return new Map(found.flatMap(({ id, days }) => (days === null ? [] : [[id, unpack(days)]])));
}

/** Two lists of numbers: `20780 20787;1000 1977`. */
function unpack(text: string): DaySent[] {
  const middle = text.indexOf(';');
  const sent = numbersIn(text, middle + 1, text.length);
  return numbersIn(text, 0, middle).map((day, index) => ({ day, sent: sent[index] ?? 0 }));
}

const [SPACE, ZERO] = [32, 48];

/** Read digit by digit: to split the text first takes several times as long. */
function numbersIn(text: string, from: number, to: number): number[] {
  const numbers: number[] = [];
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SPACE) {
      numbers.push(number);
      number = 0;
    } else number = number * 10 + code - ZERO;
  }
  numbers.push(number);
  return numbers;
}
