// What Postfix writes behind a queue id: addresses and `name=value` fields. Pure.

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Where an address that begins at `from` (behind its `<`) ends: at the `>` that Postfix wrote. A quoted local part may have
 * any character in it, also `>`; −1 where there is no end.
 */
export function endOfAddress(text: string, from: number): number {
  let at = from;
  if (text.charCodeAt(at) === QUOTE) {
    at += 1;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
      if (Number.isNaN(code)) return -1;
      at += code === BACKSLASH ? 2 : 1;
    }
  }
  return text.indexOf('>', at);
}

/** What a delivery agent says of one recipient. Times in seconds. */
export type Outcome = {
  readonly to: string;
  readonly relay: string;
  readonly delay: number;
  /** How long it lay before the queue manager took it up. */
  readonly before: number;
  readonly dsn: string;
  readonly status: string;
  /** The reason, in parentheses. */
  readonly reason: string;
};

const NUMBER = /^\d{1,12}(?:\.\d+)?$/;
const DELAYS = /^(\d{1,12}(?:\.\d+)?)\/[\d.]+\/[\d.]+\/[\d.]+$/;
const DSN = /^[245]\.\d{1,3}\.\d{1,3}$/;

/**
 * Reads `to=<…>, relay=…, delay=…, …, status=sent (…)` from the `to=<` at `from` on, with its fields in any order, also ones
 * that are not known here. Undefined where one that is needed is missing or wrong.
 */
export function readOutcome(line: string, from: number): Outcome | undefined {
  const toEnd = endOfAddress(line, from + 4);
  if (toEnd < 0) return undefined;
  let relay: string | undefined;
  let delay: string | undefined;
  let delays: string | undefined;
  let dsn: string | undefined;
  for (let at = toEnd + 1; ; ) {
    if (!line.startsWith(', ', at)) return undefined;
    const equals = line.indexOf('=', at);
    if (equals < 0) return undefined;
    const name = line.slice(at + 2, equals);
    if (name === 'status') {
      const space = line.indexOf(' ', equals);
      const status = line.slice(equals + 1, space < 0 ? undefined : space);
      const before = delays === undefined ? undefined : DELAYS.exec(delays)?.[1];
      if (relay === undefined || delay === undefined || before === undefined || dsn === undefined) return undefined;
      if (!NUMBER.test(delay) || !DSN.test(dsn)) return undefined;
      const reason = space < 0 ? '' : line.slice(space + 1);
      return { to: line.slice(from + 4, toEnd), relay, delay: +delay, before: +before, dsn, status, reason };
    }
    if (name === 'orig_to') {
      at = endOfAddress(line, equals + 2) + 1;
      if (at === 0) return undefined;
      continue;
    }
    const end = line.indexOf(', ', equals);
    if (end < 0) return undefined;
    if (name === 'relay') relay = line.slice(equals + 1, end);
    else if (name === 'delay') delay = line.slice(equals + 1, end);
    else if (name === 'delays') delays = line.slice(equals + 1, end);
    else if (name === 'dsn') dsn = line.slice(equals + 1, end);
    at = end;
  }
}
