// Finding requests by what was written about them.
import ava from 'ava';
import fc from 'fast-check';
import { excerptOf, hasWords, searchedWords, wordsOf } from '../../src/audit/words.ts';
import { answerRequest } from '../../src/requests/customer/actions.ts';
import { addNote, askForInformation } from '../../src/requests/review/actions.ts';
import { readQueueFilter } from '../../src/requests/review/queue/filter.ts';
import { gatherQueue } from '../../src/requests/review/queue/gather.ts';
import { MOST_TEXTS } from '../../src/requests/search/store.ts';
import * as make from '../support/make.ts';
import { NOBODY } from '../support/people.ts';
import { onBothEngines, type World } from '../support/world.ts';

const found = async (world: World, q: string, person = NOBODY): Promise<string[]> => {
  const { rows } = await gatherQueue(world.db, readQueueFilter({ tab: 'all', q }), { person, at: world.now });
  return rows.map(({ request }) => request.account.name).sort();
};

/** Birch was asked and answered, and has a note; Cedar wrote of other things. */
async function scene(world: World) {
  const staff = await make.staff(world);
  const birch = await make.account(world, { name: 'Birch' });
  const cedar = await make.account(world, { name: 'Cedar' });
  const id = await make.request(world, birch.admin, { sends: 'Fahrpläne für Österreich, and a newsletter.' });
  await make.request(world, cedar.admin, { sends: 'Receipts of jun@kitebox.example.', signup: '会員登録 by e-mail' });
  const reviewer = { person: staff.reviewer, at: world.now };
  await askForInformation(world.db, reviewer, id, 'Which list did you buy, if any?');
  await answerRequest(world.db, { person: birch.admin, at: world.now }, id, 'Never: 198.51.100.24 is only ours.');
  await addNote(world.db, reviewer, id, 'They phoned; the quokka campaign is over.');
  return { ...staff, birch, cedar, id };
}

onBothEngines(
  'what customers and reviewers wrote is found by its words, whatever their case and accents',
  async (t, world) => {
    await scene(world);
    const finds: readonly (readonly [string, readonly string[]])[] = [
      ['fahrplane', ['Birch']],
      ['FAHRPLÄNE', ['Birch']],
      ['fahrpl osterr', ['Birch']],
      ['bought', []],
      ['buy list', ['Birch']],
      ['quokka', ['Birch']],
      ['quokka receipts', []],
      ['198.51.100.24', ['Birch']],
      ['198.51.100.2', ['Birch']],
      ['51.100', ['Birch']],
      ['kitebox', ['Cedar']],
      ['kitebox.example', ['Cedar']],
      ['jun@kitebox.example', ['Cedar']],
      ['e-mail', ['Cedar']],
      ['登録', ['Cedar']],
      ['if', ['Birch']],
      ['bu', []],
    ];
    for (const [q, names] of finds) t.deepEqual(await found(world, q), [...names], q);
  },
);

onBothEngines('signs that mean something to a database mean nothing in a search', async (t, world) => {
  const { reviewer } = await scene(world);
  const same: readonly (readonly [string, readonly string[]])[] = [
    ['"quokka', ['Birch']],
    ["quokka' or 1=1 --", []],
    ['quokka*', ['Birch']],
    ['(quokka', ['Birch']],
    ['quokka & campaign', ['Birch']],
    ['quokka | receipts', []],
    ['quokka AND NOT campaign', []],
    ['words:quokka', []],
    ['^quokka NEAR(campaign)', []],
    ['!quokka:*', ['Birch']],
    ['quokka\\', ['Birch']],
    ['-quokka', ['Birch']],
    ['"" \'\' () * : & | ! < > \\', []],
  ];
  for (const [q, names] of same) t.deepEqual(await found(world, q), [...names], q);
  const desk = await world.signedIn(reviewer.email);
  const hostile = [
    'quokka\0campaign',
    '\ud800quokka',
    `${'quokka '.repeat(1_500)}`,
    '%'.repeat(4_000),
    '😀'.repeat(99),
  ];
  for (const q of hostile)
    t.is((await desk.get(`/review?tab=all&q=${encodeURIComponent(q.toWellFormed())}`)).status, 200, q.slice(0, 20));
  t.is((await desk.get('/review?tab=all&q=%ED%A0%80%00%FF')).status, 200);
});

