// Reading what came from outside: unknown in; values, or an error for each field, out. Pure.
import { showsNothing, turnsText } from './visible.ts';

/** What was typed, field by field, to be shown again as it was. */
export type Typed = Readonly<Record<string, string | readonly string[]>>;
export type FieldErrors = Readonly<Record<string, string>>;
export type FormResult<T> =
  | { readonly ok: true; readonly value: T; readonly typed: Typed }
  | { readonly ok: false; readonly errors: FieldErrors; readonly typed: Typed };

/** Reads one field at a time and collects the errors, so that all are told at once. */
export type FormReader = {
  text(name: string, rule: { label: string; max: number; required?: boolean }): string;
  /** What somebody or something is called: one line, beside other words. */
  name(name: string, rule: { label: string; max: number; required?: boolean }): string;
  whole(name: string, rule: { label: string; min: number; max: number; required?: boolean }): number | null;
  choice<T extends string>(name: string, rule: { label: string; among: readonly T[] }): T | null;
  ids(name: string, rule: { label: string }): number[];
  flag(name: string): boolean;
  /** A calendar day, as days since 1970-01-01 UTC. */
  day(name: string, rule: { label: string; min?: number; tooEarly?: string; required?: boolean }): number | null;
  fail(name: string, message: string): void;
  result<T>(value: () => T): FormResult<T>;
};

const asList = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

/** The body as typed: strings and lists of strings only; anything else that was sent is not a form. */
export function typedOf(body: unknown): Typed {
  if (typeof body !== 'object' || body === null) return {};
  const entries = Object.entries(body).map(([name, value]) => [
    name,
    Array.isArray(value) ? asList(value) : typeof value === 'string' ? value : '',
  ]);
  return Object.fromEntries(entries) as Typed;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not be stored
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
// A lone half of a surrogate pair cannot be stored as UTF-8.
const isBroken = (text: string): boolean => CONTROL.test(text) || !text.isWellFormed();

/**
 * Reads a whole number as people write it: `50000`, `50,000`, `50 000`.
 * Returns undefined for anything else (`5,00`, `1e9`, `fifty`, full-width digits, signs).
 */
export function parseWhole(text: string): number | undefined {
  const plain = text.trim();
  if (/^[0-9]{1,15}$/.test(plain)) return Number(plain);
  if (/^[0-9]{1,3}(,[0-9]{3})+$/.test(plain) || /^[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+$/.test(plain)) {
    const digits = plain.replace(/[^0-9]/g, '');
    return digits.length > 15 ? undefined : Number(digits);
  }
  return undefined;
}

/** Reads `2026-11-23` as days since 1970-01-01 UTC; undefined where there is no such day. */
export function parseDay(text: string): number | undefined {
  const plain = text.trim();
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(plain)) return undefined;
  const ms = Date.parse(`${plain}T00:00:00Z`);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== plain) return undefined;
  return ms / 86_400_000;
}

const thousands = new Intl.NumberFormat('en-US');

/** Starts reading `body`. Messages are whole sentences that name the field. */
export function readForm(body: unknown): FormReader {
  const typed = typedOf(body);
  const errors: Record<string, string> = {};
  const fail = (name: string, message: string): void => {
    errors[name] ??= message;
  };
  const raw = (name: string): string => {
    const value = typed[name];
    return typeof value === 'string' ? value : (value?.at(-1) ?? '');
  };
  const given = (name: string, label: string, required: boolean): string | null => {
    const text = raw(name);
    if (!showsNothing(text)) {
      if (!isBroken(text)) return text;
      fail(name, `${label} has a character that cannot be used. Type it again.`);
    } else if (required) fail(name, `${label} is missing. Fill it in.`);
    return null;
  };
  const written: FormReader['text'] = (name, { label, max, required = true }) => {
    const text = given(name, label, required)?.replace(/\r\n?/g, '\n').trim() ?? '';
    if (text.length > max) {
      fail(name, `${label} has ${thousands.format(text.length)} characters; ${thousands.format(max)} fit. Shorten it.`);
    }
    return text;
  };
  return {
    text: written,
    name(name, { label, max, required = true }) {
      const text = written(name, { label, max, required });
      if (text.includes('\n')) fail(name, `${label} must be on one line.`);
      if (turnsText(text)) {
        fail(name, `${label} has an invisible character that changes the direction of the text. Type it again.`);
      }
      return text.replace(/\s+/g, ' ');
    },
    whole(name, { label, min, max, required = true }) {
      const text = given(name, label, required);
      if (text === null) return null;
      const number = parseWhole(text);
      if (number === undefined)
        fail(name, `${label} must be a whole number in digits, like ${thousands.format(Math.min(50_000, max))}.`);
      else if (number < min) fail(name, `${label} must be at least ${thousands.format(min)}.`);
      else if (number > max) fail(name, `${label} must be at most ${thousands.format(max)}.`);
      return number ?? null;
    },
    choice(name, { label, among }) {
      const text = raw(name);
      const found = among.find((one) => one === text);
      if (found === undefined) fail(name, `Choose ${label}.`);
      return found ?? null;
    },
    ids(name, { label }) {
      const all = asList(typed[name]).filter((text) => text !== '');
      const numbers = all.map((text) => (/^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : 0));
      if (numbers.includes(0)) fail(name, `${label}: choose from the list.`);
      else if (new Set(numbers).size < numbers.length) fail(name, `${label}: the same one was given twice.`);
      else if (numbers.length === 0) fail(name, `${label}: choose at least one.`);
      return numbers;
    },
    flag: (name) => raw(name) !== '',
    day(name, { label, min, tooEarly, required = true }) {
      const text = given(name, label, required);
      if (text === null) return null;
      const day = parseDay(text);
      if (day === undefined) fail(name, `${label} must be a date, like 2026-12-01.`);
      else if (min !== undefined && day < min) fail(name, tooEarly ?? `${label} is too early.`);
      else if (min !== undefined && day > min + 366) fail(name, `${label} must lie within a year from now.`);
      return day ?? null;
    },
    fail,
    result(value) {
      return Object.keys(errors).length > 0 ? { ok: false, errors, typed } : { ok: true, value: value(), typed };
    },
  };
}
