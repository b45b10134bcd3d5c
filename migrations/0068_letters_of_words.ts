import type { Knex } from 'knex';

const AT_ONCE = 1_000;

type Spelling = { readonly spell: (text: string) => string; readonly unspaced: RegExp };

/** Words with a letter that is written with two or without its stroke as well are found either way: `Straße` and `Strasse`. */
export const up = (db: Knex): Promise<void> =>
  rewrite(db, { spell: (text) => text.replace(SPECIAL, (one) => LETTERS[one] ?? one), unspaced: UNSPACED });

export const down = (db: Knex): Promise<void> => rewrite(db, { spell: (text) => text, unspaced: UNSPACED_BEFORE });

// As the program has them now (src/audit/words.ts).
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
  ...{ ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', ı: 'i' },
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
const UNSPACED = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/gu;
const UNSPACED_BEFORE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gu;
/** What is written in another way now: such letters, and the long vowel of Japanese, which was taken for part of a Latin word. */
const CHANGED = new RegExp(`[${Object.keys(LETTERS).join('')}ー]`, 'u');
const RUN = /[\p{L}\p{N}]+(?:[.@_:-][\p{L}\p{N}]+)*/gu;
const PARTS = 8;
const LENGTH = 64;

/** Writes the words of texts again that they change. */
async function rewrite(db: Knex, { spell, unspaced }: Spelling): Promise<void> {
  for (let after = 0; ; ) {
    const texts: { id: number; text: string }[] = await db('audit_events as e')
      .leftJoin('messages as m', 'm.event_id', 'e.id')
      .leftJoin('requests as r', (join) =>
        join.on('r.id', 'e.subject_id').andOnIn('e.name', ['request.submitted', 'request.edited']),
      )
      .where('e.subject_type', 'request')
      .where('e.id', '>', after)
      .whereRaw('(m.body is not null or r.id is not null)')
      .orderBy('e.id')
      .limit(AT_ONCE)
      .select(
        'e.id',
        db.raw(`${['m.body', 'r.sends', 'r.signup', 'r.samples'].map(orEmpty).join(" || ' ' || ")} as text`),
      );
    const last = texts.at(-1);
    if (!last) return;
    for (const { id, text } of texts) {
      const plain = folded(text);
      if (CHANGED.test(plain)) await replace(db, id, wordsOf(spell(plain).replace(unspaced, ' $& ')));
    }
    after = last.id;
  }
}

const orEmpty = (column: string): string => `coalesce(${column}, '')`;

async function replace(db: Knex, id: number, words: readonly string[]): Promise<void> {
  const isPostgres = db.client.config.client === 'pg';
  const column = isPostgres ? db.raw('array_to_tsvector(cast(? as text[]))', [words as string[]]) : words.join(' ');
  await db('event_words').where({ rowid: id }).delete();
  await db('event_words').insert({ rowid: id, words: column });
}

const folded = (text: string): string =>
  text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase();

const joined = (parts: readonly string[]): string =>
  Array.from(parts.join('').replace(/[.@_:-]$/u, ''))
    .slice(0, LENGTH)
    .join('');

function wordsOf(text: string): string[] {
  const runs = (text.match(RUN) ?? []).flatMap((run) => {
    const parts = run.split(/(?<=[.@_:-])/u);
    return Array.from({ length: Math.ceil(parts.length / PARTS) }, (_, nth) =>
      parts.slice(nth * PARTS, (nth + 1) * PARTS),
    );
  });
  return [
    ...new Set(runs.flatMap((parts) => parts.flatMap((part, index) => [joined(parts.slice(index)), joined([part])]))),
  ];
}
