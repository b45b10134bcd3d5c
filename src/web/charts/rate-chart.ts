// Volume as bars and, below, rates as lines against their limits, drawn on the server. Across in percent, down in pixels.

export type RateChartInput = {
  /** Oldest first; `from` is a Day. A rate is null where too little was sent to judge it. */
  readonly bars: readonly { readonly from: number; readonly sent: number }[];
  readonly lines: readonly { readonly rates: readonly (number | null)[]; readonly limit: number }[];
};

export type RatePoint = { readonly x: number; readonly y: number; readonly over: boolean };
export type RatePanel = {
  readonly limitY: number;
  /** The highest rate that the panel has room for. */
  readonly top: number;
  readonly points: readonly RatePoint[];
  /** Between points that follow each other. */
  readonly segments: readonly { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }[];
};
export type RateChart = {
  readonly height: number;
  readonly baseY: number;
  readonly dayY: number;
  readonly bars: readonly {
    readonly from: number;
    readonly sent: number;
    readonly x: number;
    readonly width: number;
    readonly middle: number;
    readonly y: number;
    readonly height: number;
    /** Whether its day is written below. */
    readonly named: boolean;
  }[];
  readonly panelHeight: number;
  readonly panelBase: number;
  readonly panels: readonly RatePanel[];
};

const TOP = 20;
const PLOT = 96;
const FOOT = 22;
const PANEL_TOP = 8;
const PANEL = 52;
const NAMES = 12;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Lays out one bar for each stretch of time, and a panel for each rate. */
export function rateChart({ bars, lines }: RateChartInput): RateChart {
  const slot = 100 / Math.max(1, bars.length);
  const fill = bars.length > 20 ? 0.7 : 0.8;
  const top = Math.max(1, ...bars.map(({ sent }) => sent));
  const baseY = TOP + PLOT;
  const every = Math.ceil(bars.length / NAMES);
  const middle = (index: number): number => round((index + 0.5) * slot);
  return {
    height: baseY + FOOT,
    baseY,
    dayY: baseY + 16,
    bars: bars.map(({ from, sent }, index) => {
      const height = sent === 0 ? 0 : Math.max(1.5, round((sent / top) * PLOT));
      return {
        from,
        sent,
        x: round(index * slot + (slot * (1 - fill)) / 2),
        width: round(slot * fill),
        middle: middle(index),
        y: round(baseY - height),
        height,
        named: (bars.length - 1 - index) % every === 0,
      };
    }),
    panelHeight: PANEL_TOP + PANEL + 1,
    panelBase: PANEL_TOP + PANEL,
    panels: lines.map((line) => panelOf(line, middle)),
  };
}

function panelOf({ rates, limit }: RateChartInput['lines'][number], middle: (index: number) => number): RatePanel {
  // The limit is at two thirds of the height, unless a rate needs more room.
  const top = Math.max(limit * 1.5, ...rates.map((rate) => rate ?? 0));
  const yOf = (rate: number): number => round(PANEL_TOP + PANEL * (1 - rate / top));
  const placed = rates.map((rate, index) =>
    rate === null ? null : { x: middle(index), y: yOf(rate), over: rate > limit },
  );
  const segments = placed.flatMap((point, index) => {
    const before = placed[index - 1];
    return point && before ? [{ x1: before.x, y1: before.y, x2: point.x, y2: point.y }] : [];
  });
  return { limitY: yOf(limit), top, points: placed.filter((point) => point !== null), segments };
}
