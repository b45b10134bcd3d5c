// Who is notified when mail goes over an account's pools in another way: one mail for each person concerned.
import { type Account, listPeopleOfAccount } from '../accounts/store.ts';
import type { Act } from '../act.ts';
import { queueMail } from '../notifications/actions.ts';
import type { MailFacts } from '../notifications/mail.ts';

type Told = Pick<MailFacts['own-pool-changed'], 'what' | 'pool' | 'to'> & {
  readonly ips: readonly { readonly address: string; readonly weight: number }[];
  readonly domains: readonly string[];
  readonly eventId: number;
};

/** Mails the admins and billing contacts of the account. */
export async function notifyOfPool(act: Act, account: Pick<Account, 'id' | 'name'>, told: Told): Promise<void> {
  const { what, pool, to: over, eventId } = told;
  const payers = (await listPeopleOfAccount(act.trx, account.id)).filter(({ accountRole }) => accountRole !== 'member');
  const ips = told.ips.map(({ address, weight }) => ({ address, weight }));
  const by = act.actor.person?.name ?? 'Warmdesk';
  const facts = { account: account.name, what, pool, ips, domains: [...told.domains], to: over, by };
  await queueMail(
    act,
    payers.map(({ id, email, name, timeZone }) => ({
      ...{ eventId, template: 'own-pool-changed' as const, to: { id, email, name, timeZone }, facts, thread: null },
    })),
  );
}
