// Takes mails that come in: stored first, then read, then filed as a comment or an answer, or put where people look at them.
import { createHash } from 'node:crypto';
import { act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { Log } from '../log.ts';
import type { Answer, Arrived, Refusal } from '../mail-listener.ts';
import { recordBounce } from '../notifications/actions.ts';
import { findKnownKey, findMail } from '../notifications/store.ts';
import { comment } from '../requests/comments/transition.ts';
import type { Customer } from '../requests/customer/actions.ts';
import { answer } from '../requests/customer/transition.ts';
import { reference } from '../requests/request.ts';
import { type TransitionProblem, transitionEvent } from '../requests/transition.ts';
import { addressOf } from './address.ts';
import { dropAttached, dropUnlessAway, type KeptFiles, keepAttached } from './attached/actions.ts';
import { bounceReply } from './bounce.ts';
import { gatherRecipient, type Inbox, isRefusal, type Recipient, type ReplyTo } from './gather.ts';
import { judge, type Verdict } from './judge.ts';
import type { InboundTransition } from './lifecycle.ts';
import { type Message, readMessage } from './message.ts';
import { isSignedBy } from './own-verification.ts';
import { type Change, findFiled, type Inbound, insertInbound, listUnread, lockInbound, moveInbound } from './store.ts';

export type Taking = Inbox & {
  readonly dns: Resolver;
  /** The folder of attached files. */
  readonly folder: string;
  /** The name that the mail server in front gives its results (RFC 8601); null: they are not heeded. */
  readonly authservId: string | null;
  readonly log: Log;
  /** UTC milliseconds. */
  readonly now: () => number;
};

/** A mail to one recipient, stored. */
type Stored = { readonly mail: Inbound; readonly raw: Buffer; readonly to: string };

const UNDER_WAY_MS = 10 * 60_000;
const LEFT_AT_ONCE = 20;

const TAKEN = '2.0.0 Taken';
const QUARANTINED = '2.0.0 Kept for somebody to look at';
const ENDED = '2.0.0 Kept, and not answered';

/** What keeps an address from taking mail now, as the mail server is told before the mail is sent; null: nothing does. */
export async function refusalOf(taking: Taking, address: string): Promise<Refusal | null> {
  const found = await gatherRecipient(taking, address, taking.now());
  return isRefusal(found) ? found : null;
}

/** Takes a mail for each of its recipients. Throws where it could not be stored: then it has to come again. */
export async function takeMail(taking: Taking, arrived: Arrived): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const to of arrived.recipients) answers.push(await takeFor(taking, arrived, to));
  return answers;
}

async function takeFor(taking: Taking, { raw, from: envelopeFrom, session }: Arrived, to: string): Promise<Answer> {
  const { db, now, log } = taking;
  const recipient = await gatherRecipient(taking, to, now());
  if (isRefusal(recipient)) return recipient;
  const { mail: answered, purpose } = recipient;
  const requestId = recipient.purpose === 'reply' ? recipient.request.id : null;
  const stored = await act<Inbound, never>(db, { person: null, at: now() }, ({ trx }) => {
    const rawHash = createHash('sha256').update(raw).digest('hex');
    const of = { mailId: answered.id, requestId, personId: answered.to.id, purpose };
    return insertInbound(trx, { ...of, envelopeFrom: envelopeFrom.slice(0, 254), raw, rawHash }, now());
  });
  if (!stored.ok) throw new Error('nothing refuses this');
  const mail = stored.value;
  const done = mail.status === 'received' ? await settle(taking, { mail, raw, to }, recipient) : answerTo(mail);
  log.info({ session, inboundId: mail.id, mailId: answered.id, answer: done }, 'mail came in');
  return done;
}

/** What is answered where the same mail comes again. */
function answerTo({ status, why }: Inbound): Answer {
  if (status === 'refused') return { code: 554, sentence: why ?? '5.6.0 This mail is not accepted.' };
  return status === 'quarantined' ? QUARANTINED : status === 'ignored' ? ENDED : TAKEN;
}

