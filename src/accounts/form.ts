import { type FormReader, type FormResult, readForm, type Typed } from '../form.ts';
import { isPlainAddress } from '../notifications/mail.ts';
import { isCommonPassword } from './common-passwords.ts';
import type { Profile } from './person.ts';

export const PASSWORD_LENGTH = { least: 8, most: 200 } as const;
const KEPT_CHARACTERS = 64 * 1024;

/** Email and password as given; whether they belong together is not known here. */
export function readSignIn(body: unknown): FormResult<{ email: string; password: string }> {
  const form = readForm(body);
  const email = form.text('email', { label: 'Email', max: 254 });
  const password = secret(body, 'password');
  if (password === '') form.fail('password', 'Password is missing. Fill it in.');
  return withoutSecrets(form.result(() => ({ email, password })));
}

export function readResetAsk(body: unknown): FormResult<{ email: string }> {
  const form = readForm(body);
  const email = form.text('email', { label: 'Email', max: 254 });
  if (email !== '' && !isPlainAddress(email)) form.fail('email', 'Email must be an address, like name@example.com.');
  return form.result(() => ({ email }));
}

/** A new password, typed twice. */
export function readNewPassword(body: unknown): FormResult<{ password: string }> {
  const form = readForm(body);
  const password = newPassword(form, body);
  return withoutSecrets(form.result(() => ({ password })));
}

/** What somebody fills in who follows an invitation. */
export function readAcceptance(body: unknown): FormResult<Pick<Profile, 'name' | 'timeZone'> & { password: string }> {
  const form = readForm(body);
  const who = nameAndZone(form);
  const password = newPassword(form, body);
  return withoutSecrets(form.result(() => ({ ...who, password })));
}

function newPassword(form: FormReader, body: unknown): string {
  const password = secret(body, 'password');
  const length = [...password].length;
  const { least, most } = PASSWORD_LENGTH;
  if (length === 0) form.fail('password', 'New password is missing. Fill it in.');
  else if (length < least) form.fail('password', `New password has ${length} characters; it needs at least ${least}.`);
  else if (length > most) form.fail('password', `New password has ${length} characters; at most ${most} fit.`);
  else if (!password.isWellFormed()) form.fail('password', 'New password has a character that cannot be used.');
  else if (isCommonPassword(password)) {
    form.fail('password', 'This password is among the first that others try. Choose one that nobody would guess.');
  } else if (secret(body, 'repeated') !== password) {
    form.fail('repeated', 'The two passwords differ. Type the same one twice.');
  }
  return password;
}

export function readProfile(body: unknown): FormResult<Profile> {
  const form = readForm(body);
  const who = nameAndZone(form);
  // A box that is not ticked is not sent; whether it was there at all is told beside it.
  const singleKeys = form.flag('keysShown') ? form.flag('singleKeys') : null;
  return form.result(() => ({ ...who, singleKeys }));
}

function nameAndZone(form: FormReader): Pick<Profile, 'name' | 'timeZone'> {
  const name = form.name('name', { label: 'Name', max: 100 });
  const timeZone = form.text('timeZone', { label: 'Time zone', max: 60 });
  if (timeZone !== '' && !isTimeZone(timeZone)) {
    form.fail('timeZone', 'Time zone must be a name from the list, like Europe/Berlin.');
  }
  return { name, timeZone };
}

/** UTC and the named zones of the IANA list, by name. */
export const timeZones = (): string[] => [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC'),
];

/** Whether times can be told in this zone: an IANA name, not an offset like +01:00. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const HOME = 'http://own.invalid';

/** Where to go on after signing in: a path of this site, or '/' where `next` is anything else. */
export function ownPath(next: unknown): string {
  if (typeof next !== 'string' || next.length > 2000 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next)) return '/';
  return URL.canParse(next, HOME) && new URL(next, HOME).origin === HOME ? next : '/';
}

/** The fields of a form that was sent after the session had ended, or null where `kept` is something else. */
export function readKept(kept: unknown): Typed | null {
  if (typeof kept !== 'string' || kept.length > KEPT_CHARACTERS) return null;
  try {
    const fields: unknown = JSON.parse(kept);
    return isFlat(fields) ? fields : null;
  } catch {
    return null;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isFlat = (value: unknown): value is Typed =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => isText(one) || (Array.isArray(one) && one.every(isText)));

/** A password is taken exactly as it was typed: spaces at its ends belong to it. */
function secret(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[name];
  return isText(value) ? value : '';
}

function withoutSecrets<T>(result: FormResult<T>): FormResult<T> {
  const typed = { ...result.typed, password: '', repeated: '' };
  return { ...result, typed };
}
