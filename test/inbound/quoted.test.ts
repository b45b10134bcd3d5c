import test from 'ava';
import fc from 'fast-check';
import { partQuoted } from '../../src/inbound/quoted.ts';

const MAILS: readonly [program: string, lines: readonly string[], own: string][] = [
  [
    'Gmail',
    [
      'Yes.',
      '',
      'On Mon, Nov 23, 2026 at 9:00 AM Desk <desk@warmdesk.example> wrote:',
      '',
      '> How much?',
      '>',
      '> Desk',
    ],
    'Yes.',
  ],
  [
    'Gmail, in two lines',
    [
      'Yes.',
      '',
      'On Mon, Nov 23, 2026 at 9:00 AM Warmdesk of the Provider',
      '<desk@warmdesk.example> wrote:',
      '',
      '> How much?',
    ],
    'Yes.',
  ],
  ['Thunderbird', ['Yes.', '', 'Am 23.11.26 um 09:00 schrieb Desk:', '> How much?', '', '-- ', 'Ann'], 'Yes.'],
  [
    'Apple Mail',
    ['Yes.', '', 'Ann', '', '> On 23. Nov 2026, at 09:00, Desk <desk@warmdesk.example> wrote:', '> ', '> How much?'],
    'Yes.\n\nAnn',
  ],
  [
    'Outlook',
    [
      'Yes.',
      '',
      'Ann',
      '',
      '________________________________',
      'From: Desk <desk@warmdesk.example>',
      'Sent: Monday, 23 November 2026 09:00',
      'To: Ann',
      'Subject: A question',
      '',
      'How much?',
    ],
    'Yes.\n\nAnn',
  ],
  [
    'Outlook on Windows',
    ['Yes.', '', '-----Original Message-----', 'From: Desk', 'Sent: Monday', '', 'How much?'],
    'Yes.',
  ],
  [
    'Gmail in French',
    ['Oui.', '', 'Le lun. 23 nov. 2026 à 09:00, Desk <desk@warmdesk.example> a écrit\u00a0:', '', '> How much?'],
    'Oui.',
  ],
  [
    'Outlook in French',
    [
      'Oui.',
      '',
      'De : Desk <desk@warmdesk.example>',
      'Envoyé : lundi 23 novembre 2026 09:00',
      'À : Ann',
      '',
      'How much?',
    ],
    'Oui.',
  ],
  ['answers between the lines', ['On Mon, Desk wrote:', '> How much?', '70,000', '> Since when?', 'May'], ''],
  ['an answer below', ['On Mon, Nov 23, Desk wrote:', '> How much?', '', 'About 70,000.'], ''],
  ['nothing quoted', ['From: what we know it is 70,000.', 'On Monday we wrote:', 'a list'], ''],
  ['a quote alone', ['> How much?'], ''],
];

for (const [program, lines, own] of MAILS) {
  test(`what is quoted below a reply is told apart: ${program}`, (t) => {
    const text = lines.join('\n');
    const parted = partQuoted(text);
    t.is(parted.text, own === '' ? text : own);
    t.is(parted.quoted !== '', own !== '');
  });
}

const line = fc.constantFrom(
  '',
  'Yes.',
  '> How much?',
  '>',
  'On Mon, Desk wrote:',
  'From: a@b.example',
  'Sent: Monday',
  '-- ',
  '____________________',
);

test('nothing that was written is lost, and what is left is never empty', (t) => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const whole = lines.join('\n').trim();
      const { text, quoted } = partQuoted(whole);
      t.is(
        [text, quoted]
          .filter((one) => one !== '')
          .join('')
          .replace(/\s/g, ''),
        whole.replace(/\s/g, ''),
      );
      if (whole !== '') t.not(text, '');
    }),
  );
});

test('a text of a million lines is parted at once', (t) => {
  const began = performance.now();
  for (const one of ['> a\nb\n', 'On b\n', 'From: x\n', '_'.repeat(40)]) partQuoted(one.repeat(300_000));
  t.true(performance.now() - began < 60_000, 'linear: quadratic would take hours');
});
