// Records that were right and are not any more. Pure.
import { PROOF_KINDS } from '../domain.ts';
import type { LostRecord } from '../mail.ts';
import type { Looked, Proven } from './look.ts';
import { isTrouble } from './verdict.ts';
import { titleOf } from './wording.ts';

/** The records behind each proof that a domain had before and has no longer; what could not be found out is not lost. */
export const lostRecords = (looked: readonly Looked[], before: Proven, now: Proven): LostRecord[] =>
  PROOF_KINDS.filter((kind) => before[kind] && !now[kind]).flatMap((kind) =>
    looked.flatMap(({ wanted: { kind: of, at, value }, look }) =>
      of !== kind || isTrouble(look) || look.state === 'found'
        ? []
        : [{ title: titleOf(kind), at, says: saysOf(look), publish: value }],
    ),
  );

const saysOf = ({ says }: { readonly says: string }): string => (says === '' ? 'There is no such record.' : says);
