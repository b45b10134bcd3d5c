// What happened to a request, as its customer and as staff read it. Pure.
import { type Attached, sizeInWords, typeInWords } from '../attachments/attachment.ts';
import { checkedInWords } from '../audit/desk.ts';
import type { EventName, FulfillingTransition } from '../audit/event.ts';
import { INTERNAL_EVENTS } from '../audit/internal.ts';
import { formatMoney } from '../money.ts';
import { counted, inWords } from '../wording.ts';
import type { AnswerChange } from './editing/changes.ts';
import { regionName } from './mails/wording.ts';

export type HistoryEntry = {
  readonly name: EventName;
  readonly at: number;
  readonly facts: Readonly<Record<string, unknown>>;
  /** What was written with it. */
  readonly body: string | null;
  readonly actor: string | null;
  /** Where it came by mail. */
  readonly mail?: MailedWith;
  /** The files that came with it. */
  readonly files?: readonly Attached[];
};

/**
 * What came with a mail: what was quoted in it, the number of its files, and which of them were left out and why; null: all,
 * as there were no attachments then.
 */
type MailedWith = {
  readonly quoted: string;
  readonly files: number;
  readonly leftOut: readonly { readonly name: string; readonly why: string }[] | null;
};

/** One entry of the timeline: `who` and `what` make a sentence; without `who` it was Warmdesk itself. */
export type TimelineEntry = {
  readonly who: string | null;
  readonly what: string;
  readonly at: number;
  readonly body?: string;
  /** The mail that it answers, as it was quoted below. */
  readonly quoted?: string;
  readonly files?: readonly TimelineFile[];
  readonly tone?: 'good' | 'look' | 'bad' | 'busy';
  readonly internal?: boolean;
};

/** A file as it is listed; `kind`: its type and size in words. */
export type TimelineFile = { readonly id: number; readonly name: string; readonly kind: string };

/** What was written with these is for staff alone. */
export const INTERNAL_BODY: readonly EventName[] = [
  'request.proposed',
  'request.sentBack',
  'request.noted',
  'request.passedOn',
  'request.assigned',
  'request.undone',
  'request.lapsed',
  'request.fulfilled',
  'request.waitlisted',
];

/** The timeline, oldest first. Customers read neither notes nor who of the staff it was. */
export function timeline(history: readonly HistoryEntry[], reader: { readonly staff: boolean }): TimelineEntry[] {
  return history
    .filter((entry) => reader.staff || !INTERNAL_EVENTS.includes(entry.name))
    .map((entry) => {
      const internal = INTERNAL_BODY.includes(entry.name) && entry.body !== null;
      return {
        who: whoOf(entry, reader.staff),
        what: `${whatOf(entry)}${byMail(entry)}`,
        at: entry.at,
        ...(entry.body !== null && (reader.staff || !internal) ? { body: entry.body } : {}),
        ...(entry.mail?.quoted ? { quoted: entry.mail.quoted } : {}),
        ...(entry.files && (reader.staff || !internal) ? { files: entry.files.map(listedFile) } : {}),
        ...toneOf(entry.name),
        ...(internal && reader.staff ? { internal } : {}),
      };
    });
}

const listedFile = ({ id, name, type, bytes }: Attached): TimelineFile => ({
  id,
  name,
  kind: `${typeInWords(type)}, ${sizeInWords(bytes)}`,
});

function whoOf(entry: HistoryEntry, staff: boolean): string | null {
  if (entry.actor === null) return null;
  const isCustomers = CUSTOMER_STEPS.includes(entry.name) || entry.facts.step === 'accept';
  return staff || isCustomers ? entry.actor : 'A reviewer';
}

/** How it came, and which of its files were left out. */
function byMail({ name, mail, files: attached = [] }: HistoryEntry): string {
  if (mail === undefined) return '';
  const how = name === 'request.mailAccepted' ? '' : ' by mail';
  const { files, leftOut } = mail;
  if (leftOut === null) return files === 0 ? how : `${how}; ${counted(files, 'attached file')} not taken`;
  const more = files - leftOut.length - attached.length;
  return [
    how,
    ...leftOut.map(({ name: file, why }) => `“${file}” was left out, as it ${why}`),
    ...(more > 0 ? [`${counted(more, 'more file')} ${more === 1 ? 'was' : 'were'} left out`] : []),
  ].join('; ');
}

const CUSTOMER_STEPS: readonly EventName[] = [
  'request.submitted',
  'request.answered',
  'request.commented',
  'request.edited',
  'request.appealed',
  'request.poolDecided',
  'request.withdrawn',
];

