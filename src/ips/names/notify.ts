// Who is mailed about the host name of an IP: the account's admins, and the staff whose turn it is.
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { listPeopleOfAccount, listStaff } from '../../accounts/store.ts';
import type { Act } from '../../act.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { NameLook } from './names.ts';
import type { Link, NamedIp } from './store.ts';
import { wrongIn } from './wording.ts';

type Told = { readonly ip: NamedIp; readonly link: Link; readonly eventId: number };

const toOf = ({ id, email, name, timeZone }: Person) => ({ id, email, name, timeZone });

/** Mails the account's admins that a name is linked, or is not confirmed any more. */
export async function tellHolders(
  act: Act,
  { ip: { id: ipId, address }, link, eventId }: Told,
  { mail, look }: { readonly mail: 'ip-linked' | 'ip-link-broken'; readonly look: NameLook },
): Promise<void> {
  const people = await listPeopleOfAccount(act.trx, link.accountId);
  const admins = people.filter(({ accountRole, id }) => accountRole === 'admin' && id !== act.actor.person?.id);
  const { account, name } = link;
  const facts = { account, address, name, path: `/ips/${ipId}/name` };
  await queueMail(
    act,
    admins.map((person) =>
      mail === 'ip-linked'
        ? { eventId, to: toOf(person), template: mail, facts, thread: null }
        : {
            ...{ eventId, to: toOf(person), template: mail, thread: null },
            facts: { ...facts, wrong: wrongIn(look, { name, address }) },
          },
    ),
  );
}

/** Mails the staff who look after the inventory that a PTR record is theirs to set; nobody of the account itself. */
export async function tellStock(act: Act, { ip: { id: ipId, address }, link, eventId }: Told): Promise<void> {
  const staff = (await listStaff(act.trx)).filter(
    (one) => can(one, 'manage inventory') && one.accountId !== link.accountId,
  );
  const { account, name } = link;
  const facts = { account, address, name, path: `/customers/${link.accountId}/ips/${ipId}/name` };
  await queueMail(
    act,
    staff.map((person) => ({
      ...{ eventId, to: toOf(person), template: 'ip-ptr-wanted' as const, facts, thread: null },
    })),
  );
}
