// Fills an empty, migrated database with a provider's believable past: straight into the tables, a handful of statements.
import { hashPassword } from '../../src/accounts/password.ts';
import { type Db, isPostgres } from '../../src/database.ts';
import { dayOf } from '../../src/day.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { evenPattern } from '../../src/sending/pattern.ts';
import { planWarmup } from '../../src/warmup/plan.ts';
import { accountStatements } from './fill-accounts.ts';
import { fulfilmentStatements } from './fill-fulfilled.ts';
import { requestStatements } from './fill-requests.ts';
import { type Filling, passwordOfAll } from './filling.ts';

const DAY = 86_400_000;
const TABLES = [
  'accounts',
  'people',
  'domains',
  'requests',
  'quotes',
  'decisions',
  'audit_events',
  'outbox',
  'ips',
  'allocations',
  'warmups',
];

/**
 * Fills `db` with `size` requests (a multiple of eight) as they would be at the instant `now`: one account for eight
 * requests, two domains each; one request in forty is open, the others are closed; one account in four holds an IP.
 */
export async function fill(db: Db, size: number, now: number): Promise<Filling> {
  const document = loadPolicy(policyPath('customerio'));
  if (!document.ok) throw new Error(document.problem.join('\n'));
  const policy = await adoptPolicy(db, { person: null, at: now - 500 * DAY }, document.value);
  const plan = planWarmup(policy.document, evenPattern(60_000, 'measured'), dayOf(now));
  const filling: Filling = {
    requests: size,
    accounts: Math.floor(size / 8),
    now,
    today: dayOf(now),
    firstEvent: 1000,
    policyVersionId: policy.id,
    passwordHash: await hashPassword(passwordOfAll, 19_456),
    caps: JSON.stringify(plan.caps),
    targetPerDay: plan.targetPerDay,
  };
  await db.transaction(async (trx) => {
    const statements = [...accountStatements(filling), ...requestStatements(filling), ...fulfilmentStatements(filling)];
    for (const statement of statements) await trx.raw(statement);
    await trx.raw(wordStatement(isPostgres(trx)));
    if (!isPostgres(trx)) await trx.raw(VOCABULARY);
    if (isPostgres(trx)) for (const table of TABLES) await moveSequence(trx, table);
  });
  await db.raw(isPostgres(db) ? 'analyze' : 'PRAGMA wal_checkpoint(TRUNCATE)');
  return filling;
}

/** The words of what was written, as the desk keeps them; in one request of a thousand a rare one. */
const wordStatement = (isPg: boolean): string => {
  const words = `'we looked at what was sent order news a newsletter in the shop' || case when e.subject_id % 1000 = 7 then ' quokka' else '' end`;
  return `insert into event_words (rowid, words)
    select e.id, ${isPg ? `array_to_tsvector(string_to_array(${words}, ' '))` : words}
    from audit_events e left join messages m on m.event_id = e.id
    where e.subject_type = 'request' and (m.event_id is not null or e.name = 'request.submitted')`;
};

/** Each of those words once, as SQLite keeps them. */
const VOCABULARY = `insert or ignore into event_words_vocabulary (word) select value
  from json_each('["we", "looked", "at", "what", "was", "sent", "order", "news", "a", "newsletter", "in", "the", "shop", "quokka"]')`;

const moveSequence = (trx: Db, table: string) =>
  trx.raw(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`);