onBothEngines(
  'R-05: staff of a customer’s own account find its requests by what customers read, not by notes',
  async (t, world) => {
    const { birch } = await scene(world);
    const insider = await make.insider(world, birch.id);
    t.deepEqual(await found(world, 'quokka', insider), []);
    t.deepEqual(await found(world, 'buy list', insider), ['Birch']);
    t.deepEqual(await found(world, 'kitebox', insider), ['Cedar']);
  },
);

onBothEngines('a row shows what was found in it, and where', async (t, world) => {
  const { reviewer } = await scene(world);
  const desk = await world.signedIn(reviewer.email);
  const shown = async (q: string) => (await desk.get(`/review?tab=all&q=${q}`)).html;
  t.regex(await shown('quokka'), /in a note: “They phoned; the <mark>quokka<\/mark> campaign is over\.”/);
  t.regex(await shown('buy'), /in a message: “Which list did you <mark>buy<\/mark>, if any\?”/);
  t.regex(await shown('osterreich'), /in the request: “Fahrpläne für <mark>Österreich<\/mark>, and a newsletter\./);
  t.notRegex(await shown('Birch'), /<mark>/);
});

onBothEngines(
  'a word that nearly all texts have is looked for in the newest, and the page says so',
  async (t, world) => {
    const { reviewer, birch, id } = await scene(world);
    const first = await world
      .db('audit_events')
      .max('seq as seq')
      .where({ subject_type: 'request', subject_id: id })
      .first();
    for (let from = 0; from < MOST_TEXTS; from += 500) {
      const rows = Array.from({ length: 500 }, (_, nth) => ({
        ...{
          subject_type: 'request',
          subject_id: id,
          seq: Number(first?.seq) + 1 + from + nth,
          name: 'request.released',
        },
        ...{ account_id: birch.id, at: world.now, facts: '{}' },
      }));
      await world.db('audit_events').insert(rows);
    }
    await world.db.raw(`insert into event_words (rowid, words) select id, 'receipts' from audit_events
    where name = 'request.released'`);
    const desk = await world.signedIn(reviewer.email);
    t.regex((await desk.get('/review?tab=all&q=receipts')).text, /More than 5,000 messages contain these words/);
    t.notRegex((await desk.get('/review?tab=all&q=quokka')).text, /messages contain these words/);
    const file = await desk.get('/review.csv?tab=all&q=receipts');
    t.is(file.location, '/review?tab=all&q=receipts&note=too-many-to-export', 'a part would look like all of it');
    t.false((await desk.get('/review?tab=all&q=receipts')).html.includes('review.csv'));
  },
);

onBothEngines('a beginning is found in the newest text, and where hundreds of words begin so', async (t, world) => {
  const { reviewer, id } = await scene(world);
  const note = (text: string) => addNote(world.db, { person: reviewer, at: world.now }, id, text);
  await note('A wombat, which nobody wrote of before.');
  t.deepEqual(await found(world, 'womb'), ['Birch']);
  t.deepEqual(await found(world, 'womb quok'), [], 'each text has all of the words');
  t.deepEqual(await found(world, 'phon quok'), ['Birch']);
  await note(Array.from({ length: 300 }, (_, nth) => `zebra${nth}`).join(' '));
  for (const q of ['zebra', 'zebra2', 'zebra299', 'zeb zebra7']) t.deepEqual(await found(world, q), ['Birch'], q);
  t.deepEqual(await found(world, 'zebra300'), []);
});

onBothEngines('a page of found requests takes no more statements than any other page', async (t, world) => {
  const { reviewer, birch } = await scene(world);
  const desk = await world.signedIn(reviewer.email);
  let statements = 0;
  world.db.on('query', () => (statements += 1));
  for (const q of ['quokka', 'Birch', birch.admin.email, '198.51.100.24', 'WD-1001', 'nothing at all']) {
    statements = 0;
    t.is((await desk.get(`/review?tab=all&q=${encodeURIComponent(q)}`)).status, 200);
    t.true(statements <= 16, `${q}: ${statements}`);
  }
});

/** As the index finds it, and the text by itself, which is to be the same. */
const finds = (text: string, typed: string): boolean => {
  const words = searchedWords(typed);
  const own = wordsOf(text);
  const isIndexed = words.every(({ word, isBeginning }) =>
    own.some((one) => (isBeginning ? one.startsWith(word) : one === word)),
  );
  if (hasWords(text, words) !== isIndexed) throw new Error(`“${typed}” is found in one way alone: ${text}`);
  return isIndexed;
};

