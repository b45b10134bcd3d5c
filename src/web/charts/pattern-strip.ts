// The usual mail of seven weekdays, or of the days from one mailing to the next, drawn on the server. Across in percent,
// down in pixels.

export type PatternStripInput = {
  /** Messages by day. */
  readonly values: readonly number[];
};

export type PatternBar = {
  readonly value: number;
  readonly x: number;
  readonly width: number;
  readonly middle: number;
  readonly y: number;
  readonly height: number;
};

export type PatternStrip = {
  readonly height: number;
  readonly baseY: number;
  readonly labelY: number;
  readonly bars: readonly PatternBar[];
};

const TOP = 20;
const PLOT = 44;
const FOOT = 20;
const FILL = 0.7;
const round = (value: number): number => Math.round(value * 100) / 100;

/** Lays out one bar for each day; the busiest takes the whole height, and a day with any mail is seen. */
export function patternStrip({ values }: PatternStripInput): PatternStrip {
  const most = Math.max(1, ...values);
  const slot = 100 / Math.max(1, values.length);
  const baseY = TOP + PLOT;
  return {
    height: baseY + FOOT,
    baseY,
    labelY: baseY + 15,
    bars: values.map((value, day) => {
      const height = value === 0 ? 0 : Math.max(2, round((value / most) * PLOT));
      return {
        value,
        x: round(day * slot + (slot * (1 - FILL)) / 2),
        width: round(slot * FILL),
        middle: round((day + 0.5) * slot),
        y: round(baseY - height),
        height,
      };
    }),
  };
}
