// What programs ask over HTTP. Pure.
import { z } from 'zod';
import { ok, type Result, refused } from '../result.ts';

export const MOST_AT_ONCE = 1_000;

const address = z
  .string('must be an address, like news@example.com')
  .max(320, 'must be at most 320 characters')
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an address, like news@example.com');

/** Recipients of one message: as many as Postfix takes by itself. */
export const MOST_RECIPIENTS = 1_000;

const NO_ADDRESS = 'must be an address, like ann@example.com, or a list of them';

const fields = z.strictObject({
  sender: address,
  recipient: z.union([address.transform((one) => [one]), z.array(address).min(1, NO_ADDRESS)], NO_ADDRESS),
  stream: z.enum(['marketing', 'transactional'], 'must be "marketing" or "transactional"').optional(),
  message: z.string('must be a text').min(1, 'must not be empty').max(500, 'must be at most 500 characters').optional(),
});

const question = z.preprocess(
  oneName,
  fields.transform(({ recipient, ...rest }, context) => {
    const recipients = [...new Set(recipient.map((each) => each.toLowerCase()))];
    if (recipients.length <= MOST_RECIPIENTS) return { ...rest, recipients };
    const message = `must be at most ${MOST_RECIPIENTS}: hand in such a message in parts, each with a name of its own`;
    context.addIssue({ code: 'custom', path: ['recipients'], message });
    return z.NEVER;
  }),
);

/** `recipients` is `recipient` by another name. Both together are an unknown field. */
function oneName(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || 'recipient' in json || !('recipients' in json)) return json;
  const { recipients, ...rest } = json;
  return { ...rest, recipient: recipients };
}

export type RouteQuestion = z.infer<typeof question>;

const named = question.refine(({ message }) => message !== undefined, { path: ['message'], error: 'must be a text' });

const questions = z.strictObject({
  questions: z
    .array(named, 'must be a list')
    .min(1, 'must have at least one question')
    .max(MOST_AT_ONCE, `must have at most ${MOST_AT_ONCE} questions`),
});

export type RouteQuestions = z.infer<typeof questions>;

/** One question out of an address's query, where each recipient is a `recipient`. Refused with every problem, each led by its field. */
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