const word = fc.stringMatching(/^[a-z0-9äöüéà]{1,12}$/);

ava('a text is found by any of its words, and by how the longer ones begin', (t) => {
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 30 }),
      fc.nat(),
      fc.constantFrom(' ', '. ', ', "', ' – '),
      (words, nth, between) => {
        const text = words.join(between);
        const fits = (typed: string) => finds(text, typed);
        const one = words[nth % words.length] ?? '';
        t.true(fits(one) && fits(one.toUpperCase()) && fits(text));
        if (one.length > 4) t.true(fits(one.slice(0, -1)));
        t.truthy(excerptOf(text, searchedWords(one)));
      },
    ),
  );
});

ava('a search takes twelve words, of which the longer ones may be beginnings', (t) => {
  t.deepEqual(searchedWords('bu buy buys'), [
    { word: 'bu', isBeginning: false },
    { word: 'buy', isBeginning: true },
    { word: 'buys', isBeginning: true },
  ]);
  t.is(searchedWords('a b c d e f g h i j k l m n').length, 12);
});

ava('a long link is found by each of its parts, and a long word by its beginning', (t) => {
  const link = 'https://a1.b2.c3.d4.e5.f6.g7.h8.i9.kitebox.example';
  for (const part of ['a1', 'h8', 'i9', 'kitebox', 'kitebox.example']) t.true(finds(link, part), part);
  t.true(finds('x'.repeat(500), 'x'.repeat(500)) && finds('x'.repeat(500), 'x'.repeat(20)));
  t.true(wordsOf('x'.repeat(500)).every((one) => one.length <= 64));
});

ava('an excerpt is around the word, and no longer than a line', (t) => {
  const long = `${'before '.repeat(50)}quokka ${'after '.repeat(50)}`;
  const excerpt = excerptOf(long, searchedWords('quokka'));
  t.is(excerpt?.word, 'quokka');
  t.regex(excerpt?.before ?? '', /^… before .* before $/);
  t.regex(excerpt?.after ?? '', /^ after .* after …$/);
  t.true(`${excerpt?.before}${excerpt?.after}`.length < 150);
  t.is(excerptOf('nothing here', searchedWords('quokka')), null);
  const short = { before: 'The ', word: 'quokka', after: ' campaign is over.' };
  t.deepEqual(excerptOf(' The\n\n quokka campaign is over. ', searchedWords('quokka')), short);
});

ava('letters that are written with two, or without their stroke, are found either way', (t) => {
  const pairs: readonly (readonly [string, string])[] = [
    ['Die Straße ist gesperrt.', 'strasse'],
    ['GROSSE STRASSE', 'große Straße'],
    ['Mon cœur de métier', 'coeur'],
    ['les oeuvres', 'œuvre'],
    ['Łódź', 'lodz'],
    ['Søren Kjær', 'soren kjaer'],
    ['ILIK', 'ılık'],
    ['Đorđe, Guðrún, Ħal Għaxaq', 'dorde gudrun hal ghaxaq'],
    ['Þór', 'thor'],
  ];
  for (const [text, typed] of pairs) t.true(finds(text, typed), typed);
  t.false(finds('Die Strafe', 'strasse'));
});

ava('a Japanese text is found by its words, and by Latin ones among them', (t) => {
  const text = '株式会社カイトボックスのﾒｰﾙ配信とサーバーAIについて。';
  for (const typed of ['メール', '配信', 'サーバー', 'サーバ', 'AI', 'カイト 配信']) t.true(finds(text, typed), typed);
  t.false(finds(text, '登録'));
});

ava('an excerpt of a text without spaces marks what was looked for, not the whole sentence', (t) => {
  const text = `株主総会のお知らせ。クライアントのメール配信を始めます。${'今後ともよろしくお願いします。'.repeat(20)}`;
  t.like(excerptOf(text, searchedWords('メール')), { before: '株主総会のお知らせ。クライアントの', word: 'メール' });
  t.is(excerptOf('ご連絡はjun@kitebox.exampleまで', searchedWords('kitebox'))?.word, 'jun@kitebox.example');
  t.true((excerptOf('あ'.repeat(500), searchedWords('ああ'))?.word.length ?? 0) < 100);
});
