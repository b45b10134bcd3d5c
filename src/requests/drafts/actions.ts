import type { Actor, Person } from '../../accounts/person.ts';
import { listPeopleOfAccount } from '../../accounts/store.ts';
import { act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Typed } from '../../form.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Result } from '../../result.ts';
import type { Kind } from '../request.ts';
import { putDraft } from './store.ts';

/** Whom somebody can hand a request to: colleagues who may commit the account to its cost (S-11); nobody where everybody may. */
export async function listPayers(db: Db, person: Person, policy: Policy): Promise<Person[]> {
  const roles = policy.mayCommitToCost.value;
  if (roles === null) return [];
  const colleagues = person.accountId === null ? [] : await listPeopleOfAccount(db, person.accountId);
  return colleagues.filter(
    ({ id, accountRole }) => id !== person.id && accountRole !== null && roles.includes(accountRole),
  );
}

export type HandedOver = {
  readonly kind: Kind;
  readonly formToken: string;
  readonly typed: Typed;
  readonly to: number;
};

/** Keeps a prepared request for a colleague who may commit to its cost, and mails them where it is (S-11). */
export function handOver(
  db: Db,
  actor: Actor & { readonly person: Person },
  policy: Policy,
  { kind, formToken, typed, to }: HandedOver,
): Promise<Result<number, 'nobody'>> {
  return act<number, 'nobody'>(db, actor, async (act) => {
    const { person, at } = actor;
    const payer = (await listPayers(act.trx, person, policy)).find(({ id }) => id === to);
    if (!payer || person.accountId === null) return act.refuse('nobody');
    const draft = { accountId: person.accountId, kind, formToken, typed, madeBy: person.id, handedTo: payer.id, at };
    const id = (await putDraft(act.trx, draft)) ?? act.refuse('nobody');
    const eventId = await record(act, {
      name: 'request.handedOver',
      subject: { type: 'account', id: person.accountId },
      accountId: person.accountId,
      facts: { to: payer.name },
    });
    const facts = { by: person.name, kind, path: `/requests/drafts/${id}` };
    const { email, name, timeZone } = payer;
    const reader = { id: payer.id, email, name, timeZone };
    await queueMail(act, [{ eventId, to: reader, template: 'draft-handed-over', facts, thread: null }]);
    return id;
  });
}
