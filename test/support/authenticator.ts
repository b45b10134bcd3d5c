// An authenticator app, written from RFC 6238 and RFC 4648, apart from the library of the product.
import { createHmac } from 'node:crypto';
import type { Answer, Visitor } from './visitor.ts';
import { PASSWORD, type World } from './world.ts';

const STEP_MS = 30_000;

function bytesOf(base32: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32.replace(/\s/g, '')].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The six digits that an app shows at an instant, `steps` later or earlier. */
export function codeAt(secret: string, at: number, steps = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / STEP_MS) + steps));
  const hash = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const at4 = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(at4) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A code that no step near this instant has. */
export function wrongCode(secret: string, at: number): string {
  const right = [-2, -1, 0, 1, 2].map((steps) => codeAt(secret, at, steps));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) ?? '';
}

/** The key that the page shows. */
export const secretOn = (page: Answer): string => /id="secret">([A-Z2-7 ]+)</.exec(page.html)?.[1] ?? '';

/** The recovery codes that the page shows. */
export const codesOn = (page: Answer): string[] =>
  [...page.html.matchAll(/<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<\/li>/g)].map(([, code = '']) => code);

export type App = { readonly secret: string; readonly codes: readonly string[] };

/** Sets up an app on somebody's own page; time goes on, so that its next code is another. */
export async function setUpApp(world: World, visitor: Visitor, action = '/profile/sign-in/app'): Promise<App> {
  const page = await visitor.get(action);
  const secret = secretOn(page);
  const done = await visitor.submit(page, action, { code: codeAt(secret, world.now) });
  if (done.status !== 200) throw new Error(`no app was set up: ${done.status} ${done.text}`);
  world.now += STEP_MS;
  return { secret, codes: codesOn(done) };
}

/** Somebody who has shown the password, and still has to show the second step. */
export async function halfIn(world: World, email: string, fields: Record<string, string> = {}): Promise<Visitor> {
  const visitor = world.visitor();
  const answer = await visitor.post('/sign-in', { email, password: PASSWORD, ...fields });
  if (answer.location !== '/sign-in/code') throw new Error(`no second step was asked for: ${answer.location}`);
  return visitor;
}
