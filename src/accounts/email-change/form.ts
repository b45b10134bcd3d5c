import { type FormResult, readForm } from '../../form.ts';
import { isPlainAddress } from '../../notifications/mail.ts';

/** The new address of somebody who has `current`. */
export function readNewEmail(body: unknown, current: string): FormResult<{ readonly email: string }> {
  const form = readForm(body);
  const email = form.text('email', { label: 'New email', max: 254 }).toLowerCase();
  if (email !== '' && !isPlainAddress(email))
    form.fail('email', 'New email must be an address, like name@example.com.');
  if (email === current) form.fail('email', 'This is your address already.');
  return form.result(() => ({ email }));
}
