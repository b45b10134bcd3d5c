// The body of `POST /api/v1/sending-counts`, read. Pure.
import { z } from 'zod';
import { parseDay } from '../../form.ts';
import { ok, type Result, refused } from '../../result.ts';
import { type FieldProblem, MOST_COUNT } from '../counts.ts';
import { asciiName } from '../domain-name.ts';
import { type EngagementFigure, engagementFigures, engagementOf } from '../engagement.ts';
import type { Reported } from '../reported.ts';

export const MOST_COUNTS = 5000;

/** What is wrong with a batch: with a field of one count (by its index, from 0), or (null) of the batch itself. */
export type BatchProblem = FieldProblem & { readonly index: number | null };

export type Batch = { readonly name: string; readonly counts: readonly Reported[] };

const text = (what: string, most: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? `${what} is missing.` : `${what} must be a text.`) })
    .min(1, `${what} is missing.`)
    .max(most, `${what} has more than ${most} characters.`);

const figure = z
  .number({ error: ({ input }) => (input === undefined ? 'The count is missing.' : 'A count must be a whole number.') })
  .int('A count must be a whole number.')
  .min(0, 'A count must not be negative.')
  .max(MOST_COUNT, 'A count must be at most 2,000,000,000.');

const day = text('The day', 20).transform((written, context) => {
  const read = parseDay(written);
  if (read !== undefined) return read;
  context.addIssue({ code: 'custom', message: 'The day must be a date, like 2026-11-26.' });
  return z.NEVER;
});

const optional = figure.nullish().transform((value) => value ?? null);
const engagement = Object.fromEntries(engagementFigures.map((name) => [name, optional])) as Record<
  EngagementFigure,
  typeof optional
>;

const count = z.strictObject(
  {
    day,
    domain: text('The domain', 253).transform(asciiName),
    via: text('What it went over', 100).transform((via) => via.trim()),
    provider: text('The provider', 100),
    stream: z.enum(['marketing', 'transactional'], 'The stream must be "marketing" or "transactional".'),
    sent: figure,
    delivered: figure,
    deferred: figure,
    bounced: figure,
    complained: figure,
    opened: optional,
    ...engagement,
  },
  'A count must be an object.',
);

const schema = z.strictObject(
  {
    batch: text('The batch’s name', 100).refine(
      (name) => name.isWellFormed() && !/\p{Cc}/u.test(name),
      'The batch’s name has a character that cannot be used.',
    ),
    counts: z
      .array(count, 'The counts must be a list.')
      .min(1, 'The batch contains no counts.')
      .max(MOST_COUNTS, 'There are more than 5,000 counts in the batch. Send the others in another one.'),
  },
  'The body must be a JSON object with "batch" and "counts", sent as application/json.',
);

/** Reads a batch. Refused with every problem, by count and field. */
export function readBatch(body: unknown): Result<Batch, BatchProblem[]> {
  const read = schema.safeParse(body);
  if (read.success) return ok({ name: read.data.batch, counts: read.data.counts.map(reportedOf) });
  return refused(read.error.issues.flatMap(problemsOf));
}

function reportedOf(read: z.output<typeof count>): Reported {
  const { day, domain, via, provider, stream, sent, delivered, deferred, bounced, complained, opened } = read;
  const told = engagementOf((figure) => read[figure]);
  const counts = { day, domain, via, provider, stream, sent, delivered, deferred, bounced, complained, opened };
  return told ? { ...counts, engagement: told } : counts;
}

function problemsOf(issue: z.core.$ZodIssue): BatchProblem[] {
  const [first, index, field] = issue.path.map(String);
  const about = index === undefined ? null : Number(index);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      index: about,
      field: key.slice(0, 60),
      sentence: 'This field is not known here.',
    }));
  return [{ index: about, field: field ?? first ?? 'body', sentence: issue.message }];
}
