// Fills an empty, migrated database with what routing reads: 100,000 domains, 10,000 of which warm up an IP.
import { type Db, isPostgres } from '../../src/database.ts';
import { numbers } from './filling.ts';

const CAPS = JSON.stringify([200, 500, 1200, 3000, 8572]);

/** Two domains an account; the first `warming` accounts have an IP each, at its fourth stage, used by both domains. */
export async function fillRouting(db: Db, domains: number, warming: number, now: number): Promise<void> {
  const accounts = Math.floor(domains / 2);
  const today = Math.floor(now / 86_400_000);
  const policy = `insert into policy_versions (id, name, number, document, effective_from) values (1, 'bench', 1, '{}', ${now})`;
  const statements = [
    policy,
    `insert into accounts (id, name, plan, created_at) ${numbers(accounts)} select i, 'Customer ' || i, 'premium', ${now} from n`,
    `insert into people (id, account_id, account_role, email, name, password_hash, time_zone, created_at)
      values (1, 1, 'admin', 'owner@c1.example', 'Owner', 'x', 'UTC', ${now})`,
    `insert into domains (id, account_id, name, usage, route, created_at) ${numbers(2 * accounts)}
      select i, (i + 1) / 2, 'd' || i || '.example', 'both', case when i <= ${2 * warming} then 'dedicated' else 'default' end, ${now} from n`,
    `insert into ips (id, address, region, status, created_at) ${numbers(warming)}
      select i, '10.' || (i / 65536) || '.' || (i / 256 % 256) || '.' || (i % 256), 'us', 'allocated', ${now} from n`,
    `insert into requests (id, account_id, requester_id, kind, status, version, form_token, policy_version_id, weekly_volume,
        ip_count, region, stream, starts_on, sends, granted_count, submitted_at, decided_at) ${numbers(warming)}
      select i, i, 1, 'dedicated_ip', 'fulfilled', 1, 'f' || i, 1, 60000, 1, 'us', 'both', ${today - 3}, 'News', 1, ${now}, ${now} from n`,
    `insert into allocations (id, ip_id, account_id, request_id, status, monthly_cents, currency, allocated_at) ${numbers(warming)}
      select i, i, i, i, 'warming', 0, 'USD', ${now} from n`,
    `insert into allocation_domains (allocation_id, domain_id) select (id + 1) / 2, id from domains where route = 'dedicated'`,
    `insert into warmups (id, allocation_id, status, schedule, clock, target_per_day, starts_on, caps, stage, next_day, stage_since, judged_from,
        changed_at) ${numbers(warming)} select i, i, 'running', 'growth', 'progress', 8572, ${today - 3}, '${CAPS}', 4, ${today}, ${today}, ${today - 3}, 0 from n`,
    // S-02: each account has a limit, which nothing here reaches, so that counting towards it is measured as well.
    `insert into account_reputations (account_id, day, score, sent, delivered, deferred, bounced, complained, usual, step, daily_limit)
      ${numbers(accounts)} select i, ${today}, 70, 9000, 9000, 0, 0, 0, 500, 2, 1000000 from n`,
  ];
  await db.transaction(async (trx) => {
    for (const statement of statements) await trx.raw(statement);
  });
  await db.raw(isPostgres(db) ? 'analyze' : 'PRAGMA wal_checkpoint(TRUNCATE)');
}
