// What went over something in each hour of a UTC day, drawn on the server: across in percent, down in pixels.

export type HourBarsInput = {
  /** 24 figures. */
  readonly hours: readonly number[];
  /** The hour that runs, 0 to 23; null: the day is over. */
  readonly current: number | null;
  /** What may be sent on the whole day; null: no limit. */
  readonly cap: number | null;
};

export type HourBar = {
  readonly hour: number;
  readonly sent: number;
  /** Everything up to and with this hour. */
  readonly upTo: number;
  readonly state: 'past' | 'now' | 'to-come';
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
};

export type HourBars = {
  readonly height: number;
  readonly baseY: number;
  readonly labelY: number;
  readonly bars: readonly HourBar[];
  readonly ticks: readonly { readonly hour: number; readonly x: number }[];
  readonly sent: number;
  /** The busiest hour; null where nothing was sent. */
  readonly busiest: HourBar | null;
  /** What is left of the cap; null where nothing limits. Never below zero. */
  readonly left: number | null;
  /** How much of the cap is used, in percent of the width, 100 at most. */
  readonly used: number;
};

const TOP = 18;
const PLOT = 76;
const FOOT = 20;
const FILL = 0.72;
const round = (value: number): number => Math.round(value * 100) / 100;

/** Lays out one bar for each hour; the busiest takes the whole height. */
export function hourBars({ hours, current, cap }: HourBarsInput): HourBars {
  const top = Math.max(1, ...hours);
  const baseY = TOP + PLOT;
  const slot = 100 / Math.max(1, hours.length);
  let upTo = 0;
  const bars = hours.map((sent, hour): HourBar => {
    upTo += sent;
    const height = sent === 0 ? 0 : Math.max(1.5, round((sent / top) * PLOT));
    const state = current === null || hour < current ? 'past' : hour === current ? 'now' : 'to-come';
    const x = round(hour * slot + (slot * (1 - FILL)) / 2);
    return { hour, sent, upTo, state, x, width: round(slot * FILL), y: round(baseY - height), height };
  });
  const busiest = bars.reduce<HourBar | null>((best, bar) => (bar.sent > (best?.sent ?? 0) ? bar : best), null);
  return {
    height: baseY + FOOT,
    baseY,
    labelY: baseY + 15,
    bars,
    ticks: [0, 6, 12, 18].map((hour) => ({ hour, x: round(hour * slot) })),
    sent: upTo,
    busiest,
    left: cap === null ? null : Math.max(0, cap - upTo),
    used: cap === null || cap === 0 ? 0 : Math.min(100, round((upTo / cap) * 100)),
  };
}
