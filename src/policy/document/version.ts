import type { Policy } from './policy.ts';

/** A policy as it was adopted. Requests keep the version under which they were sent. */
export type PolicyVersion = {
  readonly id: number;
  readonly name: string;
  /** 1, 2, 3 … within the name. */
  readonly number: number;
  readonly document: Policy;
};
