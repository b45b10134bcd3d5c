import { curveStepAfter, line } from 'd3-shape';

// Days of a plan against what became of it, drawn on the server: what was sent as bars, what was planned and what was
// allowed as steps, and stretches of days that are marked. Paths live in a box of WIDTH × HEIGHT that is stretched to
// any width; all else is placed in percent across and pixels down.

export type PlanCurveInput = {
  /** Lines: their values from a first day on, one for each day. */
  readonly lines: readonly { readonly key: string; readonly from: number; readonly values: readonly number[] }[];
  /** What was sent. */
  readonly bars: readonly { readonly day: number; readonly value: number; readonly tone: string }[];
  /** Stretches of days that are marked, oldest first; `note` is the number of their explanation. */
  readonly bands: readonly {
    readonly from: number;
    readonly to: number;
    readonly tone: string;
    readonly note: number | null;
  }[];
  readonly today: number | null;
};

export type PlanCurve = {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly labelY: number;
  readonly from: number;
  readonly to: number;
  /** The largest value: what the whole height stands for. */
  readonly most: number;
  readonly grid: readonly { readonly value: number; readonly y: number }[];
  readonly lines: readonly { readonly key: string; readonly d: string }[];
  readonly bars: readonly {
    readonly day: number;
    readonly tone: string;
    readonly x: number;
    readonly width: number;
    readonly y: number;
    readonly height: number;
  }[];
  readonly bands: readonly { readonly tone: string; readonly x: number; readonly width: number }[];
  readonly notes: readonly { readonly note: number; readonly tone: string; readonly x: number }[];
  readonly ticks: readonly { readonly day: number; readonly x: number; readonly anchor: 'start' | 'middle' | 'end' }[];
  readonly today: number | null;
};

const WIDTH = 1000;
const HEIGHT = 180;
const TOP = 22;
const FILL = 0.7;
/** How far two numbers are apart at the least, in percent of the width. */
const APART = 3.4;
const round = (value: number): number => Math.round(value * 100) / 100;

/** Lays out days from the first that anything is known of to the last. Returns null where there is none. */
export function planCurve({ lines, bars, bands, today }: PlanCurveInput): PlanCurve | null {
  const drawn = lines.filter(({ values }) => values.length > 0);
  const firsts = [...drawn.map(({ from }) => from), ...bars.map(({ day }) => day)];
  const lasts = [...drawn.map(({ from, values }) => from + values.length - 1), ...bars.map(({ day }) => day)];
  if (firsts.length === 0) return null;
  const from = Math.min(...firsts);
  const to = Math.max(...lasts);
  const most = niceTop(Math.max(1, ...lines.flatMap(({ values }) => values), ...bars.map(({ value }) => value)));
  const slot = 100 / (to - from + 1);
  const x = (day: number): number => round((day - from) * slot);
  const y = (value: number): number => round(HEIGHT * (1 - value / most));
  const inside = bands
    .map((band) => ({ ...band, from: Math.max(from, band.from), to: Math.min(to, band.to) }))
    .filter((band) => band.from <= band.to);
  return {
    width: WIDTH,
    height: HEIGHT,
    top: TOP,
    labelY: TOP + HEIGHT + 16,
    from,
    to,
    most,
    grid: [0.5, 1]
      .map((part) => ({ value: most * part, y: round(TOP + HEIGHT * (1 - part)) }))
      .filter(({ value }) => Number.isInteger(value)),
    lines: lines
      .filter(({ values }) => values.length > 0)
      .map(({ key, from: first, values }) => ({ key, d: steps(first, values, x, y) })),
    bars: bars.map(({ day, value, tone }) => {
      const height = value === 0 ? 0 : Math.max(1.5, round((value / most) * HEIGHT));
      return {
        day,
        tone,
        x: round(x(day) + (slot * (1 - FILL)) / 2),
        width: round(slot * FILL),
        y: round(TOP + HEIGHT - height),
        height,
      };
    }),
    bands: inside.map(({ from: first, to: last, tone }) => ({
      tone,
      x: x(first),
      width: round((last - first + 1) * slot),
    })),
    notes: spread(
      inside.flatMap(({ from: first, to: last, tone, note }) =>
        note === null ? [] : [{ note, tone, x: x((first + last + 1) / 2) }],
      ),
    ),
    ticks: ticksOf(from, to, (day) => x(day + 0.5)),
    today: today === null || today < from || today > to ? null : x(today + 0.5),
  };
}

type Place = (value: number) => number;

/** Each day is a step as wide as the day. */
function steps(first: number, values: readonly number[], x: Place, y: Place): string {
  const points = [...values, values.at(-1) ?? 0].map((value, i): [number, number] => [
    (x(first + i) * WIDTH) / 100,
    y(value),
  ]);
  return line().curve(curveStepAfter)(points) ?? '';
}

/** Numbers that would overlap move to the right; the last ones back into the drawing. */
function spread<T extends { readonly x: number }>(notes: readonly T[]): T[] {
  let least = APART / 2;
  const moved = notes.map((note) => {
    const x = Math.max(note.x, least);
    least = x + APART;
    return { ...note, x: round(x) };
  });
  let most = 100 - APART / 2;
  return moved
    .reverse()
    .map((note) => {
      const x = Math.min(note.x, most);
      most = x - APART;
      return { ...note, x: round(Math.max(0, x)) };
    })
    .reverse();
}

/** A round figure that is not below the value, and not far above it. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const found = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((step) => step * power >= value) ?? 10;
  return Math.max(1, Math.round(found * power));
}

/** First and last day and two between, where there is room. */
function ticksOf(from: number, to: number, x: Place): PlanCurve['ticks'] {
  const days = to - from;
  const chosen = [
    ...new Set(days < 6 ? [from, to] : [from, from + Math.round(days / 3), from + Math.round((2 * days) / 3), to]),
  ];
  return chosen.map((day, index) => ({
    day,
    x: index === 0 ? 0 : day === to ? 100 : x(day),
    anchor: index === 0 ? 'start' : day === to ? 'end' : 'middle',
  }));
}
