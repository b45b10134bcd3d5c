// Queued mails and their sender, for tests.
import type { ExecutionContext } from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import { act } from '../../src/act.ts';
import { record } from '../../src/audit/actions.ts';
import type { Db } from '../../src/database.ts';
import { addressesOf, mailSettings } from '../../src/mail.ts';
import { queueMail } from '../../src/notifications/actions.ts';
import { MAIL_MS } from '../../src/notifications/background.ts';
import type { Delivery } from '../../src/notifications/delivery.ts';
import type { Mail, Recipient } from '../../src/notifications/mail.ts';
import { createTransport } from '../../src/notifications/transport.ts';
import { sampleFacts } from './sample-mails.ts';
import type { World } from './world.ts';

const MAIL_FROM = 'Warmdesk <desk@warmdesk.example>';

/** Sends this world's mails to `server`, which may keep silent for `silenceMs` only. */
export function deliveryTo(
  t: ExecutionContext,
  world: World,
  server: { url: string | null },
  silenceMs = 10_000,
): Delivery {
  const patience = { connectMs: 20_000, greetMs: 20_000, silenceMs };
  const transport = createTransport({ smtpUrl: server.url, mailFrom: MAIL_FROM }, patience);
  t.teardown(() => transport.close());
  const { db, log, now } = world.deps;
  const { deps } = world;
  return {
    db,
    log,
    now,
    transport,
    mailFrom: MAIL_FROM,
    mailMs: MAIL_MS,
    render: mailSettings(deps),
    addresses: addressesOf(deps),
  };
}

/** A person of staff. `email` is stored as it is, so that a test can have one that no form would take. */
export async function addReader(db: Db, email: string, name = email, timeZone = 'UTC'): Promise<Recipient> {
  const row = { email, name, time_zone: timeZone, staff_role: 'reviewer', password_hash: '-', created_at: 0 };
  const [{ id }] = await db('people').insert(row).returning('id');
  return { id, email, name, timeZone };
}

/** One event with a mail about it to each reader. */
export async function queue(world: World, readers: readonly Recipient[], mail: Partial<Mail> = {}): Promise<number> {
  const actor = { person: null as Person | null, at: world.now };
  const done = await act<number, never>(world.db, actor, async (act) => {
    const eventId = await record(act, {
      name: 'person.profileChanged',
      subject: { type: 'person', id: readers[0]?.id ?? 0 },
      accountId: null,
      facts: { before: {}, after: {} },
    });
    const sample = {
      template: 'request-second-review',
      facts: sampleFacts['request-second-review'],
      thread: 'WD-1042',
    };
    const mails = readers.map((to) => ({ ...sample, ...mail, eventId, to }) as Mail);
    await queueMail(act, mails);
    return eventId;
  });
  if (!done.ok) throw new Error('not queued');
  return done.value;
}

/** The rows of the outbox, oldest first. */
export const outbox = (db: Db): Promise<Record<string, unknown>[]> => db('outbox').orderBy('id');
