// What attached files are called, and what is said of them.
import test from 'ava';
import {
  type Arrived,
  cleanName,
  limitsOf,
  shownName,
  sizeInWords,
  typesInWords,
} from '../../src/attachments/attachment.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { readPolicy } from '../../src/policy/document/policy.ts';
import { attachingOf, problemWith } from '../../src/requests/attachments/chosen.ts';

test('a name is one line without a path or signs that a system reads otherwise, and ends in what the file is', (t) => {
  for (const [given, type, name] of [
    ['volume.png', 'png', 'volume.png'],
    ['Größe März.PNG', 'png', 'Größe März.png'],
    ['C:\\Users\\ann\\chart.jpeg', 'jpeg', 'chart.jpeg'],
    ['../../etc/passwd', 'text', 'passwd.txt'],
    ['mail.log', 'text', 'mail.log'],
    ['page.html', 'text', 'page.html.txt'],
    ['sheet.csv', 'text', 'sheet.csv.txt'],
    ['invoice.png', 'text', 'invoice.png.txt'],
    ['run.exe', 'gif', 'run.exe.gif'],
    ['gpj.\u202eexe', 'jpeg', 'gpj.exe.jpg'],
    ['two\r\nlines\u0000.txt', 'text', 'twolines.txt'],
    ['a"b;c\'d.txt', 'text', 'a_b_c_d.txt'],
    ['CON.txt', 'text', '_CON.txt'],
    ['...', 'png', 'file.png'],
    ['.png', 'png', 'png.png'],
    ['\u200b.webp', 'webp', 'webp.webp'],
    ['contract.PDF', 'pdf', 'contract.pdf'],
    ['contract.html', 'pdf', 'contract.html.pdf'],
    ['', 'text', 'file.txt'],
    [`${'x'.repeat(300)}.png`, 'png', `${'x'.repeat(100)}.png`],
  ] as const)
    t.is(cleanName(given, type), name, JSON.stringify(given));
  t.true(cleanName(`${'x'.repeat(99)}😀.png`, 'png').isWellFormed());
  t.is(shownName('C:\\temp\\a\u202eb  c\n.exe'), 'ab c.exe');
});

test('sizes are said as file managers say them', (t) => {
  const sizes = [1, 999, 1000, 1250, 12_400, 999_499, 999_500, 5_000_000, 25_400_000].map(sizeInWords);
  t.deepEqual(sizes, ['1 byte', '999 bytes', '1 kB', '1.3 kB', '12 kB', '999 kB', '1 MB', '5 MB', '25 MB']);
});

test('a form says what it takes', (t) => {
  t.is(typesInWords(['png', 'jpeg', 'gif', 'webp', 'text']), 'PNG, JPEG, GIF or WebP pictures, or plain text');
  t.is(typesInWords(['text', 'pdf', 'gif', 'png']), 'GIF or PNG pictures, PDF files, or plain text');
  t.is(typesInWords(['pdf', 'text']), 'PDF files, or plain text');
  t.is(typesInWords(['png']), 'PNG pictures');
  t.is(typesInWords(['text']), 'plain text');
  const limits = { types: ['png', 'text'], maxBytes: 5_000_000, perMessage: 1 } as const;
  t.deepEqual(attachingOf(limits), {
    accept: 'image/png,.png,text/plain,.txt,.log',
    hint: 'PNG pictures, or plain text; up to one file of 5 MB.',
  });
  t.is(attachingOf(null), null);
});

const file = (wish: Partial<Arrived> = {}): Arrived => ({
  ...{ key: 'k', name: 'a.png', type: 'png', bytes: 10, sha256: 'x', isTooLarge: false },
  ...wish,
});

test('what cannot be attached is told by name, all of it at once', (t) => {
  const limits = { types: ['png'], maxBytes: 5_000_000, perMessage: 2 } as const;
  const told = (files: readonly Arrived[], room = { bytes: 1000, files: 5 }, isTooMany = false) =>
    problemWith(files, { limits, room, isTooMany });
  t.is(told([file()]), null);
  t.is(told([]), null);
  t.is(told([], { bytes: -1, files: 0 }), null, 'text alone needs no room');
  t.is(told([file()], undefined, true), 'A message can have up to two files. Choose fewer.');
  t.is(
    told([file({ name: 'b.gif', type: 'gif' }), file({ bytes: 0, type: null }), file({ isTooLarge: true })]),
    '“b.gif” is of a type that cannot be attached. “a.png” is empty. “a.png” is larger than 5 MB. You can attach: PNG pictures; up to two files of 5 MB each.',
  );
  t.regex(told([file(), file()], { bytes: 1000, files: 1 }) ?? '', /only one more now/);
  t.regex(told([file()], { bytes: 1000, files: 0 }) ?? '', /no more files now/);
  t.regex(told([file()], { bytes: 9, files: 5 }) ?? '', /all the space they may/);
  t.is(told([file()], { bytes: 10, files: 1 }), null);
});

test('both shipped policies take pictures and text, and no PDF; a policy without the section takes the same, one without types nothing', (t) => {
  for (const name of ['customerio', 'sendgrid']) {
    const read = loadPolicy(policyPath(name));
    if (!read.ok) return t.fail();
    const shipped = limitsOf(read.value);
    t.like(shipped, { maxBytes: 5_000_000, perMessage: 5 });
    t.false(shipped?.types.includes('pdf'));
    const { attachments: _, ...older } = read.value;
    const again = readPolicy(older);
    t.deepEqual(again.ok && limitsOf(again.value), shipped);
    const none = { ...read.value.attachments, types: { value: [], rule: 'own choice' } };
    const without = readPolicy({ ...read.value, attachments: none });
    t.is(without.ok && limitsOf(without.value), null);
  }
});
