// How good the reputation of a domain or an account is, from what its mail came to. Pure.
import type { Policy } from '../policy/document/policy.ts';
import type { Counts } from '../sending/counts.ts';

export const scoreParts = ['complaint', 'bounce', 'deferral'] as const;
export type ScorePart = (typeof scoreParts)[number];

/** A part of a score: `rate` of what was sent, and `points` of at most `most` for it. */
export type ScoredPart = {
  readonly name: ScorePart;
  readonly rate: number;
  /** The rate from which there are no points left. */
  readonly worst: number;
  readonly points: number;
  readonly most: number;
};

/** `value`: whole points from 0 to 100, the sum of its parts. */
export type Score = { readonly value: number; readonly parts: readonly ScoredPart[] };

export type ScoreRules = Pick<Policy, 'minimumSample' | 'reputation'>;

const COUNTED = { complaint: 'complained', bounce: 'bounced', deferral: 'deferred' } as const;

/**
 * The score of some mail. Each part has all of its points where nothing went wrong, none from its worst rate on, and falls
 * evenly in between: more complaints, bounces or deferrals of the same mail never score better. null: too little was sent
 * to judge (`minimumSample`).
 */
export function scoreOf(counts: Counts, { minimumSample, reputation }: ScoreRules): Score | null {
  if (counts.sent === 0 || counts.sent < minimumSample.value) return null;
  const parts = scoreParts.map((name): ScoredPart => {
    const { points, worst } = reputation[name];
    const rate = counts[COUNTED[name]] / counts.sent;
    const left = Math.max(0, 1 - rate / worst.value);
    return { name, rate, worst: worst.value, points: points.value * left, most: points.value };
  });
  return { value: Math.round(parts.reduce((sum, part) => sum + part.points, 0)), parts };
}
