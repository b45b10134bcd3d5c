// Reading what somebody wants to try out, and what a trial came to. Pure.
import type { Policy } from '../../policy/document/policy.ts';
import { counted, grouped, listed } from '../../wording.ts';
import { markDays } from '../pages/days.ts';
import type { BadDay, Trialled } from './simulate.ts';

/** The most that is tried out: messages a week over one IP. */
export const MOST_WEEKLY = 1_000_000_000;
export const LAST_BAD_DAY = 365;

/** `20,20,20,20,15,3,2` → shares of a week from Monday on; undefined for what is none. */
export function parsePattern(text: string): number[] | undefined {
  const parts = text.split(/[,;]/).map((part) => part.trim());
  if (parts.length !== 7 || !parts.every((part) => /^[0-9]{1,6}(\.[0-9]{1,4})?$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  const whole = numbers.reduce((sum, one) => sum + one, 0);
  return whole === 0 ? undefined : numbers.map((one) => one / whole);
}

/** `1,15` → days of the month; null for what is none. */
export function parseMonthDays(text: string): number[] | null {
  const days = text.split(',').map((part) => part.trim());
  const isGood = days.every((part) => /^[0-9]{1,2}$/.test(part) && Number(part) >= 1 && Number(part) <= 31);
  return isGood && days.length <= 4 ? [...new Set(days.map(Number))] : null;
}

/** `60:40` → days with mail, then days without; null for what is none. */
export function parseSeason(text: string): { on: number; off: number } | null {
  const [, on, off] = /^\s*([0-9]{1,3})\s*:\s*([0-9]{1,3})\s*$/.exec(text) ?? [];
  return Number(on) >= 1 && Number(off) >= 0 ? { on: Number(on), off: Number(off) } : null;
}

/** `6`, `0.4`, `6 %` → a share; undefined for what is none from 0 to 100 %. */
export function parsePercent(text: string): number | undefined {
  const plain = text.trim().replace(/\s*%$/, '');
  if (!/^[0-9]{1,3}(\.[0-9]{1,4})?$/.test(plain) || Number(plain) > 100) return undefined;
  return Number(plain) / 100;
}

/** `12:bounce=6,gmail=40` → what goes wrong on day 12; a sentence for what cannot be read. */
export function parseBadDay(text: string, { providers }: Pick<Policy, 'providers'>): BadDay | string {
  const form = 'Write it as DAY:WHAT=PERCENT, such as 12:bounce=6.';
  const [, dayText, rest] = /^\s*([0-9]{1,4})\s*:\s*(\S.*)$/.exec(text) ?? [];
  if (dayText === undefined || rest === undefined) return `“${text}” is not a bad day. ${form}`;
  const day = Number(dayText);
  if (day < 1 || day > LAST_BAD_DAY) return `The bad day must be from 1 to ${LAST_BAD_DAY}; it is ${dayText}.`;
  const keys = [...providers.value.map(({ key }) => key), 'other'];
  let found: BadDay = { day, bounce: 0, complaint: 0, deferred: {} };
  for (const part of rest.split(',')) {
    const [what = '', percentText = '', ...more] = part.split('=').map((one) => one.trim());
    const share = parsePercent(percentText);
    if (share === undefined || more.length > 0) return `“${part.trim()}” says no percentage from 0 to 100. ${form}`;
    if (what === 'bounce') found = { ...found, bounce: share };
    else if (what === 'complaint') found = { ...found, complaint: share };
    else if (keys.includes(what)) found = { ...found, deferred: { ...found.deferred, [what]: share } };
    else return `Unknown problem “${what}”. Use bounce, complaint, or a provider that defers: ${keys.join(', ')}.`;
  }
  return found;
}

/** What a trial came to, in figures. */
export type Outcome = {
  readonly days: number;
  /** Days on hold, with the whole cap or a part of it. */
  readonly onHold: number;
  readonly paused: number;
  readonly idle: number;
  /** Messages over the IP from the first day to the last. */
  readonly sent: number;
};

export function outcomeOf({ plan, days }: Trialled, minimumDays: number): Outcome {
  const marked = markDays(days, plan, minimumDays);
  const of = (...names: string[]) => marked.filter(({ mark }) => names.includes(mark)).length;
  return {
    days: days.length,
    onHold: of('on-hold', 'cut'),
    paused: of('paused'),
    idle: of('idle'),
    sent: days.reduce((sum, { sent }) => sum + sent, 0),
  };
}

/** The outcome in a sentence. */
export function outcomeWords({ days, onHold, paused, idle, sent }: Outcome, isComplete: boolean): string {
  const parts: [number, string][] = [
    [onHold, 'on hold'],
    [paused, 'paused'],
    [idle, 'without mail'],
  ];
  const lost = listed(parts.filter(([n]) => n > 0).map(([n, what]) => `${counted(n, 'day')} ${what}`));
  const end = isComplete ? `Complete after ${counted(days, 'day')}` : `Not complete after ${counted(days, 'day')}`;
  return `${end}${lost ? `, of them ${lost}` : ''}; ${grouped(sent)} ${sent === 1 ? 'message' : 'messages'} went over the IP.`;
}
