import type { Knex } from 'knex';

const SUM = (columns: readonly string[]) => columns.map((column) => `coalesce(${column}, 0)`).join(' + ');
const RECENCY = ['recency_30', 'recency_90', 'recency_180', 'recency_older', 'recency_never'];
const BOUNCES = ['bounced_invalid', 'bounced_reputation', 'bounced_content', 'bounced_other'];
const COLUMNS = ['opened_by_proxy', 'clicked', ...RECENCY, ...BOUNCES];

// A check is the last column's of those that it is about, so that each column can be dropped again with its own.
const CHECKS: Readonly<Record<string, string>> = {
  opened_by_proxy: 'coalesce(opened, 0) + coalesce(opened_by_proxy, 0) <= sent',
  clicked: 'coalesce(clicked, 0) <= sent',
  recency_never: `${SUM(RECENCY)} <= sent`,
  bounced_other: `${SUM(BOUNCES)} <= bounced`,
};

/** S-24: who engaged with a day's mail and why it bounced, where a mail system tells it; null: it does not. */
export async function up(db: Knex): Promise<void> {
  for (const column of COLUMNS) {
    const more = CHECKS[column] === undefined ? '' : ` and ${CHECKS[column]}`;
    await db.raw(`alter table sending_counts add column ${column} integer check (coalesce(${column}, 0) >= 0${more})`);
  }
}

export async function down(db: Knex): Promise<void> {
  for (const column of [...COLUMNS].reverse()) await db.raw(`alter table sending_counts drop column ${column}`);
}
