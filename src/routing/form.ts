// What programs ask over HTTP. Pure.
import { z } from 'zod';
import { ok, type Result, refused } from '../result.ts';

export const MOST_AT_ONCE = 1_000;

const address = z
  .string('must be an address, like news@example.com')
  .max(320, 'must be at most 320 characters')
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an address, like news@example.com');

const question = z.strictObject({
  sender: address,
  recipient: address,
  stream: z.enum(['marketing', 'transactional'], 'must be "marketing" or "transactional"').optional(),
  message: z.string('must be a text').min(1, 'must not be empty').max(500, 'must be at most 500 characters').optional(),
});

export type RouteQuestion = z.infer<typeof question>;

const questions = z.strictObject({
  questions: z
    .array(question.required({ message: true }), 'must be a list')
    .min(1, 'must have at least one question')
    .max(MOST_AT_ONCE, `must have at most ${MOST_AT_ONCE} questions`),
});

export type RouteQuestions = z.infer<typeof questions>;

/** One question out of an address's query. Refused with every problem, each led by its field. */
export const readQuestion = (query: unknown): Result<RouteQuestion, string[]> => read(question, query);

/** Many questions, each about a message with a name. */
export const readQuestions = (body: unknown): Result<RouteQuestions, string[]> => read(questions, body ?? {});

function read<T>(schema: z.ZodType<T>, json: unknown): Result<T, string[]> {
  const found = schema.safeParse(json);
  if (found.success) return ok(found.data);
  return refused(
    found.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((name) => `${[...issue.path, name].join('.')}: is not known here`)
        : [`${issue.path.join('.') || 'the body'}: ${issue.message}`],
    ),
  );
}
