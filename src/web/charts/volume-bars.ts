// Weekly volume against a gate, drawn on the server. Everything across is a share of the width in percent and
// everything down is in pixels: letters keep their size on a phone, and no style attribute is needed.

export type VolumeBarsInput = {
  /** Oldest first; `from` is the week's Monday as a Day. */
  readonly weeks: readonly { readonly from: number; readonly sent: number }[];
  /** How many of the last weeks count towards the gate. */
  readonly countedWeeks: number;
  /** Messages a week that the bars are held against; null where there is no gate. */
  readonly gate: number | null;
  /** 120 pixels high, beside other evidence; else 156. */
  readonly isLow?: boolean;
};

export type Bar = {
  readonly from: number;
  readonly sent: number;
  readonly counted: boolean;
  /** Left edge, width and middle, in percent. */
  readonly x: number;
  readonly width: number;
  readonly middle: number;
  /** Top, height and the value's base line, in pixels. */
  readonly y: number;
  readonly height: number;
  readonly labelY: number;
};

export type VolumeBars = {
  readonly height: number;
  readonly baseY: number;
  readonly weekY: number;
  readonly bars: readonly Bar[];
  readonly gateY: number | null;
  /** Mean of the counted weeks, rounded: null where nothing was sent in any week. */
  readonly mean: number | null;
  /** Of all weeks, how many reach the gate. */
  readonly reached: number;
};

const TOP = 22;
const PLOT = { usual: 112, low: 76 };
const FOOT = 22;
const FILL = 0.8;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Lays out one bar for each week; the highest of bars and gate takes the whole height. */
export function volumeBars({ weeks, countedWeeks, gate, isLow = false }: VolumeBarsInput): VolumeBars {
  const plot = isLow ? PLOT.low : PLOT.usual;
  const sent = weeks.map((week) => week.sent);
  const top = Math.max(1, gate ?? 0, ...sent);
  const baseY = TOP + plot;
  const slot = 100 / Math.max(1, weeks.length);
  const heightOf = (value: number): number => round((value / top) * plot);
  const gateY = gate === null ? null : round(baseY - heightOf(gate));
  const firstCounted = weeks.length - countedWeeks;
  const bars = weeks.map((week, index) => {
    // A week with any mail at all stays visible beside one of millions.
    const height = week.sent === 0 ? 0 : Math.max(1.5, heightOf(week.sent));
    const x = round(index * slot + (slot * (1 - FILL)) / 2);
    const middle = round((index + 0.5) * slot);
    const y = round(baseY - height);
    // A value that the gate's line would strike through moves above the line.
    const labelY = gateY !== null && y - 18 < gateY && gateY < y - 1 ? gateY - 5 : y - 6;
    return { ...week, counted: index >= firstCounted, x, width: round(slot * FILL), middle, y, height, labelY };
  });
  const counted = sent.slice(Math.max(0, firstCounted));
  const isMeasured = sent.some((value) => value > 0);
  return {
    height: baseY + FOOT,
    baseY,
    weekY: baseY + 16,
    bars,
    gateY,
    mean: isMeasured ? Math.round(counted.reduce((sum, value) => sum + value, 0) / Math.max(1, counted.length)) : null,
    reached: gate === null ? 0 : sent.filter((value) => value >= gate).length,
  };
}
