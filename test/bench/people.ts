// Browsers of people who are signed in already: their cookies, without the long way over the sign-in page.
import { createHmac, randomUUID } from 'node:crypto';
import { Cookie } from 'express-session';
import { cookieName } from '../../src/accounts/session/session.ts';
import { passwordMark, SessionStore } from '../../src/accounts/session/store.ts';
import { findCredentials } from '../../src/accounts/store.ts';
import type { Db } from '../../src/database.ts';
import { createLog } from '../../src/log.ts';

/** The secret of all servers of a run. */
export const sessionSecret = 'a secret of the bench, which guards nothing at all';

/** Signs somebody in, in the database alone. Returns the `Cookie` header that their browser would send. */
export async function signedIn(db: Db, email: string): Promise<string> {
  const found = await findCredentials(db, email);
  if (!found) throw new Error(`nobody has the address ${email}`);
  const store = new SessionStore({ db, now: Date.now, log: createLog('silent') });
  const id = randomUUID();
  const { person, passwordHash } = found;
  const data = {
    cookie: new Cookie() as never,
    begunAt: Date.now(),
    shownAt: Date.now(),
    passwordMark: passwordMark(passwordHash),
    seenAt: 0,
    from: { address: '127.0.0.1', device: 'Chrome on Linux' },
    passport: { user: person },
  };
  await new Promise<void>((done, fail) => store.set(id, data, (error) => (error ? fail(error) : done())));
  const mark = createHmac('sha256', sessionSecret).update(id).digest('base64').replace(/=+$/, '');
  return `${cookieName(false)}=${encodeURIComponent(`s:${id}.${mark}`)}`;
}
