import type { CheckName } from '../document/check-names.ts';

/** passes; look: nothing failed, a reviewer should look; fails: approving needs R-04; blocks: cannot be sent. */
export type Verdict = 'passes' | 'look' | 'fails' | 'blocks';

/** One check's answer with its evidence, for staff (title, fact, limit) and in the customer's words. */
export type Finding = {
  /** Stable key: 'measured-volume'. */
  check: CheckName;
  /** The rule that it carries out, or 'own choice'. */
  rule: string;
  title: string;
  fact: string;
  limit: string;
  verdict: Verdict;
  /** The title is a short sentence with its full stop. */
  customer: { title: string; sentence: string };
  /** What would make it pass, said to the customer; null when it passes or when nothing they do would help. */
  remedy: string | null;
  /** 'request', 'mail servers', 'DNS', 'account', 'inventory' or the policy's name. */
  source: string;
  /** When the fact was true (UTC milliseconds); null: never established. */
  asOf: number | null;
  /** False only for stock: what is free is settled inside the approval. */
  binds: boolean;
};
