// What the daily summary says. Pure.
import type { Block, Desk as Hand, Writer, Writers } from '../../notifications/letter.ts';
import type { MailName } from '../../notifications/mail.ts';
import { capitalised, counted, grouped, listed } from '../../wording.ts';
import { type DeskFacts, type Line, type Urgency, urgencies } from './desk.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `desk`: what waits for a reviewer; null: the reader wants no such list. `news`: mails that waited for this one. */
    summary: {
      readonly desk: DeskFacts | null;
      readonly news: readonly { readonly template: string; readonly facts: unknown }[];
      /** Regions whose stock ends soon, a sentence each; mails that an older Warmdesk kept have none. */
      readonly stock?: readonly string[];
    };
  }
}

const TITLES: Readonly<Record<Urgency, string>> = {
  overdue: 'Overdue',
  soon: 'Due soon',
  new: 'New',
  waiting: 'Waiting',
};

/** Writes the summary with the writers of all other mails: what it gathered is told by their subjects. */
export const summaryLetter =
  (writers: Omit<Writers, 'summary'>): Writer<'summary'> =>
  ({ desk, news, stock = [] }, hand) => {
    const told = [desk && waitingIn(desk), news.length > 0 ? counted(news.length, 'update') : null];
    const preview = `${capitalised(told.filter((part) => part !== null).join(', '))}.`;
    return {
      subject: `Summary of ${hand.h.date(hand.h.now)}: ${told.filter((part) => part !== null).join(', ')}`,
      preview,
      reference: null,
      state: { word: 'Summary', tone: desk?.lines.some(({ urgency }) => urgency === 'overdue') ? 'ask' : 'plain' },
      title: desk === null ? 'Your daily summary' : 'What is waiting on the desk',
      blocks: [
        ...(desk === null ? [] : deskBlocks(desk, hand)),
        ...newsBlocks(news, writers, hand),
        ...stockBlocks(stock),
      ],
      button: desk === null ? { label: 'Open your page', path: '/' } : { label: 'Open the queue', path: '/review' },
      why: 'You get this mail because you chose a daily summary in your profile.',
    };
  };

const stockBlocks = (stock: readonly string[]): Block[] =>
  stock.length === 0 ? [] : [{ kind: 'list', title: 'Free IPs that run out', items: stock }];

const waitingIn = ({ waiting, isCut }: DeskFacts): string =>
  `${isCut ? `${grouped(waiting)} or more requests` : counted(waiting, 'request')} waiting`;

const waitIn = (desk: DeskFacts): string =>
  waitingIn(desk).replace(/waiting$/, desk.waiting === 1 && !desk.isCut ? 'is waiting' : 'are waiting');

function deskBlocks(desk: DeskFacts, { h }: Hand): Block[] {
  const { lines, waiting, withColleagues } = desk;
  const others =
    withColleagues === 0
      ? ''
      : ` ${capitalised(counted(withColleagues, 'more request'))} ${withColleagues === 1 ? 'is' : 'are'} with colleagues.`;
  const rest = waiting > lines.length ? ` The ${inWordsOf(lines.length)} due first are listed below.` : '';
  const text = `${capitalised(waitIn(desk))} for a decision that you can make.${others}${rest}`;
  const lists = urgencies.flatMap((urgency) => {
    const items = lines.filter((line) => line.urgency === urgency).map((line) => lineOf(line, h.time(line.dueAt)));
    return items.length === 0 ? [] : [{ kind: 'list' as const, title: TITLES[urgency], items }];
  });
  return [{ kind: 'text', text }, ...lists];
}

const inWordsOf = (count: number): string => grouped(count);

function lineOf({ reference, what, isOwn, recommended, failed, urgency }: Line, due: string): string {
  const checks = failed.length === 0 ? '' : ` Fails: ${listed([...failed])}.`;
  const was = urgency === 'overdue' ? 'was due by' : 'due by';
  return `${reference}, ${what}${isOwn ? ', on your desk' : ''}, ${was} ${due}. ${recommended}${checks}`;
}

function newsBlocks(
  news: readonly { readonly template: string; readonly facts: unknown }[],
  writers: Omit<Writers, 'summary'>,
  hand: Hand,
): Block[] {
  if (news.length === 0) return [];
  const items = news.map(({ template, facts }) => subjectOf(writers, template, { facts, hand }));
  return [{ kind: 'list', title: 'Since the last summary', items }];
}

/** A mail's subject; a mail that an older or newer Warmdesk kept is named by its template. */
function subjectOf(
  writers: Omit<Writers, 'summary'>,
  template: string,
  { facts, hand }: { readonly facts: unknown; readonly hand: Hand },
): string {
  if (!Object.hasOwn(writers, template)) return template;
  const write = writers[template as Exclude<MailName, 'summary'>] as Writer<MailName>;
  return write(facts as Parameters<typeof write>[0], hand).subject;
}
