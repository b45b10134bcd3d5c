// What becomes of optional mails, inside the transaction in which they are queued.
import type { Act } from '../../act.ts';
import type { Mail } from '../mail.ts';
import { type Choice, eventKeys, eventOf, optionalEvent } from './events.ts';
import { insertWithheld, listChosen, listForSummary, markTold, type Withheld } from './store.ts';

/** Returns the mails that go out at once. Keeps the others: for the next summary, or as not wanted. */
export async function siftMails({ trx, actor }: Act, mails: readonly Mail[]): Promise<readonly Mail[]> {
  const optional = mails.filter(({ template }) => eventOf(template) !== undefined);
  if (optional.length === 0) return mails;
  const events = eventKeys.filter((key) => optional.some(({ template }) => eventOf(template) === key));
  const ids = optional.map(({ to }) => to.id);
  const chosen = await listChosen(trx, ids, events);
  if (chosen.size === 0) return mails;
  const choiceOf = ({ to, template }: Mail): Choice => {
    const event = eventOf(template);
    return (event && chosen.get(to.id)?.[event]) ?? 'now';
  };
  const withheld = mails.flatMap((mail) => {
    const choice = choiceOf(mail);
    const isListed = choice === 'digest' && isInSummary(mail);
    return choice === 'now' || isListed ? [] : [{ ...mail, choice }];
  });
  if (withheld.length > 0) await insertWithheld(trx, withheld, actor.at);
  return mails.filter((mail) => choiceOf(mail) === 'now');
}

function isInSummary({ template }: Mail): boolean {
  const event = eventOf(template);
  return event !== undefined && optionalEvent(event).isListed === true;
}

/** Takes what waits for somebody's next summary, the oldest first: it is in no other. At most `limit`; the rest waits on. */
export async function takeForSummary({ trx, actor }: Act, personId: number, limit: number): Promise<Withheld[]> {
  const waiting = await listForSummary(trx, personId, limit);
  if (waiting.length > 0)
    await markTold(
      trx,
      waiting.map(({ id }) => id),
      actor.at,
    );
  return waiting;
}
