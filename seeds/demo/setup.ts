// Opens the demo's accounts, with their people and domains, as steps.

import { addPerson, openAccount } from '../../src/accounts/actions.ts';
import type { AccountRole, StaffRole } from '../../src/accounts/person.ts';
import { findAccount } from '../../src/accounts/store.ts';
import { actIn } from '../../src/act.ts';
import { startOfDay } from '../../src/day.ts';
import { addDomain, recordDnsCheck } from '../../src/domains/actions.ts';
import type { Region } from '../../src/policy/checks/facts.ts';
import { planOf } from '../../src/policy/document/policy.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { type Desk, known, type Step } from './desk.ts';
import { byProvider, countsUpTo, type Sending } from './sending.ts';
import type { When } from './when.ts';

export type DemoPerson = {
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly zone: string;
  readonly staff?: StaffRole;
};

export type DemoDomain = Sending & {
  readonly name: string;
  /** Whether DNS has a DMARC record; `later`: it was missing at first. */
  readonly dmarc?: 'missing' | 'later';
};

export type DemoAccount = {
  readonly name: string;
  readonly plan: string;
  readonly region: Region | null;
  /** The address of an admin of its parent, where it is a subuser; its plan is that one's. */
  readonly below?: string;
  /** Days ago. */
  readonly opened: number;
  readonly people: readonly DemoPerson[];
  readonly domains: readonly DemoDomain[];
};

const itself = (at: number) => ({ person: null, at });

/** Opens the account, checks its domains at once and again not long ago. */
export function openings(account: DemoAccount, when: When, nth: number): Step[] {
  const at = when.day(account.opened, '10:00');
  const checked = (index: number) => when.hours(3 + 2.7 * nth + 0.4 * index);
  return [
    { at, take: (desk) => open(desk, account, at, when) },
    ...account.domains.map((domain, index) => ({
      at: checked(index),
      take: (desk: Desk) => check(desk, domain.name, checked(index), domain.dmarc !== 'missing'),
    })),
  ];
}

async function open(desk: Desk, account: DemoAccount, at: number, when: When): Promise<void> {
  // Under another policy than the one the demo is written for, the plan of that name may not exist.
  const { document } = desk.policy;
  const plan = planOf(document, account.plan)?.key ?? document.plans.at(-1)?.key ?? account.plan;
  const { name, region, below } = account;
  const parentId = below === undefined ? null : known(desk.people, below).accountId;
  const parent = (parentId === null ? null : await findAccount(desk.trx, parentId)) ?? undefined;
  const accountId = await openAccount(actIn(desk.trx, itself(at)), { name, plan, region }, parent);
  for (const person of account.people) await join(desk, { ...person, accountId, staff: person.staff ?? null }, at);
  for (const [index, domain] of account.domains.entries()) {
    const added = await addDomain(actIn(desk.trx, itself(at)), { accountId, name: domain.name, usage: domain.usage });
    desk.domains.set(domain.name, added);
    await check(desk, domain.name, at + 60_000 * (index + 1), domain.dmarc === undefined);
    const counts = countsUpTo(when.today, domain, accountId + index, `shared-${region ?? 'us'}`);
    desk.sent.set(added.id, new Map(counts.map((count) => [count.day, count])));
    // The mail servers report each day soon after midnight.
    await recordCounts(
      actIn(desk.trx, itself(Math.min(when.now, startOfDay(when.today) + 600_000))),
      added.id,
      counts.flatMap((count) => byProvider(count, when.today)),
    );
  }
}

async function check(desk: Desk, name: string, at: number, dmarc: boolean): Promise<void> {
  await recordDnsCheck(actIn(desk.trx, itself(at)), known(desk.domains, name), { spf: true, dkim: true, dmarc });
}

async function join(
  desk: Desk,
  person: {
    email: string;
    name: string;
    zone: string;
    accountId: number | null;
    role: AccountRole | null;
    staff: StaffRole | null;
  },
  at: number,
): Promise<void> {
  const { email, name, accountId, role: accountRole, staff: staffRole, zone: timeZone } = person;
  const { passwordHash } = desk;
  const given = { email, name, accountId, accountRole, staffRole, timeZone, passwordHash };
  desk.people.set(email, await addPerson(actIn(desk.trx, itself(at)), given));
}

/** Adds one of the provider's people. */
export const hire = (at: number, email: string, name: string, staff: StaffRole, zone: string): Step => ({
  at,
  take: (desk) => join(desk, { email, name, zone, staff, accountId: null, role: null }, at),
});
