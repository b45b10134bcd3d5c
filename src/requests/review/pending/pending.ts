// A decision from when it is made until it takes effect, with the form that made it. Pure.
import { z } from 'zod';
import { attachmentTypes } from '../../../policy/document/attachments.ts';
import { decisions, type PendingDecision } from '../../request.ts';
import { basisSchema } from '../decision-basis.ts';

const formSchema = z.strictObject({
  /** null: a question, which binds to nothing that was seen. */
  seen: basisSchema.nullable(),
  reason: z.string(),
  approvedCount: z.int(),
  /** What came with a question. */
  files: z
    .array(
      z.strictObject({
        key: z.string(),
        name: z.string(),
        type: z.enum(attachmentTypes),
        bytes: z.int(),
        sha256: z.string(),
      }),
    )
    .optional(),
});

/** What the reviewer's form said. */
export type DecisionForm = z.infer<typeof formSchema>;

/** A decision with its form, as it is carried out. */
export type Deciding = { readonly decision: PendingDecision['decision']; readonly form: DecisionForm };

/** What the reviewer wrote; empty where a stored form cannot be read. */
export function reasonIn(form: string): string {
  try {
    return formSchema.parse(JSON.parse(form)).reason;
  } catch {
    return '';
  }
}

/** Reads a stored decision. Throws where it cannot be read. */
export const readDeciding = (decision: string, form: string): Deciding => ({
  decision: z.enum(decisions).parse(decision),
  form: formSchema.parse(JSON.parse(form)),
});
