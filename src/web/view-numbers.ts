// Figures as the pages write them. English of the United States for digits: `180,000`, `$12.50`.
import { grouped } from '../wording.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const twoDecimals = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** 180000 -> `180,000`. */
export const number = (value: number): string => (Number.isSafeInteger(value) ? grouped(value) : whole.format(value));

const STEPS = [
  { from: 999_500_000, unit: 1_000_000_000, sign: 'B' },
  { from: 999_500, unit: 1_000_000, sign: 'M' },
  { from: 1_000, unit: 1_000, sign: 'k' },
] as const;

/** 173400 -> `173k`, 2400000 -> `2.4M`, 950 -> `950`: at most three digits that carry, for the labels of charts. */
export function compact(value: number): string {
  const step = STEPS.find(({ from }) => Math.abs(value) >= from);
  if (!step) return whole.format(value);
  const scaled = value / step.unit;
  return `${(Math.abs(scaled) < 10 ? oneDecimal : whole).format(scaled)}${step.sign}`;
}

/** A share, 0.013 -> `1.3 %`: one decimal from 1 % up, two below. One that would round to nothing says so. */
export function percent(share: number): string {
  if (share > 0 && share < 0.00005) return 'under 0.01 %';
  return `${(share < 0.01 ? twoDecimals : oneDecimal).format(share * 100)} %`;
}

/** `1 IP`, `2 IPs`; a word that does not take an s names its plural: `plural(2, 'reply', 'replies')`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${whole.format(count)} ${count === 1 ? one : many}`;
