import type { Knex } from 'knex';

const COUNTS = ['sent', 'delivered', 'deferred', 'bounced', 'complained'];

export async function up(db: Knex): Promise<void> {
  await db.schema.renameTable('sending_counts', 'old_counts');
  await db.schema.createTable('sending_counts', (t) => {
    t.integer('domain_id').notNullable().references('domains.id');
    // A UTC day, as days since 1970-01-01.
    t.integer('day').notNullable();
    // What the mail went over: one of our IPs, or (0) the shared pool of that name.
    t.integer('ip_id').notNullable().defaultTo(0);
    t.text('pool').notNullable().defaultTo('');
    t.text('provider').notNullable();
    t.text('stream').notNullable();
    for (const count of COUNTS) t.integer(count).notNullable();
    // null: nobody counts openings there.
    t.integer('opened');
    t.bigInteger('recorded_at').notNullable();
    t.primary(['domain_id', 'day', 'ip_id', 'pool', 'provider', 'stream'], 'sending_counts_by_ip');
    t.check("(ip_id > 0) = (pool = '')", [], 'sending_counts_ip_or_pool');
    t.check("stream in ('marketing', 'transactional')", [], 'sending_counts_stream');
    t.check(
      'sent >= 0 and delivered >= 0 and bounced >= 0 and delivered + bounced <= sent',
      [],
      'sending_counts_outcomes',
    );
    t.check(
      'deferred between 0 and sent and complained between 0 and sent and coalesce(opened, 0) between 0 and sent',
      [],
      'sending_counts_signals',
    );
  });
  // All that is judged of an IP's mail stands in its index: what went over pools has no place there.
  await db.raw(`create index sending_counts_over_ips on sending_counts
    (ip_id, day, provider, sent, delivered, deferred, bounced, complained) where ip_id > 0`);
  // What was counted so far says neither provider nor IP.
  await db.raw(`insert into sending_counts
    (domain_id, day, ip_id, pool, provider, stream, sent, delivered, deferred, bounced, complained, recorded_at)
    select o.domain_id, o.day, 0, 'shared-us', 'other',
      case when d.usage = 'transactional' then 'transactional' else 'marketing' end,
      o.sent, o.sent - o.bounced, 0, o.bounced, o.complained, o.recorded_at
    from old_counts o join domains d on d.id = o.domain_id`);
  await db.schema.dropTable('old_counts');
}

export async function down(db: Knex): Promise<void> {
  await db.schema.renameTable('sending_counts', 'new_counts');
  await db.schema.createTable('sending_counts', (t) => {
    t.integer('domain_id').notNullable().references('domains.id');
    t.integer('day').notNullable();
    t.integer('sent').notNullable();
    t.integer('bounced').notNullable();
    t.integer('complained').notNullable();
    t.bigInteger('recorded_at').notNullable();
    t.primary(['domain_id', 'day']);
    t.check('sent >= 0 and bounced between 0 and sent and complained between 0 and sent', [], 'sending_counts_add_up');
  });
  await db.raw(`insert into sending_counts (domain_id, day, sent, bounced, complained, recorded_at)
    select domain_id, day, sum(sent), sum(bounced), sum(complained), max(recorded_at)
    from new_counts group by domain_id, day`);
  await db.schema.dropTable('new_counts');
}
