// Who is notified of a release: one mail for each person concerned.
import { type Account, listPeopleOfAccount } from '../accounts/store.ts';
import type { Act } from '../act.ts';
import { listFirstDays } from '../charges/store-wanted.ts';
import type { Day } from '../day.ts';
import type { Allocation } from '../ips/allocation.ts';
import { allocationTransitions } from '../ips/lifecycle.ts';
import { queueMail } from '../notifications/actions.ts';
import { concerned } from '../warmup/notify.ts';
import { findOriginOf } from '../warmup/store.ts';
import type { ReleaseEffects } from './effects.ts';
import type { IpFacts } from './mail.ts';
import { movesIn } from './wording.ts';

type Told = { readonly effects: ReleaseEffects; readonly eventId: number; readonly reason: string };

/** Mails that an IP was given back to the person who asked for it and the account's admins and billing contacts. */
export async function notifyRelease(act: Act, account: Account, { effects, eventId, reason }: Told): Promise<void> {
  const [first] = effects.given;
  if (first === undefined) return;
  const { allocation } = first;
  const { person } = act.actor;
  const { people, thread, facts } = await toWhom(act, account, allocation, effects.lastDay);
  await queueMail(
    act,
    people.map((to) => ({
      ...{ eventId, template: allocationTransitions.release.mail, to, thread },
      facts: {
        ...facts,
        moves: movesIn(effects.moves),
        cheaper: effects.cheaper.map((one) => one.allocation.address),
        lastDay: effects.lastDay,
        drainsUntil: effects.drainsUntil,
        endsWarmup: first.warmup !== null && first.warmup.status !== 'complete' && first.warmup.status !== 'ended',
        by: person?.accountId === account.id ? person.name : null,
        reason,
      },
    })),
  );
}

/** Mails that the release of an IP is over. Nobody of a closed account gets it. */
export async function notifyReleased(
  act: Act,
  account: Account,
  { allocation, eventId }: { readonly allocation: Allocation; readonly eventId: number },
): Promise<void> {
  if (account.status === 'closed') return;
  const lastDay = allocation.releasedOn ?? 0;
  const { people, thread, facts } = await toWhom(act, account, allocation, lastDay);
  const template = allocationTransitions.finish.mail;
  await queueMail(
    act,
    people.map((to) => ({ eventId, template, to, thread, facts: { ...facts, lastDay } })),
  );
}

async function toWhom({ trx }: Act, account: Account, allocation: Allocation, lastDay: Day) {
  const { id: allocationId, requestId, address, monthlyCents, currency } = allocation;
  const { requesterId, reference } = await findOriginOf(trx, { allocationId, requestId });
  const all = (await listPeopleOfAccount(trx, account.id)).filter(concerned(requesterId));
  const first = (await listFirstDays(trx, [allocationId])).get(allocationId) ?? lastDay;
  const neverCharged = monthlyCents > 0 && first > lastDay;
  const facts: IpFacts = { reference, account: account.name, address, monthlyCents, currency, neverCharged };
  const people = all.map(({ id, email, name, timeZone }) => ({ id, email, name, timeZone }));
  return { people, thread: reference, facts };
}
