// What an administrator sets on pages: one act, one transaction each, recorded without the picture's bytes.
import { createHash } from 'node:crypto';
import type { Actor, Person } from '../accounts/person.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Calendar } from '../calendar/calendar.ts';
import { findCalendar } from '../calendar/store.ts';
import { workingHoursInWords } from '../calendar/wording.ts';
import type { Db } from '../database.ts';
import { lockSubject } from '../database.ts';
import { lookAtAll } from '../domains/records/actions.ts';
import type { RecordSetting } from '../domains/records/setting.ts';
import { queueMail } from '../notifications/actions.ts';
import { adoptPolicy } from '../policy/actions.ts';
import type { Policy } from '../policy/document/policy.ts';
import type { ChatSetting } from '../requests/chat/chat.ts';
import { moveClocks } from '../requests/clock/transition.ts';
import type { ProviderSetting } from './provider.ts';
import { findSetting, putSetting, type Settings } from './store.ts';

type Administrator = Actor & { readonly person: Person };

const SUBJECT = { type: 'settings', id: 1 } as const;

async function keep<Name extends keyof Settings>(act: Act, name: Name, value: Settings[Name], what: string) {
  await putSetting(act.trx, name, value, act.actor.at);
  await record(act, { name: 'settings.changed', subject: SUBJECT, accountId: null, facts: { what } });
}

/** Sets the provider's name and colour. */
export async function setProvider(db: Db, actor: Administrator, after: ProviderSetting): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    const { name, colour } = after;
    await keep(
      act,
      'provider',
      { name, colour },
      `the provider’s name to ${name}, its colour to ${colour ?? 'the usual one'}`,
    );
  });
}

/** Sets the provider's logo; null takes it away. */
export async function setLogo(
  db: Db,
  actor: Administrator,
  logo: { readonly type: string; readonly bytes: Buffer } | null,
): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    if (logo === null) return keep(act, 'logo', null, 'the logo to none');
    const version = createHash('sha256').update(logo.bytes).digest('hex').slice(0, 12);
    const value = { type: logo.type, data: logo.bytes.toString('base64'), version };
    await keep(act, 'logo', value, `the logo to a picture of ${logo.bytes.length} bytes`);
  });
}

/** Makes a policy the one in force for new requests. Those that are sent keep theirs. */
export async function choosePolicy(
  db: Db,
  actor: Administrator,
  { source, document }: { readonly source: 'shipped' | 'file'; readonly document: Policy },
): Promise<void> {
  await adoptPolicy(db, actor, document);
  await act<void, never>(db, actor, async (act) => {
    await keep(act, 'policy', { source, name: document.name }, `the policy to ${document.title}`);
  });
}

/** Sets what customers publish in DNS. All their domains are looked up again in the course of the next hours. */
export async function setRecords(db: Db, actor: Administrator, records: RecordSetting): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    await keep(act, 'records', records, 'what customers publish in DNS');
    await lookAtAll(act);
  });
}

/** Sets when the desk works. What was left of the time of each open decision stays. */
export async function setHours(db: Db, actor: Administrator, after: Calendar): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    await lockSubject(act.trx, 'settings', 1);
    const before = await findCalendar(act.trx);
    await moveClocks(act, { before, after });
    await keep(act, 'hours', after, `the working hours to ${workingHoursInWords(after) ?? 'every hour'}`);
  });
}

/** Sets where the staff's chat is and what it hears of; null: there is none. Its address is not recorded. */
export async function setChat(db: Db, actor: Administrator, chat: ChatSetting | null): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    await keep(act, 'chat', chat, chat === null ? 'the chat to none' : `the chat to one at ${chat.host}`);
  });
}

/** Passes over a step of the Set up page, or takes it up again. */
export async function skipStep(
  db: Db,
  actor: Administrator,
  { step, isSkipped }: { readonly step: string; readonly isSkipped: boolean },
): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    await lockSubject(act.trx, 'settings', 1);
    const others = ((await findSetting(act.trx, 'skipped')) ?? []).filter((one) => one !== step);
    await putSetting(act.trx, 'skipped', isSkipped ? [...others, step] : others, act.actor.at);
  });
}

/** Queues a mail to the person who asks, to see whether mail arrives. */
export async function sendTestMail(db: Db, actor: Administrator): Promise<void> {
  const { person } = actor;
  await act<void, never>(db, actor, async (act) => {
    const facts = { what: `mail by a test to ${person.email}` };
    const eventId = await record(act, { name: 'settings.tested', subject: SUBJECT, accountId: null, facts });
    const { id, email, name, timeZone } = person;
    const mail = { eventId, template: 'test-mail', facts: { by: name }, thread: null } as const;
    await queueMail(act, [{ ...mail, to: { id, email, name, timeZone } }]);
  });
}
