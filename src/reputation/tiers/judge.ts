// What a night does with a domain on a shared pool: S-01, its tier follows its reputation; C-02, one that performs poorly is
// warned, then goes to the lower tier, and is stopped at the last limit. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Rated } from '../../sending/rates.ts';
import { rateWords } from '../../sending/rates.ts';
import { counted, percent } from '../../wording.ts';

/** Where a domain is. `tier`: 1 the best; `movedOn`, `warnedOn`, `keptUntil`: UTC days, null: never. */
export type Place = {
  readonly tier: number;
  readonly movedOn: Day | null;
  /** Since when its rates are over the limits, and it was told. */
  readonly warnedOn: Day | null;
  /** The last day on which the night leaves it where staff put it. */
  readonly keptUntil: Day | null;
};

export const NEW_PLACE: Place = { tier: 1, movedOn: null, warnedOn: null, keptUntil: null };

export type Move = 'stay' | 'raise' | 'lower' | 'warn' | 'clear' | 'report' | 'stop';

/** What is done and why, as people read it. `place`: where the domain is afterwards. */
export type Outcome = { readonly move: Move; readonly why: string; readonly place: Place };

/** What a night knows of a domain. `mail`: its rates, held against the limits of its pool; `isTiered`: not in the transactional pool. */
export type Night = {
  readonly today: Day;
  readonly score: number | null;
  readonly mail: Rated;
  readonly limits: { readonly bounce: number; readonly complaint: number };
  readonly isTiered: boolean;
  /** Complete days that its rates are of. */
  readonly windowDays: number;
};

type Rules = Pick<Policy['reputation'], 'tiers' | 'removal'>;

/** The score from which a tier may be had; 0 for the last one. */
const fromOf = (tiers: readonly number[], tier: number): number => tiers[tier - 1] ?? 0;

/** The score that brings a domain from a tier to the better one: with points to spare, but one that there is. */
export const raisedFrom = (
  { from, margin }: { readonly from: readonly number[]; readonly margin: number },
  tier: number,
): number => Math.min(100, fromOf(from, tier - 1) + margin);

/**
 * Judges one domain for one night. Its score moves it down a tier at once, and up a tier only with some points to spare and
 * at most once in `raiseDays` days after any move; so a score that wavers at a limit moves it once. A warning holds for
 * `graceDays` days, whatever the rates do meanwhile. Too little mail moves nothing.
 */
export function judgeNight(
  place: Place,
  night: Night,
  { tiers: { value: tiers }, removal: { value: removal } }: Rules,
): Outcome {
  const stay = (why: string, to: Place = place): Outcome => ({ move: 'stay', why, place: to });
  const { today, score, mail, isTiered } = night;
  if (place.keptUntil !== null && place.keptUntil >= today) return stay('Staff decided that it stays.');
  if (score === null) {
    // A warning ends with the mail that it was about: later mail gets a warning of its own.
    const lasts = Math.max(night.windowDays, removal?.graceDays ?? 0);
    const isOld = place.warnedOn !== null && today - place.warnedOn >= lasts;
    return stay('Too little mail to judge.', isOld ? { ...place, warnedOn: null } : place);
  }
  const last = tiers === null || !isTiered ? 1 : tiers.from.length;
  if (removal !== null && mail.judgement === 'over') return removed({ place, night, last }, removal);
  if (removal !== null && place.warnedOn !== null) {
    const why = 'Its rates are within the limits again.';
    if (today - place.warnedOn >= removal.graceDays) return { move: 'clear', why, place: { ...place, warnedOn: null } };
    return stay(`${why} A warning lasts ${counted(removal.graceDays, 'day')}.`);
  }
  if (tiers === null || !isTiered) return stay('Within the limits.');
  const moved = (move: 'raise' | 'lower', tier: number, why: string): Outcome => ({
    ...{ move, why },
    place: { ...place, tier, movedOn: today },
  });
  const from = fromOf(tiers.from, place.tier);
  // A night that is done again after a crash does not move it once more.
  if (place.tier < last && score < from && place.movedOn !== today)
    return moved('lower', place.tier + 1, `Its score of ${score} is below the ${from} that this tier needs.`);
  const better = raisedFrom(tiers, place.tier);
  if (place.tier > 1 && score >= better) {
    const isSettled = place.movedOn === null || today - place.movedOn >= tiers.raiseDays;
    if (isSettled)
      return moved(
        'raise',
        place.tier - 1,
        `Its score of ${score} has reached the ${better} that the better tier needs.`,
      );
    return stay(
      `Its score is high enough for the better tier, but it moved less than ${counted(tiers.raiseDays, 'day')} ago.`,
    );
  }
  return stay('Its score fits its tier.');
}

type Over = { readonly place: Place; readonly night: Night; readonly last: number };

/** C-02: rates over the limits of its pool. */
function removed(
  { place, night, last }: Over,
  removal: NonNullable<Policy['reputation']['removal']['value']>,
): Outcome {
  const { today, mail } = night;
  const why = overWords(night);
  if (place.warnedOn === null) return { move: 'warn', why, place: { ...place, warnedOn: today } };
  if (today - place.warnedOn < removal.graceDays) return { move: 'stay', why: `Warned. ${why}`, place };
  if (place.tier < last)
    return { move: 'lower', why, place: { ...place, tier: place.tier + 1, movedOn: today, warnedOn: today } };
  const isLast = (mail.bounce ?? 0) > removal.stopAt.bounce || (mail.complaint ?? 0) > removal.stopAt.complaint;
  if (isLast) return { move: 'stop', why, place: { ...place, warnedOn: null } };
  // C-03: of the transactional pool there is no lower tier, so people decide, once a week.
  if (!night.isTiered) return { move: 'report', why, place: { ...place, warnedOn: today } };
  return { move: 'stay', why: `In the last tier. ${why}`, place };
}

/** Which rates are over their limits, in numbers. */
export function overWords({ mail, limits, windowDays }: Pick<Night, 'mail' | 'limits' | 'windowDays'>): string {
  const bounce = `${rateWords(mail.bounce ?? 0, limits.bounce)} of its mail bounced (limit ${percent(limits.bounce)})`;
  const complaint = `${rateWords(mail.complaint ?? 0, limits.complaint)} was reported as spam (limit ${percent(limits.complaint)})`;
  const over = [...(mail.bounceOver ? [bounce] : []), ...(mail.complaintOver ? [complaint] : [])].join(' and ');
  return `Over the last ${windowDays} days, ${over}.`;
}