/**
 * Settles mails that were stored and, as the process ended, not read: the mail server in front sends them again only where it
 * got no answer. Those of the last minutes may still be under way. What fails for one holds up none behind it.
 */
export async function takeLeft(taking: Taking): Promise<void> {
  const { db, log, now } = taking;
  for (const left of await listUnread(db, now() - UNDER_WAY_MS, LEFT_AT_ONCE)) {
    await takeOneLeft(taking, left).catch((err: unknown) => {
      log.error({ err, inboundId: left.mail.id }, 'a mail that was left could not be read');
    });
  }
}

async function takeOneLeft(taking: Taking, { mail, raw }: Pick<Stored, 'mail' | 'raw'>): Promise<void> {
  const { db, secret, domain, now } = taking;
  const answered = await findMail(db, mail.mailId);
  const to = answered ? addressOf({ secret, domain }, mail.purpose, answered) : '';
  const recipient = await gatherRecipient(taking, to, now());
  if (!isRefusal(recipient)) await settle(taking, { mail, raw, to }, recipient);
  // What is refused for now alone is looked at again later.
  else if (recipient.code >= 500) await move(taking, mail, 'refuse', { why: recipient.sentence });
}

async function settle(taking: Taking, stored: Stored, recipient: Recipient): Promise<Answer> {
  const message = await readMessage(stored.raw).catch(() => null);
  const reply = message?.status ? bounceReply(message.status) : null;
  if (reply !== null && (recipient.purpose === 'bounce' || stored.mail.envelopeFrom === '')) {
    return note(taking, stored.mail, recipient, reply);
  }
  if (recipient.purpose === 'bounce') {
    await move(taking, stored.mail, 'ignore', { why: 'It came to the address for bounces, but does not report one.' });
    return ENDED;
  }
  if (message === null) {
    const why = 'It cannot be read as a mail.';
    return quarantine(taking, stored.mail, recipient, { from: '', why });
  }
  const verdict = await judgeOf(taking, stored, recipient, message);
  const said = { from: (message.from[0] ?? '').slice(0, 254), subject: message.subject, files: message.files.length };
  switch (verdict.is) {
    case 'ignore':
      await move(taking, stored.mail, 'ignore', { ...said, why: verdict.why });
      return ENDED;
    case 'refuse':
      await move(taking, stored.mail, 'refuse', { ...said, why: verdict.refusal.sentence });
      return verdict.refusal;
    case 'quarantine': {
      const { text: body, quoted, why } = verdict;
      return quarantine(taking, stored.mail, recipient, { ...said, body, quoted, why });
    }
    case 'file': {
      const { text: body, quoted } = verdict;
      const kept = await keepAttached(taking, recipient.request, message.files, taking.now());
      const filedAs = keyOf(stored, recipient, message);
      return fileOrDrop(taking, stored.mail, recipient, { ...said, body, quoted, filedAs, kept });
    }
  }
}

async function judgeOf(
  taking: Taking,
  { mail, raw, to }: Stored,
  recipient: ReplyTo,
  message: Message,
): Promise<Verdict> {
  const { person, isLimited } = recipient;
  const key = /^<([^@<>]+)@[^@<>]+>$/.exec(message.messageId)?.[1] ?? '';
  const isOurs = key !== '' && (await findKnownKey(taking.db, key));
  const { envelopeFrom } = mail;
  return judge(
    { message, envelopeFrom, to, writer: person.email, isOurs, isLimited },
    {
      authservId: taking.authservId,
      isSignedBy: (domain) =>
        isSignedBy(taking.dns, raw, domain).catch((err: unknown) => {
          taking.log.warn({ err, inboundId: mail.id }, 'a signature could not be looked at');
          return false;
        }),
    },
  );
}

