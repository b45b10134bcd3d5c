// What part-pressure puts beside the requests of fill.ts: many counts, and warm-ups whose days can be made due at one moment.
import { type Db, isPostgres } from '../../src/database.ts';
import { type Filling, numbers } from './filling.ts';

/** Ids of what is filled in here are above it. */
export const ABOVE = 1_000_000;
export const DOMAINS = 10_000;
export const PROVIDERS = ['gmail', 'microsoft', 'yahoo', 'apple', 'other'];
/** Days of each plan that become due together. */
export const DUE_DAYS = 4;
const WINDOW = 7;
const CAPS = JSON.stringify(Array.from({ length: 38 }, (_, i) => Math.round(200 * 1.11 ** i)));

export type Sizes = { readonly held: number; readonly plans: number };

/** Domains with `held` counts over a shared pool on the latest days, and `plans` warm-ups of which no day is due yet. */
export async function fillPressure(db: Db, { accounts, today, now }: Filling, { held, plans }: Sizes): Promise<void> {
  const part = async (sql: string) => void (await db.raw(sql));
  const ids = (last: number) => numbers(last);
  await part(`insert into domains (id, account_id, name, usage, route, created_at) ${ids(Math.max(DOMAINS, plans))}
    select ${ABOVE} + i, 1 + i % ${accounts}, 'd' || i || '.pressure.example', 'both',
      case when i <= ${plans} then 'dedicated' else 'default' end, ${now} from n`);
  await part(`insert into ips (id, address, region, status, created_at) ${ids(plans)}
    select ${ABOVE} + i, '172.' || (16 + i / 65536) || '.' || (i / 256 % 256) || '.' || (i % 256), 'us', 'allocated', ${now} from n`);
  await part(`insert into allocations (id, ip_id, account_id, request_id, status, monthly_cents, currency, allocated_at)
    ${ids(plans)} select ${ABOVE} + i, ${ABOVE} + i, 1 + i % ${accounts}, (select min(id) from requests), 'warming', 0, 'USD', ${now} from n`);
  await part(
    `insert into allocation_domains (allocation_id, domain_id) ${ids(plans)} select ${ABOVE} + i, ${ABOVE} + i from n`,
  );
  await part(`insert into warmups (id, allocation_id, status, schedule, clock, target_per_day, starts_on, caps, stage,
    next_day, judged_from, changed_at, carried, stage_since, limited_on) ${ids(plans)}
    select ${ABOVE} + i, ${ABOVE} + i, 'running', 'growth', 'progress', 10000, ${today - 14}, '${CAPS}', 10, ${today},
      ${today - 14}, ${now}, 470, ${today - 5}, ${today - 5} from n`);
  for (let day = today - DUE_DAYS - WINDOW; day < today; day += 1)
    await countDay(db, plans, { day, ip: `${ABOVE} + i`, pool: '' });
  const [whole, days] = [DOMAINS * PROVIDERS.length, Math.ceil(held / (DOMAINS * PROVIDERS.length))];
  for (let ago = 1; ago <= days; ago += 1)
    await countDay(db, Math.ceil(Math.min(whole, held) / PROVIDERS.length), {
      day: today - ago,
      ip: '0',
      pool: 'shared-us',
    });
  await db.raw(isPostgres(db) ? 'analyze' : 'PRAGMA wal_checkpoint(TRUNCATE)');
}

async function countDay(
  db: Db,
  domains: number,
  { day, ip, pool }: { readonly day: number; readonly ip: string; readonly pool: string },
): Promise<void> {
  for (const provider of PROVIDERS)
    await db.raw(`insert into sending_counts (domain_id, day, ip_id, pool, provider, stream, sent, delivered, deferred, bounced,
      complained, recorded_at) ${numbers(domains)}
      select ${ABOVE} + i, ${day}, ${ip}, '${pool}', '${provider}', 'marketing', 120, 119, i % 5, 1, 0, 0 from n`);
}

/** Makes the last days of all these plans due. */
export const makeDue = (db: Db, today: number): Promise<number> =>
  db('warmups')
    .where('id', '>', ABOVE)
    .update({ next_day: today - DUE_DAYS });

/** How many of these plans are not judged up to a day. */
export async function countBehind(db: Db, day: number): Promise<number> {
  const row = await db('warmups').where('id', '>', ABOVE).where('next_day', '<', day).count({ n: '*' }).first();
  return Number(row?.['n']);
}
