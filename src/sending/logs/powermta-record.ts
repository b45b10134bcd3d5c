// The records of PowerMTA's accounting files: what each type is called and which fields it has (User's Guide 5.0, chapter 11.2;
// 5.5, chapter 12.2, has the same types). Pure.
import { FIRST_TIME } from '../earliest.ts';

type RecordType = 'd' | 'b' | 't' | 'tq' | 'r' | 'rb' | 'rs' | 'f';

/** By what a file calls them: the guide knows both. */
const TYPES: Readonly<Record<string, RecordType | undefined>> = {
  d: 'd',
  delivery: 'd',
  b: 'b',
  bounce: 'b',
  t: 't',
  transient: 't',
  tq: 'tq',
  'transient queue': 'tq',
  r: 'r',
  received: 'r',
  rb: 'rb',
  rs: 'rs',
  f: 'f',
};

/** Fields that each record of a type has, of those that its file has at all, and fields that none has. */
const FIELDS: Readonly<Record<RecordType, { readonly always: readonly string[]; readonly never: readonly string[] }>> =
  {
    d: { always: ['rcpt', 'timeQueued'], never: ['feedbackType', 'format'] },
    b: { always: ['rcpt', 'timeQueued'], never: ['feedbackType', 'format'] },
    t: { always: ['rcpt', 'timeQueued'], never: ['feedbackType', 'format'] },
    // A whole queue cannot be delivered: no recipient is named.
    tq: { always: ['queue'], never: ['rcpt', 'orig', 'timeQueued', 'feedbackType'] },
    r: { always: ['rcpt'], never: ['dsnStatus', 'dsnAction', 'dlvType', 'timeQueued', 'feedbackType'] },
    rb: { always: [], never: ['timeQueued', 'dlvType', 'vmta', 'feedbackType'] },
    rs: { always: [], never: ['timeQueued', 'dlvType', 'vmta', 'feedbackType'] },
    f: { always: [], never: ['dsnStatus', 'dsnAction', 'timeQueued', 'vmta'] },
  };

const ACTIONS: Readonly<Partial<Record<RecordType, RegExp>>> = {
  d: /^(?:relayed|delivered|expanded)$/,
  b: /^failed$/,
  t: /^delayed$/,
};
const STATUSES: Readonly<Partial<Record<RecordType, RegExp>>> = {
  d: /^2/,
  b: /^[45]/,
  t: /^[45]/,
  rb: /^[45]/,
  rs: /^[24]/,
};

/** The columns of a file: which one has a name, in whatever case, and how many there are. */
export type Columns = { readonly at: ReadonlyMap<string, number>; readonly count: number };

/** One record. */
export class PowermtaRecord {
  readonly type: RecordType;
  readonly #columns: Columns;
  readonly #fields: readonly string[];

  private constructor(type: RecordType, columns: Columns, fields: readonly string[]) {
    this.type = type;
    this.#columns = columns;
    this.#fields = fields;
  }

  /**
   * Takes a line apart. Undefined where it is damaged: it does not have the file's columns, is of no known type, or has fields
   * that another type has.
   */
  static of(line: string, columns: Columns): PowermtaRecord | undefined {
    const fields = fieldsOf(line);
    const type = TYPES[fields?.[0] ?? ''];
    if (fields === undefined || type === undefined || fields.length !== columns.count) return undefined;
    const record = new PowermtaRecord(type, columns, fields);
    return record.#isOfItsType() ? record : undefined;
  }

  /** A field; '' where neither the file nor this record knows the name. */
  get(name: string): string {
    return this.#fields[this.#columns.at.get(lower(name)) ?? -1] ?? '';
  }

  #isOfItsType(): boolean {
    const { always, never } = FIELDS[this.type];
    const isThere = (name: string) => this.#columns.at.has(lower(name));
    if (always.some((name) => isThere(name) && this.get(name) === '')) return false;
    if (never.some((name) => this.get(name) !== '')) return false;
    const fits = (pattern: RegExp | undefined, value: string) => value === '' || (pattern?.test(value) ?? true);
    return fits(ACTIONS[this.type], this.get('dsnAction')) && fits(STATUSES[this.type], this.get('dsnStatus'));
  }
}

/** The columns that a header names; none where the line is not a header. Of two with one name the first is read. */
export function columnsOf(header: string): Columns {
  const names = fieldsOf(header.replace(/^\ufeff/, '').replace(/\r$/, '')) ?? [];
  if (names[0] !== 'type') return { at: new Map(), count: 0 };
  const indexes = names.map((name, index) => [name.toLowerCase(), index] as const);
  return { at: new Map(indexes.toReversed()), count: names.length };
}

const lowered = new Map<string, string>();
/** The names that are asked for are few and always the same. */
function lower(name: string): string {
  const known = lowered.get(name);
  if (known !== undefined) return known;
  lowered.set(name, name.toLowerCase());
  return name.toLowerCase();
}

/** The fields of one line of CSV; undefined where a quotation mark is not closed or not allowed. */
function fieldsOf(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (line.charCodeAt(at) === 34) {
      let end = line.indexOf('"', at + 1);
      while (end >= 0 && line.charCodeAt(end + 1) === 34) end = line.indexOf('"', end + 2);
      if (end < 0) return undefined;
      fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const end = line.indexOf(',', at);
      const field = line.slice(at, end < 0 ? undefined : end);
      fields.push(field);
      at += field.length;
    }
    if (at >= line.length) return fields;
    if (line.charCodeAt(at) !== 44) return undefined;
    at += 1;
  }
}

/**
 * A time in UTC milliseconds: seconds since 1970, `2026-11-26 10:00:00+0100`, or `11/26/2026 10:00:00+0100`, as the guide says
 * that it may be. Without its zone it is of UTC.
 */
export function timeOf(text: string): number | undefined {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  const [, date = '', time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d|\d\d\/\d\d\/\d{4})[ T](\d\d:\d\d:\d\d)(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  const at = Date.parse(`${date.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$1-$2')}T${time}${zone}`);
  return at >= FIRST_TIME ? at : undefined;
}