/** The same mail of the same person about the same request, over whichever way it came. */
function keyOf({ raw }: Stored, { person, request }: ReplyTo, { messageId }: Message): string {
  const what = messageId === '' ? raw : Buffer.from(messageId);
  return createHash('sha256').update(`${request.id} ${person.id} `).update(what).digest('hex');
}

/** What is known of a mail once it is read. */
type Said = Omit<Change, 'body' | 'filedAs' | 'eventId' | 'leftOut'> & {
  readonly body: string;
  readonly filedAs: string;
  readonly kept: KeptFiles;
};

/** What became of a mail, and whether its files are attached. */
type Filed = { readonly answer: Answer; readonly isAttached: boolean };

/** Files a mail; where it is not filed after all, nothing of its files is left. */
async function fileOrDrop(taking: Taking, mail: Inbound, recipient: ReplyTo, said: Said): Promise<Answer> {
  const filed = await file(taking, mail, recipient, said).catch((error: unknown) =>
    dropUnlessAway(taking, said.kept, error),
  );
  if (!filed.isAttached) await dropAttached(taking, said.kept);
  return filed.answer;
}

/** Files a mail as its person's answer, or comment: their act, with all that a page would do. */
async function file(taking: Taking, mail: Inbound, recipient: ReplyTo, said: Said): Promise<Filed> {
  const { person, request, isAnswer } = recipient;
  const { body, filedAs, kept, ...rest } = said;
  const { files, leftOut } = kept;
  const actor = { person, at: taking.now() };
  const not = (answer: Answer): Filed => ({ answer, isAttached: false });
  const filed = await act<Filed, TransitionProblem, Customer>(taking.db, actor, async (act) => {
    const now = await lockInbound(act.trx, mail.id);
    if (now?.status !== 'received') return not(now ? answerTo(now) : TAKEN);
    if (await findFiled(act.trx, filedAs)) {
      await moveInbound(act.trx, mail.id, 'ignore', { ...rest, why: 'The same mail has already been filed.' });
      return not(TAKEN);
    }
    const text = { text: body, files };
    const eventId = isAnswer ? (await answer(act, request.id, text)).eventId : await comment(act, request.id, text);
    await moveInbound(act.trx, mail.id, 'file', { ...rest, leftOut, filedAs, eventId });
    return { answer: TAKEN, isAttached: true };
  });
  if (filed.ok) return filed.value;
  // The question was answered meanwhile; what was written is still worth reading.
  if (isAnswer) return file(taking, mail, { ...recipient, isAnswer: false }, said);
  const sentence = `5.7.1 ${reference(request.id)} no longer accepts mail. Open its page instead.`;
  await move(taking, mail, 'refuse', { ...rest, why: sentence });
  return not({ code: 550, sentence });
}

/** Keeps that a mail of ours came back. */
async function note({ db, now }: Taking, { id }: Inbound, { mail }: Recipient, reply: string): Promise<Answer> {
  await act<void, never>(db, { person: null, at: now() }, async (act) => {
    if (await moveInbound(act.trx, id, 'note', { why: reply })) await recordBounce(act, mail, reply);
  });
  return TAKEN;
}

async function move({ db, now }: Taking, { id }: Inbound, step: InboundTransition, change: Change): Promise<void> {
  await act<boolean, never>(db, { person: null, at: now() }, ({ trx }) => moveInbound(trx, id, step, change));
}

async function quarantine(
  { db, log, now }: Taking,
  { id }: Inbound,
  { request }: ReplyTo,
  change: Change & { readonly from: string; readonly why: string },
): Promise<Answer> {
  const { from, why } = change;
  await act<void, never>(db, { person: null, at: now() }, async (act) => {
    if (!(await moveInbound(act.trx, id, 'quarantine', change))) return;
    const facts = { from: from === '' ? 'nobody' : from, why };
    await record(act, transitionEvent('request.mailQuarantined', request, null, facts));
  });
  log.warn({ inboundId: id, why }, 'mail quarantined');
  return QUARANTINED;
}
