import { area, curveMonotoneX, line } from 'd3-shape';

// Warm-up as the growing share of a new IP below the day's constant total, drawn on the server. The paths live in a
// box of WIDTH × HEIGHT that is stretched to any width; letters are outside it, placed in percent.

export type WarmupCurveInput = {
  /** Messages a day that stage 1, 2, … allow. */
  readonly caps: readonly number[];
  /** The Day of stage 1. */
  readonly startsOn: number;
  /** Messages a week that the new IP will carry in the end. */
  readonly weeklyVolume: number;
  /** The Day to mark, where warm-up runs. */
  readonly today?: number | null | undefined;
};

export type WarmupStage = {
  readonly stage: number;
  readonly day: number;
  readonly cap: number;
  /** Share of the day's mail over the new IP, 0 to 1. */
  readonly share: number;
};

export type WarmupCurve = {
  readonly width: number;
  readonly height: number;
  readonly area: string;
  readonly line: string;
  /** Messages on an average day. */
  readonly daily: number;
  readonly stages: readonly WarmupStage[];
  /** Days to write below, in percent of the width. */
  readonly ticks: readonly { readonly day: number; readonly x: number }[];
  /** Where today is, in percent of the width; null before the start, after the end, or unasked. */
  readonly today: { readonly x: number; readonly y: number; readonly stage: WarmupStage } | null;
};

const WIDTH = 1000;
const HEIGHT = 132;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Lays out the curve. A plan without stages gives an empty curve. */
export function warmupCurve({ caps, startsOn, weeklyVolume, today }: WarmupCurveInput): WarmupCurve {
  const daily = Math.max(1, Math.round(weeklyVolume / 7), caps.at(-1) ?? 0);
  const last = Math.max(1, caps.length - 1);
  const stages = caps.map((cap, index) => ({
    stage: index + 1,
    day: startsOn + index,
    cap,
    share: Math.min(1, cap / daily),
  }));
  const x = ({ stage }: WarmupStage): number => round(((stage - 1) / last) * WIDTH);
  const y = ({ share }: WarmupStage): number => round(HEIGHT * (1 - share));
  const marked = today == null ? undefined : stages.find(({ day }) => day === today);
  return {
    width: WIDTH,
    height: HEIGHT,
    area: area<WarmupStage>(x, HEIGHT, y).curve(curveMonotoneX)(stages) ?? '',
    line: line<WarmupStage>(x, y).curve(curveMonotoneX)(stages) ?? '',
    daily,
    stages,
    ticks: ticksOf(stages, last),
    today: marked ? { x: (x(marked) / WIDTH) * 100, y: y(marked), stage: marked } : null,
  };
}

/** First, middle and last day, each once. */
function ticksOf(stages: readonly WarmupStage[], last: number): { day: number; x: number }[] {
  const chosen = new Set([0, Math.floor(last / 2), stages.length - 1]);
  return stages
    .filter((_, index) => chosen.has(index))
    .map(({ day, stage }) => ({ day, x: round(((stage - 1) / last) * 100) }));
}
