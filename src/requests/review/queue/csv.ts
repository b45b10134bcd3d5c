// The queue as a file for spreadsheets. Pure.
import type { Person } from '../../../accounts/person.ts';
import { csvField } from '../../../csv.ts';
import { statusOf } from '../../given-back.ts';
import { reference } from '../../request.ts';
import { CHOICES } from './filter.ts';
import type { QueueRow } from './queue.ts';

/** At most this many requests go into one file: open ones are judged for it, and a file of all there ever were serves nobody. */
export const MOST_EXPORTED = 20_000;

/** The columns in their order. Volumes are emails a week, times are UTC. */
const COLUMNS: Readonly<Record<string, (row: QueueRow, reader: Person) => string | number>> = {
  reference: ({ request }) => reference(request.id),
  customer: ({ request }) => csvField(request.account.name),
  plan: ({ request }) => csvField(request.account.plan),
  kind: ({ request }) => request.answers.kind,
  ips: ({ request: { answers } }) => (answers.kind === 'dedicated_ip' ? answers.ipCount : ''),
  region: ({ request: { answers } }) => (answers.kind === 'dedicated_ip' ? answers.region : ''),
  stated_weekly: ({ request }) => request.answers.weeklyVolume,
  measured_weekly: ({ measured }) => measured ?? '',
  recommended: ({ recommendation }) => (recommendation ? csvField(CHOICES.recommended[recommendation.verdict]) : ''),
  state: ({ request, given }) => csvField(statusOf(request, given).label),
  claimed_by: ({ claim }) => csvField(claim?.name ?? ''),
  sent_at: ({ request }) => instant(request.submittedAt),
  due_at: ({ request }) => instant(request.dueAt),
  decided_at: ({ request }) => instant(request.decidedAt),
  // S-12: approved without a person.
  automatic: ({ request }) => (request.isAutomatic ? 'yes' : ''),
  // What was decided and is not in effect yet, the reader's own account aside, whose people hear of it when it is.
  pending_decision: ({ request: { pending, account } }, reader) =>
    pending && account.id !== reader.accountId ? pending.decision : '',
};

const instant = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

/** The first line of the file. */
export const queueCsvHead = `${Object.keys(COLUMNS).join(',')}\r\n`;

/** The lines of these requests for `reader`. */
export const queueCsvLines = (rows: readonly QueueRow[], reader: Person): string =>
  rows
    .map((row) => Object.values(COLUMNS).map((column) => column(row, reader)))
    .map((fields) => `${fields.join(',')}\r\n`)
    .join('');
