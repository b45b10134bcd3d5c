// What staff change about a customer, with all that follows from it: one act, one transaction each.

import { holdAccount, setAccount } from '../../accounts/actions.ts';
import type { Actor, Person } from '../../accounts/person.ts';
import { type Account, findAccount, listPeopleOfAccount } from '../../accounts/store.ts';
import { listSubusers } from '../../accounts/subusers/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { noteAccountChange, noteAccountChanges } from '../../domains/actions.ts';
import { repriceIps } from '../../ips/prices/actions.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Mail, MailFacts } from '../../notifications/mail.ts';
import { type Policy, planOf } from '../../policy/document/policy.ts';
import { giveBack } from '../../release/actions.ts';
import type { Result } from '../../result.ts';
import { takeAll } from '../../subusers/transition.ts';
import { transition } from '../transition.ts';
import type { PlanEffects } from './effects.ts';
import { gatherClosingEffects, gatherPlanEffects } from './gather.ts';
import { requote } from './transition.ts';

/** Why nothing was changed. `changed`: somebody else was faster. `own`: nobody decides about their own account. */
export type AccountProblem = 'not-found' | 'changed' | 'own' | 'not-open' | 'same' | OfSubusers;

/**
 * `fixed`: a subuser keeps its region and has its parent's plan. `has-subusers`: they are closed first. `parent-closed`: its
 * parent is reopened first.
 */
type OfSubusers = 'fixed' | 'has-subusers' | 'parent-closed';

export type AccountChange = Pick<Account, 'name' | 'plan' | 'region'> & { readonly version: number };

/** Staff who look after customers. */
type Manager = Actor & { readonly person: Person };
type Outcome = Promise<Result<void, AccountProblem>>;
/** The account as the actor saw it, and the reason where one is needed. */
export type Decision = { readonly id: number; readonly version: number; readonly reason: string };

/** Changes name, plan and region. Another plan prices open requests again and tells which IPs cost something else, from when. */
export function changeAccount(
  db: Db,
  actor: Manager,
  policy: Policy,
  { id, ...change }: AccountChange & { readonly id: number },
): Outcome {
  return act<void, AccountProblem, Manager>(db, actor, async (act) => {
    const account = await lockFor(act, { id, version: change.version });
    if (account.status === 'closed') return act.refuse('not-open');
    const changes = differences(account, change, policy);
    if (changes.length === 0) return act.refuse('same');
    if (account.parentId !== null && changes.some(({ what }) => what !== 'Name')) return act.refuse('fixed');
    const effects = await gatherPlanEffects(act.trx, { document: policy, at: actor.at }, account, change.plan);
    const { name, plan, region } = change;
    if (!(await setAccount(act.trx, account, { name, plan, region }))) return act.refuse('changed');
    const eventId = await recordChange(act, id, changes);
    if (plan !== account.plan) await planSubusers(act, account, plan, changes);
    await follow(act, effects, planOf(policy, plan)?.name ?? plan);
    if (region !== account.region) await noteAccountChange(act.trx, id, actor.at);
    const prices = effects.prices.map(({ allocation, monthlyCents, fromDay }) => ({
      ...{ address: allocation.address, monthlyCents, fromDay },
    }));
    const facts = { account: name, changes, prices, currency: policy.currency };
    await tellPayers(act, id, { eventId, template: 'account-changed', facts });
  });
}

type Changes = ReturnType<typeof differences>;

function recordChange(act: Act, id: number, changes: Changes): Promise<number> {
  const pairs = (of: 'before' | 'after') => Object.fromEntries(changes.map((one) => [one.what, one[of]]));
  const facts = { before: pairs('before'), after: pairs('after') };
  return record(act, { name: 'account.changed', subject: { type: 'account', id }, accountId: id, facts });
}

/** Subusers are on their parent's plan. */
async function planSubusers(act: Act<AccountProblem>, parent: Account, plan: string, changes: Changes): Promise<void> {
  const ofPlan = changes.filter(({ what }) => what === 'Plan');
  for (const subuser of await listSubusers(act.trx, parent.id)) {
    if (!(await setAccount(act.trx, subuser, { plan }))) return act.refuse('changed');
    await recordChange(act, subuser.id, ofPlan);
  }
}

async function follow(act: Act<AccountProblem>, { prices, requotes }: PlanEffects, plan: string): Promise<void> {
  await repriceIps(act, prices);
  for (const one of requotes) await requote(act, one, plan);
}

function differences(before: Account, after: AccountChange, policy: Policy) {
  const planName = (key: string) => planOf(policy, key)?.name ?? key;
  const all = [
    { what: 'Name', before: before.name, after: after.name },
    { what: 'Plan', before: planName(before.plan), after: planName(after.plan) },
    { what: 'Region', before: before.region?.toUpperCase() ?? 'any', after: after.region?.toUpperCase() ?? 'any' },
  ];
  return all.filter((one) => one.before !== one.after);
}

