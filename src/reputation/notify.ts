// Who is mailed about an account's reputation: its admins and billing contacts, one mail each.
import { listPeopleOfAccount } from '../accounts/store.ts';
import type { Act } from '../act.ts';
import { queueMail } from '../notifications/actions.ts';
import type { Counts } from '../sending/counts.ts';

type Whose = { readonly accountId: number; readonly account: string; readonly perDay: number };

const PATH = '/sending#reputation';

async function peopleOf({ trx }: Act, accountId: number) {
  const people = await listPeopleOfAccount(trx, accountId);
  return people
    .filter(({ accountRole }) => accountRole === 'admin' || accountRole === 'billing')
    .map(({ id, email, name, timeZone }) => ({ id, email, name, timeZone }));
}

/** Mails that an account's score fell to where it limits what it may send. */
export async function tellLowered(
  act: Act,
  { accountId, account, perDay, score, counts }: Whose & { readonly score: number; readonly counts: Counts },
  eventId: number,
): Promise<void> {
  const { sent, complained, bounced, deferred } = counts;
  const rates = { complaint: complained / sent, bounce: bounced / sent, deferral: deferred / sent };
  const facts = { account, perDay, score, rates, path: PATH };
  const people = await peopleOf(act, accountId);
  await queueMail(
    act,
    people.map((to) => ({ eventId, to, template: 'daily-limit' as const, facts, thread: null })),
  );
}

/** Mails that a day's limit is nearly reached. */
export async function tellNear(
  act: Act,
  { accountId, account, perDay, sent }: Whose & { readonly sent: number },
  eventId: number,
): Promise<void> {
  const facts = { account, perDay, sent, path: PATH };
  const people = await peopleOf(act, accountId);
  await queueMail(
    act,
    people.map((to) => ({ eventId, to, template: 'daily-limit-near' as const, facts, thread: null })),
  );
}
