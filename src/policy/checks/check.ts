import type { Policy } from '../document/policy.ts';
import type { Finding } from './finding.ts';

/** What a check says besides its verdict; the rest has a usual value. */
export type Said = Omit<Finding, 'remedy' | 'binds' | 'asOf' | 'customer'> & {
  asOf: number | null;
  /** The customer's title and sentence. */
  says: [title: string, sentence: string];
  remedy?: string | null;
  binds?: boolean;
};

/** Completes a finding: what passes has no remedy; all but the stock binds. */
export const finding = ({ says: [title, sentence], remedy, instead, binds, ...said }: Said): Finding => ({
  ...said,
  customer: { title, sentence },
  remedy: said.verdict === 'passes' ? null : (remedy ?? null),
  ...(instead === undefined || said.verdict === 'passes' ? {} : { instead }),
  binds: binds ?? true,
});

/** What every check is given: the policy, the facts of its kind of request, and the instant of the assessment. */
export type Check<F> = (policy: Policy, facts: F, at: number) => Finding | null;
