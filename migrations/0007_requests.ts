import type { Knex } from 'knex';

const OPEN = "'submitted', 'needs_info', 'second_review', 'offered', 'waitlisted'";

export async function up(db: Knex): Promise<void> {
  await db.schema.createTable('requests', (t) => {
    t.increments('id');
    t.integer('account_id').notNullable().references('accounts.id');
    t.integer('requester_id').notNullable().references('people.id');
    t.text('kind').notNullable().checkIn(['dedicated_ip', 'transactional_pool']);
    t.text('status')
      .notNullable()
      .checkIn([
        'submitted',
        'needs_info',
        'second_review',
        'offered',
        'waitlisted',
        'fulfilled',
        'declined',
        'withdrawn',
        'expired',
      ]);
    t.integer('version').notNullable();
    t.text('form_token').notNullable().unique();
    t.integer('policy_version_id').notNullable().references('policy_versions.id');
    t.bigInteger('weekly_volume').notNullable();
    t.bigInteger('peak_weekly_volume');
    t.integer('ip_count');
    t.text('region');
    t.text('stream');
    t.integer('starts_on');
    t.text('sends').notNullable();
    t.text('signup');
    t.text('samples');
    t.integer('granted_count');
    t.bigInteger('submitted_at').notNullable();
    t.bigInteger('due_at');
    t.bigInteger('due_left');
    t.bigInteger('expires_at');
    t.bigInteger('decided_at');
    t.index(['status', 'due_at', 'id']);
    t.index(['account_id', 'id']);
    t.index('expires_at');
    t.check(
      "(kind = 'dedicated_ip') = (ip_count is not null and region is not null and stream is not null and starts_on is not null)",
      [],
      'requests_dedicated_answers',
    );
    t.check('weekly_volume > 0 and (ip_count is null or ip_count > 0)', [], 'requests_numbers_positive');
  });
  await db.raw(`create unique index requests_one_open on requests (account_id, kind) where status in (${OPEN})`);
  await db.schema.createTable('request_domains', (t) => {
    t.integer('request_id').notNullable().references('requests.id');
    t.integer('domain_id').notNullable().references('domains.id').index();
    t.primary(['request_id', 'domain_id']);
  });
  await db.schema.createTable('quotes', (t) => {
    t.increments('id');
    t.integer('request_id').notNullable().references('requests.id').index();
    t.integer('policy_version_id').notNullable().references('policy_versions.id');
    t.integer('ip_count').notNullable();
    t.integer('held_count').notNullable();
    t.integer('included_count').notNullable();
    t.integer('unit_cents').notNullable();
    t.integer('monthly_cents').notNullable();
    t.text('currency').notNullable();
    t.bigInteger('made_at').notNullable();
    t.bigInteger('valid_until').notNullable();
    t.check(
      'monthly_cents = (ip_count - included_count) * unit_cents and included_count between 0 and ip_count',
      [],
      'quotes_add_up',
    );
  });
  await db.schema.createTable('decisions', (t) => {
    t.increments('id');
    t.integer('request_id').notNullable().references('requests.id');
    t.integer('reviewer_id').notNullable().references('people.id');
    t.text('verdict').notNullable().checkIn(['approve', 'offer', 'decline']);
    t.integer('rank').notNullable().checkIn(['1', '2']);
    t.integer('granted_count');
    t.integer('failed_checks').notNullable();
    t.text('seen').notNullable();
    t.integer('quote_id').references('quotes.id');
    // Who decided when, and with what reason: the record of the step, and the message that goes with it.
    t.integer('event_id').notNullable().references('audit_events.id');
    t.bigInteger('void_at');
  });
  // One standing decision of each rank; one that was sent back stays in the history and makes room.
  await db.raw('create unique index decisions_one_standing on decisions (request_id, rank) where void_at is null');
  // What somebody wrote when taking a step; who, when and which step stand in the record. Apart from the
  // append-only history, so that a person's words can be erased without touching it.
  await db.schema.createTable('messages', (t) => {
    t.integer('event_id').primary().references('audit_events.id');
    t.text('body').notNullable();
  });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['messages', 'decisions', 'quotes', 'request_domains', 'requests']) {
    await db.schema.dropTable(table);
  }
}
