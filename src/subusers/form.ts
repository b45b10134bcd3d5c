import { type FormResult, readForm } from '../form.ts';
import { isPlainAddress } from '../notifications/mail.ts';
import type { Region } from '../policy/checks/facts.ts';

/** A subuser to be created: its region is fixed with it. `person`: the name of its first admin. */
export type NewSubuser = {
  readonly name: string;
  readonly region: Region;
  readonly email: string;
  readonly person: string;
};

/** A new subuser with its first admin. Without a name the admin is called by the part of the address before the @. */
export function readSubuser(body: unknown, regions: readonly Region[]): FormResult<NewSubuser> {
  const form = readForm(body);
  const name = form.name('name', { label: 'Name', max: 100 });
  const region = form.choice('region', { label: 'a region', among: regions });
  const email = form.text('email', { label: 'Email', max: 254 }).toLowerCase();
  if (email !== '' && !isPlainAddress(email)) form.fail('email', 'Email must be an address, like name@example.com.');
  const person = form.name('person', { label: 'Name of the admin', max: 100, required: false });
  return form.result(() => ({
    ...{ name, region: region as Region, email },
    person: person || (email.split('@')[0] ?? email),
  }));
}
