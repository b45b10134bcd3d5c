// The mail servers whose logs are read. Pure.
import { eximReader } from './exim.ts';
import type { Telling } from './file.ts';
import { harakaReader } from './haraka.ts';
import { kumomtaReader } from './kumomta.ts';
import { postfixReader } from './postfix.ts';
import { powermtaReader } from './powermta.ts';
import type { IsEgress, LogReader, QueueMemory } from './record.ts';
import { zonemtaReader } from './zonemta.ts';

/** What a reader starts from. `firstLine`: of the log. `now`: UTC milliseconds. */
export type Start = {
  readonly memory: QueueMemory;
  readonly isEgress: IsEgress;
  readonly firstLine: string;
  readonly now: number;
};

export type Kind = {
  /** What it is called in a sentence: "This is not …". */
  readonly title: string;
  /** Which lines tell a log from all others: the first one of an accounting file is the same in each. */
  readonly telling: Telling;
  /** Whether every line is one of its records. */
  readonly isPure: boolean;
  /** Whether the times of its outcomes may be dates without a year. */
  readonly mayLackYears: boolean;
  readonly open: (start: Start) => LogReader;
};

export const KINDS = {
  postfix: {
    title: 'a log of Postfix',
    telling: 1,
    isPure: false,
    mayLackYears: true,
    open: ({ memory, isEgress, now }) => postfixReader(memory, isEgress, now),
  },
  kumomta: {
    title: 'a log of KumoMTA',
    telling: 1,
    isPure: true,
    mayLackYears: false,
    open: ({ memory, isEgress }) => kumomtaReader(memory, isEgress),
  },
  powermta: {
    title: 'an accounting file of PowerMTA',
    telling: 2,
    isPure: true,
    mayLackYears: false,
    open: ({ memory, isEgress, firstLine }) => powermtaReader(memory, isEgress, firstLine),
  },
  exim: {
    title: 'a main log of Exim',
    telling: 1,
    isPure: false,
    mayLackYears: false,
    open: ({ memory, isEgress, now }) => eximReader(memory, isEgress, now),
  },
  haraka: {
    title: 'a log of Haraka',
    telling: 1,
    isPure: false,
    mayLackYears: false,
    open: ({ memory, isEgress }) => harakaReader(memory, isEgress),
  },
  zonemta: {
    title: 'a log of ZoneMTA',
    // Its lines have no time, and each start writes the same ones first: a message's id tells.
    telling: / [0-9a-f]{18}[. ]/,
    isPure: false,
    mayLackYears: false,
    open: ({ memory, isEgress }) => zonemtaReader(memory, isEgress),
  },
} as const satisfies Record<string, Kind>;

export type ReaderName = keyof typeof KINDS;
export const readerNames = Object.keys(KINDS) as ReaderName[];
