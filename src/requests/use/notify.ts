// Who is notified when other domains use an IP: one mail for each person concerned.
import { type Account, listPeopleOfAccount } from '../../accounts/store.ts';
import type { Act } from '../../act.ts';
import type { Allocation } from '../../ips/allocation.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { concerned } from '../../warmup/notify.ts';
import { findOriginOf } from '../../warmup/store.ts';

type Told = {
  readonly allocation: Allocation;
  readonly eventId: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Which of their mail it carries from now on; null: as before. */
  readonly stream: Stream | null;
  readonly reason: string;
  /** Whether no domain uses the IP now. */
  readonly isUnused: boolean;
};

export async function notifyUse(act: Act, account: Account, told: Told): Promise<void> {
  const { allocation, eventId, stream, reason, isUnused } = told;
  const { id: allocationId, requestId, address } = allocation;
  const { requesterId, reference } = await findOriginOf(act.trx, { allocationId, requestId });
  const { person } = act.actor;
  const by = person?.accountId === account.id ? person.name : null;
  const people = (await listPeopleOfAccount(act.trx, account.id)).filter(concerned(requesterId));
  const changed = { added: [...told.added], removed: [...told.removed] };
  await queueMail(
    act,
    people.map(({ id, email, name, timeZone }) => ({
      ...{ eventId, template: 'ip-use-changed' as const, to: { id, email, name, timeZone }, thread: reference },
      facts: { reference, account: account.name, address, by, reason, isUnused, stream, ...changed },
    })),
  );
}
