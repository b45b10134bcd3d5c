// A domain that an account wants, until a TXT record proves that it is the account's. Pure.
import { type Answer, isCertain, type Outcome, recordsOf } from '../../dns/outcome.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { printableTexts } from '../printable.ts';

/** `unseen`: not looked at yet. `taken`: the record is there, and another account has the domain. */
export type ProofState = 'unseen' | 'missing' | 'wrong' | 'alias' | 'taken';

export type PendingDomain = {
  readonly id: number;
  readonly accountId: number;
  /** Who asked for it; null: nobody who is known any more. */
  readonly personId: number | null;
  readonly name: string;
  readonly usage: Stream;
  readonly token: string;
  readonly state: ProofState;
  /** What DNS had instead. */
  readonly found: readonly string[];
  /** When DNS last said something certain (UTC milliseconds). */
  readonly seenAt: number | null;
  /** When it was last asked. */
  readonly triedAt: number | null;
  /** Why the last look found out nothing. */
  readonly trouble: Outcome | null;
  /** When it is looked up next; null: only when somebody asks for it. */
  readonly dueAt: number | null;
  readonly tries: number;
  readonly createdAt: number;
};

/** The TXT record that proves a domain: each account has a token of its own, so nobody's record proves it for another. */
export const proofRecord = ({ name, token }: Pick<PendingDomain, 'name' | 'token'>) => ({
  at: `_warmdesk-challenge.${name}`,
  value: `warmdesk=${token}`,
});

export type Proof =
  | { readonly state: 'proven' }
  | { readonly state: Exclude<ProofState, 'unseen' | 'taken'>; readonly found: readonly string[] }
  /** Nothing was found out. */
  | { readonly state: null; readonly trouble: Outcome };

/**
 * What DNS says about the proof. An alias proves nothing: where a whole zone points elsewhere by a wildcard, its
 * target could publish records for every name of it.
 */
export function judgeProof(value: string, answers: { txt: Answer<string>; cname: Answer<string> }): Proof {
  const { txt, cname } = answers;
  if (cname.outcome === 'found') return { state: 'alias', found: printableTexts(cname.records) };
  if (!isCertain(cname)) return { state: null, trouble: cname.outcome };
  if (!isCertain(txt)) return { state: null, trouble: txt.outcome };
  const texts = recordsOf(txt);
  if (texts.some((text) => text.trim() === value)) return { state: 'proven' };
  return texts.length === 0 ? { state: 'missing', found: [] } : { state: 'wrong', found: printableTexts(texts) };
}
