// The queue as a file for spreadsheets. Pure.
import { csvField } from '../../csv.ts';
import { reference, STAFF_LABELS } from '../request.ts';
import type { QueueRow } from './queue.ts';
import { CHOICES } from './queue-filter.ts';

/** At most this many requests go into one file: each is judged for it, and a file of all there ever were serves nobody. */
export const MOST_EXPORTED = 2_000;

const COLUMNS = [
  ...['reference', 'customer', 'plan', 'kind', 'ips', 'region', 'stated_weekly', 'measured_weekly', 'recommended'],
  ...['state', 'claimed_by', 'sent_at', 'due_at', 'decided_at'],
];

/** The file: a head, and a line for each request. Volumes are emails a week, times are UTC. */
export const queueCsv = (rows: readonly QueueRow[]): string =>
  [COLUMNS, ...rows.map(fieldsOf)].map((fields) => `${fields.join(',')}\r\n`).join('');

function fieldsOf({ request, recommendation, measured, claim }: QueueRow): (string | number)[] {
  const { answers, account } = request;
  const ips = answers.kind === 'dedicated_ip' ? [answers.ipCount, answers.region] : ['', ''];
  return [
    ...[reference(request.id), csvField(account.name), csvField(account.plan), answers.kind, ...ips],
    ...[answers.weeklyVolume, measured ?? '', recommendation ? CHOICES.recommended[recommendation.verdict] : ''].map(
      (value) => (typeof value === 'string' ? csvField(value) : value),
    ),
    ...[csvField(STAFF_LABELS[request.status]), csvField(claim?.name ?? '')],
    ...[request.submittedAt, request.dueAt, request.decidedAt].map((at) =>
      at === null ? '' : new Date(at).toISOString(),
    ),
  ];
}
