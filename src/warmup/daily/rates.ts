// A plan's bounces and complaints against the policy's limits. Pure.
import type { Policy } from '../../policy/document/policy.ts';
import type { Counts } from '../../sending/counts.ts';
import { counted, listed, percent } from '../../wording.ts';

type Brakes = Policy['warmup']['brakes'];

/** The worst sentence of each kind; null where it does not apply. */
export type Rated = { readonly pause: string | null; readonly hold: string | null; readonly weak: string | null };

/** Judges the mail of a window. `judgedDays`: how many days there are since the plan began or began again. */
export function judgeRates(window: Counts, brakes: Brakes, judgedDays: number): Rated {
  const days = Math.min(brakes.windowDays.value, judgedDays);
  const kinds = [
    {
      rate: window.sent < brakes.minimumSample.value ? 0 : window.bounced / window.sent,
      limits: brakes.bounce,
      what: 'of the mail bounced',
    },
    {
      rate: window.delivered < brakes.minimumComplaintSample.value ? 0 : window.complained / window.delivered,
      limits: brakes.complaint,
      what: 'of the delivered mail was reported as spam',
    },
  ];
  const over = (limitOf: (limits: Brakes['bounce']) => number): string | null => {
    const found = kinds.filter(({ rate, limits }) => rate > limitOf(limits));
    if (found.length === 0) return null;
    const said = found.map(
      ({ rate, limits, what }) => `${percent(rate, 2)} ${what} (limit ${percent(limitOf(limits), 2)})`,
    );
    return `Over the last ${days === 1 ? 'day' : counted(days, 'day')}, ${listed(said)}.`;
  };
  return {
    pause: over((limits) => limits.pause.value),
    hold: over((limits) => limits.hold.value),
    weak: over((limits) => limits.hold.value * brakes.weakFrom.value),
  };
}
