// What a disk, a crash or a hand does to a line of a log.
import fc from 'fast-check';

const at = fc.double({ min: 0, max: 1, noNaN: true });

/** `at`: a share of the line's length. */
export const damage = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    at,
    text: fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  }),
  fc.record({ kind: fc.constant('insert' as const), at, text: fc.string({ minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('drop' as const), at, text: fc.constant('') }),
  fc.record({ kind: fc.constant('cut' as const), at, text: fc.constant('') }),
);

export type Damage = { kind: 'put' | 'insert' | 'drop' | 'cut'; at: number; text: string };

/** Where a line says what it is about: what ends before that cannot be told from any other line. */
const BEGINS =
  /\b[0-9A-Za-z]{6,}: (?:to|from)=|[=*-][=*>] \S|(?<=warmdesk-outcome )\{|(?<=(?:ACCEPTED|DEFERRED|REJECTED))[ [].*from=/;

/** The line with one damage to it. */
export function damaged(line: string, { kind, at: share, text }: Damage): string {
  const from = kind === 'cut' ? (BEGINS.exec(line)?.index ?? 0) : 0;
  const index = from + Math.floor(share * (line.length - from));
  if (kind === 'cut') return line.slice(0, Math.max(1, index));
  return line.slice(0, index) + text + line.slice(kind === 'insert' ? index : index + 1);
}
