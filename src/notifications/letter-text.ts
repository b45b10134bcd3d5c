// A letter as plain text: pure. Paragraphs are single lines, which every reader wraps to its own width.
import type { Block, Letter } from './letter.ts';
import type { Recipient } from './mail.ts';

export type LetterFrame = {
  readonly letter: Letter;
  readonly link: (path: string) => string;
  readonly provider: string;
  readonly to: Recipient;
  /** What becomes of a reply, a sentence. */
  readonly replies: string;
  /** Where mails like this one are stopped; null: they are not optional. */
  readonly stopPath: string | null;
};

/** Where somebody chooses which mails they get. */
const MAILS = '/profile/mails';

/** The whole mail as text. */
export function asText({ letter, link, provider, to, replies, stopPath }: LetterFrame): string {
  const state = [letter.reference, letter.state.word].filter((word) => word !== null).join(' · ');
  return [
    state,
    `${letter.title}\n${'='.repeat(Math.min(letter.title.length, 72))}`,
    ...letter.blocks.map(blockAsText),
    `${letter.button.label}:\n${link(letter.button.path)}`,
    [
      '-- ',
      provider,
      letter.why,
      `Sent to ${to.email} automatically. ${replies}`,
      ...(stopPath === null ? [] : [`Stop mails like this: ${link(stopPath)}`, `Choose your mails: ${link(MAILS)}`]),
    ].join('\n'),
  ].join('\n\n');
}

function blockAsText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'facts':
      return block.rows.map(([label, value]) => `${label}: ${value}`).join('\n');
    case 'list':
      return titled(
        block.title,
        block.items.map((item) => `- ${item}`),
      );
    case 'checks':
      return titled(
        block.title,
        block.items.map(({ title, ok }) => `${ok ? '✓' : '!'} ${title}`),
      );
    case 'quote':
      return titled(
        block.title,
        block.text.split('\n').map((line) => `> ${line}`),
      );
  }
}

const titled = (title: string, lines: readonly string[]): string => [`${title}:`, ...lines].join('\n');