function whatOf({ name, facts }: HistoryEntry): string {
  const price = () => formatMoney(Number(facts.monthlyCents), String(facts.currency));
  const list = (key: string) => (facts[key] as readonly string[]).join(', ');
  switch (name) {
    case 'request.submitted':
      return 'sent the request';
    case 'request.asked':
      return 'asked a question';
    case 'request.answered':
      return 'answered';
    case 'request.commented':
      return 'commented';
    case 'request.mailQuarantined':
      return `put a mail from ${String(facts.from)} into quarantine: ${String(facts.why)}`;
    case 'request.mailAccepted':
      return `added a mail from ${String(facts.from)}`;
    case 'request.mailDeleted':
      return `deleted a mail from ${String(facts.from)}`;
    case 'request.quarantineTold':
      return `told ${list('told') || 'nobody'} that mail is in quarantine`;
    case 'request.appealed':
      return 'appealed the decline';
    case 'request.edited':
      return edited(facts.changes as readonly AnswerChange[]);
    case 'request.noted':
      return facts.mentioned === undefined ? 'wrote a note' : `wrote a note to ${list('mentioned')}`;
    case 'request.claimed':
      return typeof facts.from === 'string' ? `took it over from ${facts.from}` : 'claimed it';
    case 'request.released':
      return 'gave it back to the queue';
    case 'request.passedOn':
      return `handed it over to ${String(facts.to)}${facts.mentioned === undefined ? '' : `, with a note to ${list('mentioned')}`}`;
    case 'request.assigned':
      return `assigned it to ${String(facts.to)}`;
    case 'request.checked':
      return checkedInWords(facts.ticked as readonly string[], facts.unticked as readonly string[]);
    case 'request.leftToReviewers':
      return `left it to the reviewers: ${(facts.why as readonly string[]).join(' ')}`;
    case 'request.undone':
      return `${DECIDED[String(facts.decision)] ?? 'decided on it'}, and undid that after ${counted(Number(facts.afterSeconds), 'second')}`;
    case 'request.lapsed':
      return `${DECIDED[String(facts.decision)] ?? 'decided on it'}, which did not take effect: ${(facts.why as readonly string[]).join(' ')}`;
    case 'request.dueSoon':
      return `told ${list('told') || 'nobody'} that it is due soon`;
    case 'request.overdue':
      return `told ${list('told') || 'nobody'} that it is overdue`;
    case 'request.escalated':
      return `told ${list('told') || 'nobody'} that it is still not decided`;
    case 'request.proposed':
      return 'proposed approval; a second reviewer must confirm';
    case 'request.sentBack':
      return 'sent it back for another look';
    case 'request.offered':
      return `offered ${inWords(Number(facts.granted))} of the ${inWords(Number(facts.asked))} IPs`;
    case 'request.waitlisted':
      return `${approvalVerb(facts)}; it waits for a free IP in ${regionName(String(facts.region))}, at ${price()} a month`;
    case 'request.fulfilled':
      return fulfilled(facts, list, price);
    case 'request.lookedAtAgain':
      return `sent it back to the reviewers when IPs were free: ${(facts.differences as readonly string[]).join(' ')}`;
    case 'request.poolAsked':
      return `asked whether ${list('domains')} should leave the transactional pool`;
    case 'request.poolDecided':
      return `${facts.leaves ? 'takes' : 'keeps'} ${list('domains')} ${facts.leaves ? 'out of' : 'in'} the transactional pool`;
    case 'request.requoted':
      return `had it priced again: ${price()} a month instead of ${formatMoney(Number(facts.beforeCents), String(facts.currency))}`;
    case 'request.declined':
      return 'declined it';
    case 'request.withdrawn':
      return 'withdrew the request';
    case 'request.expired':
      return `closed it: no answer for ${String(facts.waitedForDays)} days`;
    default:
      return name;
  }
}

const DECIDED: Readonly<Record<string, string>> = {
  approve: 'approved it',
  confirm: 'agreed as second reviewer',
  decline: 'declined it',
  offer: 'offered fewer IPs',
  ask: 'asked a question',
  'send-back': 'sent it back for another look',
};

/** Texts that changed are below it, as they were. */
const edited = (changes: readonly AnswerChange[]): string => {
  const told = changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  return told.length === 0 ? 'changed the request' : `changed the request: ${told.join('; ')}`;
};

function fulfilled(facts: HistoryEntry['facts'], list: (key: string) => string, price: () => string): string {
  const verb = approvalVerb(facts);
  if ((facts.addresses as readonly string[]).length === 0)
    return `${verb}: ${list('domains')} is in the transactional pool`;
  return `${verb}: ${list('addresses')}, ${price()} a month; ${facts.withoutWarmup ? 'in use at once, without automated warm-up' : 'warm-up is planned'}`;
}

const VERBS: Readonly<Record<FulfillingTransition, string>> = {
  approve: 'approved it',
  approveAutomatically: 'approved it automatically',
  confirm: 'agreed as second reviewer',
  accept: 'accepted the offer',
  serve: 'served it from the waitlist',
};
const approvalVerb = (facts: HistoryEntry['facts']): string => VERBS[facts.step as FulfillingTransition];

function toneOf(name: EventName): Pick<TimelineEntry, 'tone'> {
  if (name === 'request.fulfilled') return { tone: 'good' };
  if (name === 'request.declined') return { tone: 'bad' };
  if (name === 'request.lapsed' || name === 'request.overdue' || name === 'request.escalated') return { tone: 'look' };
  if (name === 'request.lookedAtAgain' || name === 'request.poolAsked') return { tone: 'look' };
  if (name === 'request.asked' || name === 'request.offered' || name === 'request.waitlisted') return { tone: 'look' };
  return {};
}
