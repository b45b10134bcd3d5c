// Who is mailed when an IP is assigned to a subuser or taken from it: one mail for each person concerned.
import { listPeopleOfAccount } from '../../accounts/store.ts';
import type { Act } from '../../act.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { AssignedFacts } from './mail.ts';

/** Mails the admins of a subuser. */
export async function tellSubuser(
  act: Act,
  subuserId: number,
  template: 'ip-assigned' | 'ip-taken',
  { eventId, facts }: { readonly eventId: number; readonly facts: AssignedFacts },
): Promise<void> {
  const admins = (await listPeopleOfAccount(act.trx, subuserId)).filter(({ accountRole }) => accountRole === 'admin');
  await queueMail(
    act,
    admins.map(({ id, email, name, timeZone }) => ({
      ...{ eventId, template, to: { id, email, name, timeZone }, facts, thread: null },
    })),
  );
}

/** Mails the admins and billing contacts of the account that has an IP who may send over it now. */
export async function tellOwners(
  act: Act,
  account: { readonly id: number; readonly name: string },
  change: {
    readonly eventId: number;
    readonly address: string;
    readonly added: readonly string[];
    readonly removed: readonly string[];
    /** null: as before. */
    readonly ownerSends: boolean | null;
  },
): Promise<void> {
  const { eventId, address, added, removed, ownerSends } = change;
  const payers = (await listPeopleOfAccount(act.trx, account.id)).filter(({ accountRole }) => accountRole !== 'member');
  const by = act.actor.person?.name ?? 'Warmdesk';
  const facts = { account: account.name, address, added: [...added], removed: [...removed], ownerSends, by };
  await queueMail(
    act,
    payers.map(({ id, email, name, timeZone }) => ({
      ...{
        eventId,
        template: 'ip-assignment-changed' as const,
        to: { id, email, name, timeZone },
        facts,
        thread: null,
      },
    })),
  );
}
