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
  /** What could be asked for instead, as long as the request is not sent. */
  instead?: string;
  /** 'request', 'mail servers', 'DNS', 'account', 'inventory' or the policy's name. */
  source: string;
  /** When the fact was true (UTC milliseconds); null: never established. */
  asOf: number | null;
  /** False only for stock: what is free is settled inside the approval. */
  binds: boolean;
};

/** What somebody can still do about these once the request is sent: its answers are what they are. */
const BEYOND_THE_REQUEST: readonly CheckName[] = [
  'account-open',
  'measured-volume',
  'bounce-rate',
  'complaint-rate',
  'domains-proven',
  'plan',
  'history',
];

/** What helps: before a request is sent its answers can be changed too, afterwards only the world can. Empty: nothing does. */
export function remedyOf({ check, remedy, instead }: Finding, isSent: boolean): string {
  if (isSent) return BEYOND_THE_REQUEST.includes(check) ? (remedy ?? '') : '';
  return [remedy ?? '', instead ?? ''].join(' ').trim();
}
