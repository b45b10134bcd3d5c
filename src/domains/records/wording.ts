// The records of a domain as its page tells them. Pure.
import type { Domain } from '../domain.ts';
import { isForDocumentation } from '../name.ts';
import { troubleWords } from '../pending/wording.ts';
import { type RecordKind, type RecordSetting, type Wanted, wantedRecords } from './setting.ts';
import type { SeenRecord } from './verdict.ts';

type Words = { readonly title: string; readonly proves: string; readonly publish: string };

/** `publish`: what to publish where only its owner knows the text. */
const KINDS: Readonly<Record<RecordKind, Words>> = {
  spf: {
    title: 'SPF',
    proves: 'which mail servers may send for it',
    publish: 'A TXT record that begins v=spf1 and lets your mail servers send. A domain may have only one.',
  },
  dkim: {
    title: 'DKIM',
    proves: 'that a message was not changed on its way',
    publish: 'A TXT record with the public key that belongs to this selector.',
  },
  dmarc: {
    title: 'DMARC',
    proves: 'what receivers do with mail that fails the other two',
    publish: '',
  },
  'return-path': { title: 'Return path', proves: 'that bounces come back and are counted', publish: '' },
  mx: {
    title: 'MX',
    proves: 'that a reply to a mail reaches somebody; no request depends on it',
    publish: 'An MX record that names a mail server of yours.',
  },
};

/** What a kind of record is called. */
export const titleOf = (kind: RecordKind): string => KINDS[kind].title;

export type Tone = 'good' | 'look' | 'bad';
const STATES: Readonly<
  Record<'found' | 'wrong' | 'missing' | 'unseen', { readonly tone: Tone; readonly label: string }>
> = {
  found: { tone: 'good', label: 'found' },
  wrong: { tone: 'bad', label: 'not right' },
  missing: { tone: 'bad', label: 'not found' },
  unseen: { tone: 'look', label: 'not checked yet' },
};

export type RecordRow = Words & {
  /** null: no name is known. */
  readonly at: string | null;
  readonly type: Wanted['type'];
  readonly value: string | null;
  readonly state: keyof typeof STATES;
  readonly tone: Tone;
  readonly label: string;
  readonly found: readonly string[];
  /** The difference in words. */
  readonly says: string;
  readonly trouble: string | null;
  readonly seenAt: number | null;
};

const NO_SELECTOR = 'No selector is known. Enter below the ones that the mail of this domain is signed with.';

/** Each record that the domain should have, with what was last seen of it. */
export function recordRows(domain: Domain, setting: RecordSetting, seen: readonly SeenRecord[]): RecordRow[] {
  if (isForDocumentation(domain.name)) return demoRows(domain, setting);
  const wanted = wantedRecords(domain, setting);
  const rows = wanted.map((one) => {
    const last = seen.find(({ kind, at }) => kind === one.kind && at === one.at);
    return rowOf(one, last?.state ?? 'unseen', last);
  });
  if (wanted.some(({ kind }) => kind === 'dkim')) return rows;
  const none: Wanted = { kind: 'dkim', at: '', type: 'TXT', value: null };
  return [...rows.slice(0, 1), { ...rowOf(none, 'missing', undefined), at: null, says: NO_SELECTOR }, ...rows.slice(1)];
}

function rowOf(wanted: Wanted, state: keyof typeof STATES, seen: SeenRecord | undefined): RecordRow {
  const { kind, at, type, value } = wanted;
  return {
    ...KINDS[kind],
    ...STATES[state],
    ...{ at, type, value, state },
    found: seen?.found ?? [],
    says: seen?.says ?? '',
    trouble: troubleWords(seen?.trouble ?? null),
    seenAt: seen?.seenAt ?? null,
  };
}

/** The demo's records are made up: only whether they are there is known. */
function demoRows(domain: Domain, setting: RecordSetting): RecordRow[] {
  const selectors = setting.selectors.length > 0 ? setting.selectors : ['demo'];
  return wantedRecords(domain, { ...setting, selectors }).flatMap((wanted) => {
    const { kind } = wanted;
    if (kind === 'mx' || kind === 'return-path') return [];
    const state =
      domain.checkedAt === null ? 'unseen' : domain[kind] ? 'found' : domain.wrong.includes(kind) ? 'wrong' : 'missing';
    return [{ ...rowOf(wanted, state, undefined), seenAt: domain.checkedAt }];
  });
}
