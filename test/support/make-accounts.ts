// Accounts with people, domains and counts; staff; free IPs. For make.ts.

import { randomUUID } from 'node:crypto';
import { addPerson, openAccount } from '../../src/accounts/actions.ts';
import { invitationToken } from '../../src/accounts/invitations/token.ts';
import { hashPassword } from '../../src/accounts/password.ts';
import { invite } from '../../src/accounts/people/actions.ts';
import type { AccountRole, Actor, Person, StaffRole } from '../../src/accounts/person.ts';
import { actIn } from '../../src/act.ts';
import type { Db } from '../../src/database.ts';
import { dayOf, weekStart } from '../../src/day.ts';
import { addDomain, recordDnsCheck } from '../../src/domains/actions.ts';
import type { Domain } from '../../src/domains/domain.ts';
import { addIps } from '../../src/ips/actions.ts';
import type { Region, Stream } from '../../src/policy/checks/facts.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { createSubuser } from '../../src/subusers/actions.ts';
import { PASSWORD, type World } from './world.ts';

let hash: Promise<string> | undefined;
const numbers = new WeakMap<World, number>();

/** 1, 2, 3 … in each world: for names and addresses that must differ. */
function next(world: World): number {
  const number = (numbers.get(world) ?? 0) + 1;
  numbers.set(world, number);
  return number;
}

const itself = (world: World): Actor => ({ person: null, at: world.now });

type Who = {
  readonly email: string;
  readonly name?: string;
  readonly accountId?: number;
  readonly accountRole?: AccountRole;
  readonly staffRole?: StaffRole;
};

/** Somebody who can sign in with the tests' password (hashed once for all of them). */
export async function person(world: World, who: Who, db: Db = world.db): Promise<Person> {
  hash ??= hashPassword(PASSWORD, world.deps.passwordMemory);
  const passwordHash = await hash;
  const empty = { name: who.email.split('@')[0] ?? '', accountId: null, accountRole: null, staffRole: null };
  return addPerson(actIn(db, itself(world)), { ...empty, timeZone: 'UTC', ...who, passwordHash });
}

export type Sending = {
  readonly usage?: Stream;
  /** Mails in each of the last twelve complete weeks, exactly; null: never measured. */
  readonly weekly?: number | null;
  /** Shares of what was sent. */
  readonly bounced?: number;
  readonly complained?: number;
  readonly dns?: boolean;
};

/** A domain of an account with its DNS found and twelve complete weeks of counts. */
export function domain(world: World, accountId: number, name: string, sending: Sending = {}): Promise<Domain> {
  return world.db.transaction((trx) => domainIn(trx, world, accountId, name, sending));
}

async function domainIn(trx: Db, world: World, accountId: number, name: string, sending: Sending): Promise<Domain> {
  const { usage = 'both', dns = true } = sending;
  const added = await addDomain(actIn(trx, itself(world)), { accountId, name, usage });
  const found = { spf: dns, dkim: dns, dmarc: dns };
  await recordDnsCheck(actIn(trx, itself(world)), added, found);
  if (sending.weekly !== null) await countIn(trx, world, added.id, sending);
  return { ...added, ...found, checkedAt: world.now };
}

/** Replaces the counts of a domain's last twelve complete weeks, or gives it its first. */
export function counts(world: World, domainId: number, sending: Sending): Promise<void> {
  return world.db.transaction((trx) => countIn(trx, world, domainId, sending));
}

async function countIn(trx: Db, world: World, domainId: number, sending: Sending): Promise<void> {
  const { weekly, bounced = 0.01, complained = 0.0002 } = sending;
  const monday = weekStart(dayOf(world.now));
  const days = Array.from({ length: 84 }, (_, index) => monday - 84 + index);
  const perDay = (index: number) => Math.floor(((weekly ?? 60_000) + 6 - (index % 7)) / 7);
  const rows = days.map((day, index) => {
    const sent = perDay(index);
    return plainCount({ day, sent, bounced: Math.floor(sent * bounced), complained: Math.floor(sent * complained) });
  });
  await recordCounts(actIn(trx, itself(world)), domainId, rows);
}

export type Account = {
  readonly id: number;
  readonly name: string;
  readonly admin: Person;
  readonly billing: Person;
  readonly member: Person;
  readonly domains: readonly Domain[];
};

type AccountWish = {
  readonly name?: string;
  readonly plan?: string;
  readonly region?: Region | null;
  /** Mails a week over both of its domains together, exactly; null: never measured. */
  readonly weekly?: number | null;
} & Omit<Sending, 'weekly'>;