/** Stops an account's mail and keeps it from getting anything new; it keeps what it has. The reason is for the customer. */
export const suspendAccount = (db: Db, actor: Manager, decision: Decision): Outcome =>
  act<void, AccountProblem, Manager>(db, actor, async (act) => {
    const account = await lockFor(act, decision);
    if (account.status !== 'active') return act.refuse('not-open');
    const eventId = await move(act, account, 'suspended', decision.reason);
    const facts = { account: account.name, reason: decision.reason };
    await tellPayers(act, account.id, { eventId, template: 'account-suspended', facts });
  });

/** Lets a suspended or closed account send and ask again. What a closing ended does not come back. */
export const reopenAccount = (db: Db, actor: Manager, decision: Decision): Outcome =>
  act<void, AccountProblem, Manager>(db, actor, async (act) => {
    const parent = await holdParent(act, decision.id);
    const account = await lockFor(act, decision);
    if (account.status === 'active') return act.refuse('not-open');
    if (parent?.status === 'closed') return act.refuse('parent-closed');
    const eventId = await move(act, account, 'active', decision.reason);
    await tellPayers(act, account.id, { eventId, template: 'account-reopened', facts: { account: account.name } });
  });

/** Closes an account: its IPs are given back as anywhere else, its open requests are withdrawn, its mail is refused, nobody signs in. */
export const closeAccount = (db: Db, actor: Manager, document: Policy, decision: Decision): Outcome =>
  act<void, AccountProblem, Manager>(db, actor, async (act) => {
    const parent = await holdParent(act, decision.id);
    const account = await lockFor(act, decision);
    if (account.status === 'closed') return act.refuse('not-open');
    const subusers = await listSubusers(act.trx, account.id);
    if (subusers.some(({ status }) => status !== 'closed')) return act.refuse('has-subusers');
    const effects = await gatherClosingEffects(act.trx, { document, at: actor.at }, account);
    await giveBack(act, effects.release, decision.reason);
    if (parent !== null) await takeAll(act, parent, account.id);
    for (const request of effects.requests) {
      const notifications = { 'request-withdrawn': { by: actor.person.name } };
      const stepAct = { ...act, refuse: (): never => act.refuse('changed') };
      await transition(stepAct, 'closeAccount', request, { change: { dueAt: null }, facts: {}, notifications });
    }
    const eventId = await move(act, account, 'closed', decision.reason);
    const { lastDay } = effects.release;
    const ips = effects.ips.map(({ address }) => address);
    const facts = { account: account.name, reason: decision.reason, ips, lastDay };
    await tellPayers(act, account.id, { eventId, template: 'account-closed', facts });
  });

const EVENTS = { active: 'account.reopened', suspended: 'account.suspended', closed: 'account.closed' } as const;

async function move(act: Act<AccountProblem>, account: Account, status: Account['status'], reason: string) {
  if (!(await setAccount(act.trx, account, { status }))) return act.refuse('changed');
  // What stops an account stops its subusers as well.
  const subusers = await listSubusers(act.trx, account.id);
  await noteAccountChanges(act.trx, [account.id, ...subusers.map(({ id }) => id)], act.actor.at);
  const subject = { type: 'account', id: account.id } as const;
  const event = { name: EVENTS[status], subject, accountId: account.id, facts: { name: account.name } };
  return record(act, event, reason);
}

/** Locks the parent of a subuser, which is held before it; null: the account has none. */
async function holdParent(act: Act<AccountProblem>, id: number): Promise<Account | null> {
  const parentId = (await findAccount(act.trx, id))?.parentId ?? null;
  return parentId === null ? null : holdAccount(act.trx, parentId);
}

/** Locks the account as the actor saw it. */
async function lockFor(
  act: Act<AccountProblem, Manager>,
  seen: { readonly id: number; readonly version: number },
): Promise<Account> {
  const account = (await holdAccount(act.trx, seen.id)) ?? act.refuse('not-found');
  if (act.actor.person.accountId === account.id) return act.refuse('own');
  return account.version === seen.version ? account : act.refuse('changed');
}

type AccountMailName = 'account-changed' | 'account-suspended' | 'account-reopened' | 'account-closed';

/** Mails the account's admins and billing people. */
async function tellPayers<Name extends AccountMailName>(
  act: Act,
  accountId: number,
  mail: { readonly eventId: number; readonly template: Name; readonly facts: MailFacts[Name] },
): Promise<void> {
  const payers = (await listPeopleOfAccount(act.trx, accountId)).filter(({ accountRole }) => accountRole !== 'member');
  const mails = payers.map(({ id, email, name, timeZone }) => ({
    ...mail,
    to: { id, email, name, timeZone },
    thread: null,
  }));
  // The facts belong to the template by the type of `mail`.
  await queueMail(act, mails as unknown as Mail[]);
}
