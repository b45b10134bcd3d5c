// Files that people attach to what they write: data without anything in it that a program would run, unless a policy takes PDFs.
import { z } from 'zod';
import { count, ruled } from './sourced-value.ts';

export const attachmentTypes = ['png', 'jpeg', 'gif', 'webp', 'text', 'pdf'] as const;
export type AttachmentType = (typeof attachmentTypes)[number];

/** A PDF can carry scripts, so that a policy has to name it. */
const WITHOUT_ASKING: readonly AttachmentType[] = ['png', 'jpeg', 'gif', 'webp', 'text'];

const MOST_BYTES = 25_000_000;

/** `types`: none, and nothing can be attached. `maxBytes`: of each file. `perMessage`: the number of files. */
export const attachmentsSchema = z
  .strictObject({
    types: ruled(
      z
        .array(z.enum(attachmentTypes, `must be one of ${attachmentTypes.join(', ')}`))
        .refine((types) => new Set(types).size === types.length, 'must not name one twice'),
    ),
    maxBytes: ruled(count.max(MOST_BYTES, 'must be at most 25,000,000')),
    perMessage: ruled(count.max(20, 'must be at most 20')),
  })
  // Not in policies that were adopted before there was this.
  .default({
    types: { value: [...WITHOUT_ASKING], rule: 'own choice' },
    maxBytes: { value: 5_000_000, rule: 'own choice' },
    perMessage: { value: 5, rule: 'own choice' },
  });