/** An account on Premium with an admin, a billing contact and a member, which sends 180,000 a week over two domains. */
export function account(world: World, wish: AccountWish = {}): Promise<Account> {
  const number = next(world);
  const { name = number === 1 ? 'Acme' : `Customer ${number}`, plan = 'premium', region = null } = wish;
  const { weekly = 180_000, ...sending } = wish;
  const host = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example`;
  const first = weekly === null ? null : Math.ceil(weekly / 3);
  return world.db.transaction(async (trx) => {
    const id = await openAccount(actIn(trx, itself(world)), { name, plan, region });
    const of = (accountRole: AccountRole) =>
      person(
        world,
        { email: `${accountRole}@${host}`, name: `${name} ${accountRole}`, accountId: id, accountRole },
        trx,
      );
    const one = (label: string, mails: number | null) =>
      domainIn(trx, world, id, `${label}.${host}`, { ...sending, weekly: mails });
    return {
      id,
      name,
      admin: await of('admin'),
      billing: await of('billing'),
      member: await of('member'),
      domains: [await one('news', first), await one('shop', weekly === null ? null : weekly - Number(first))],
    };
  });
}

type SubuserWish = {
  readonly name?: string;
  readonly region?: Region;
  /** IPs of its parent that it may send over at once. */
  readonly allocationIds?: readonly number[];
  /** How many domains it has; each sends 60,000 a week. */
  readonly domains?: number;
};

/** A subuser of an account, created by its admin, with an admin, a billing contact and a member of its own. */
export async function subuser(world: World, parent: Account, wish: SubuserWish = {}): Promise<Account> {
  const { name = `Subuser ${next(world)}`, region = 'us', allocationIds = [], domains: count = 1 } = wish;
  const host = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example`;
  const invited = { email: `first@${host}`, person: `${name} first`, secret: world.deps.sessionSecret };
  const creation = { name, region, allocationIds, parentId: parent.id, ...invited };
  const done = await createSubuser(world.db, { person: parent.admin, at: world.now }, creation);
  if (!done.ok) throw new Error(`no subuser: ${done.problem}`);
  const id = done.value;
  const of = (accountRole: AccountRole) =>
    person(world, { email: `${accountRole}@${host}`, name: `${name} ${accountRole}`, accountId: id, accountRole });
  const domains: Domain[] = [];
  for (let index = 0; index < count; index += 1) domains.push(await domain(world, id, `d${index}.${host}`));
  return { id, name, admin: await of('admin'), billing: await of('billing'), member: await of('member'), domains };
}

export type Staff = { readonly reviewer: Person; readonly reviewer2: Person; readonly admin: Person };
const staffs = new WeakMap<World, Promise<Staff>>();

/** The provider's two reviewers and its admin: the same people each time it is asked for in one world. */
export function staff(world: World): Promise<Staff> {
  const known = staffs.get(world) ?? makeStaff(world);
  staffs.set(world, known);
  return known;
}

async function makeStaff(world: World): Promise<Staff> {
  const of = (name: string, staffRole: StaffRole) =>
    person(world, { email: `${name}@warmdesk.example`, name: `Staff ${name}`, staffRole });
  return {
    reviewer: await of('reviewer', 'reviewer'),
    reviewer2: await of('reviewer2', 'reviewer'),
    admin: await of('admin', 'admin'),
  };
}

/** Somebody of the staff who belongs to a customer's account, too: R-05 keeps its requests from them. */
export const insider = (world: World, accountId: number, staffRole: StaffRole = 'reviewer'): Promise<Person> =>
  person(world, { email: `insider${accountId}@warmdesk.example`, accountId, accountRole: 'member', staffRole });

/** Invites somebody to an account as a member. Returns the token of the link that they are mailed. */
export async function invitation(
  world: World,
  email: string,
  { id, name }: Pick<Account, 'id' | 'name'>,
): Promise<string> {
  const team = { kind: 'account', id, name } as const;
  const { sessionSecret: secret } = world.deps;
  const done = await invite(world.db, itself(world), team, { email, name: email, role: 'member', secret });
  if (!done.ok) throw new Error(`not invited: ${done.problem}`);
  return tokenOf(world, email);
}

/** The token of the newest invitation that waits for somebody in the outbox. */
export async function tokenOf(world: World, email: string): Promise<string> {
  const mail = { template: 'invitation', to_address: email };
  const { facts } = await world.db('outbox').where(mail).orderBy('id', 'desc').first();
  return invitationToken(world.deps.sessionSecret, JSON.parse(facts).seed);
}

/** A row of a draft that the account's member handed to its admin. */
export const draftRow = ({ id, member, admin }: Account) => ({
  ...{ account_id: id, kind: 'dedicated_ip', form_token: formToken(), typed: '{}', made_at: 0 },
  ...{ made_by: member.id, handed_to: admin.id },
});

/** Adds free IPs to a region of the inventory. Returns their addresses. */
export async function ips(world: World, region: Region, count: number): Promise<string[]> {
  if (count === 0) return [];
  const addresses = Array.from({ length: count }, () => {
    const number = next(world);
    return `198.18.${number >> 8}.${number & 255}`;
  });
  return world.db.transaction((trx) => addIps(actIn(trx, itself(world)), addresses, region));
}

/** A form's token. */
export const formToken = (): string => randomUUID();
