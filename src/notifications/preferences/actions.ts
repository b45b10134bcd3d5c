// Somebody chooses which optional mails they get. One act, one transaction.
import type { Actor, Person } from '../../accounts/person.ts';
import { act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, lockSubject } from '../../database.ts';
import { CHOICE_WORDS, EVENTS, type EventKey, eventKeys } from './events.ts';
import { type Chosen, findChosen, giveUpWaiting, putChoice } from './store.ts';

/** Whose mails, and whether somebody followed a link in one of them instead of signing in. */
export type Choosing = { readonly of: Pick<Person, 'id' | 'accountId'>; readonly byLink?: true };

/** Keeps what somebody chose; kinds of mail that `after` leaves out stay as they were. Records what changed, if anything did. */
export async function chooseMails(db: Db, actor: Actor, { of, byLink }: Choosing, after: Chosen): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    await lockSubject(act.trx, 'mail-preferences', of.id);
    const before = await findChosen(act.trx, of.id);
    const was = (key: EventKey) => before[key] ?? 'now';
    const changed = eventKeys.flatMap((key) => {
      const choice = after[key];
      return choice === undefined || choice === was(key) ? [] : [{ key, choice }];
    });
    if (changed.length === 0) return;
    for (const { key: event, choice } of changed) {
      await putChoice(act.trx, of.id, { event, choice }, act.actor.at);
      // What waits is still told where somebody wants such mails at once from now on.
      if (choice === 'off') await giveUpWaiting(act.trx, of.id, EVENTS[event].templates);
    }
    const inWords = (choiceOf: (one: (typeof changed)[number]) => string) =>
      Object.fromEntries(changed.map((one) => [EVENTS[one.key].label, choiceOf(one)]));
    await record(act, {
      name: 'person.mailsChosen',
      subject: { type: 'person', id: of.id },
      accountId: of.accountId,
      facts: {
        before: inWords(({ key }) => CHOICE_WORDS[was(key)]),
        after: inWords(({ choice }) => CHOICE_WORDS[choice]),
        ...(byLink ? { byLink } : {}),
      },
    });
  });
}

/** Stops one kind of optional mail; `summary`: all that come in the daily summary, and so the summary itself. */
export async function stopMails(db: Db, actor: Actor, choosing: Choosing, what: EventKey | 'summary'): Promise<void> {
  if (what !== 'summary') return chooseMails(db, actor, choosing, { [what]: 'off' });
  const chosen = await findChosen(db, choosing.of.id);
  const gathered = eventKeys.filter((key) => chosen[key] === 'digest');
  await chooseMails(db, actor, choosing, Object.fromEntries(gathered.map((key) => [key, 'off'])));
}
