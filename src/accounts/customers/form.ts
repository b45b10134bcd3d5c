import { type FormReader, type FormResult, readForm } from '../../form.ts';
import { isPlainAddress } from '../../notifications/mail.ts';
import type { NewAccount } from '../store.ts';
import type { NewCustomer } from './actions.ts';

/** What can be chosen for an account: the keys of the policy's plans, and its regions. */
export type Choices = { readonly plans: readonly string[]; readonly regions: readonly ('us' | 'eu')[] };

/** A new customer with its first admin. */
export function readCustomer(body: unknown, choices: Choices): FormResult<NewCustomer> {
  const form = readForm(body);
  const account = readAccount(form, choices);
  const email = form.text('email', { label: 'Email', max: 254 }).toLowerCase();
  if (email !== '' && !isPlainAddress(email)) form.fail('email', 'Email must be an address, like name@example.com.');
  const person = form.name('person', { label: 'Name of the admin', max: 100, required: false });
  return form.result(() => ({ ...account, email, person: person || (email.split('@')[0] ?? email) }));
}

/** An account's name, plan and region, and the version that the page showed. */
export function readAccountChange(body: unknown, choices: Choices): FormResult<NewAccount & { version: number }> {
  const form = readForm(body);
  const account = readAccount(form, choices);
  const version = form.whole('version', { label: 'This page', min: 1, max: 1e9 });
  return form.result(() => ({ ...account, version: version ?? 0 }));
}

/** A reason that the customer reads, and the version of the account that the page showed. */
export function readReason(body: unknown, required: boolean): FormResult<{ reason: string; version: number }> {
  const form = readForm(body);
  const reason = form.text('reason', { label: 'Reason', max: 2000, required });
  const version = form.whole('version', { label: 'This page', min: 1, max: 1e9 });
  return form.result(() => ({ reason, version: version ?? 0 }));
}

function readAccount(form: FormReader, { plans, regions }: Choices): NewAccount {
  const name = form.name('name', { label: 'Name', max: 100 });
  const plan = form.choice('plan', { label: 'a plan', among: plans });
  const region = form.choice('region', { label: 'a region', among: ['any', ...regions] as const });
  return { name, plan: plan ?? '', region: region === null || region === 'any' ? null : region };
}
