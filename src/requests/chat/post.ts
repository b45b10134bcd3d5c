// Posts JSON to a server outside, whose address is looked at before anything is sent there.
import { type LookupAddress, lookup } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Ranges } from '../../accounts/addresses/ranges.ts';
import { addressIn, mayReach } from './chat.ts';

const TRY_MS = 10_000;
/** More of an answer is not read (bytes). */
const MOST_ANSWER = 2_000;

export type Answer = { readonly status: number; readonly text: string };

/** The code of the error where a server's address may not be reached. */
export const NOT_ALLOWED = 'EADDRNOTALLOWED';
const notAllowed = (): Error => Object.assign(new Error('the address is not allowed'), { code: NOT_ALLOWED });

/**
 * Posts `body` as JSON and returns the answer, redirects unfollowed. Rejects where the server cannot be reached, does not
 * answer within ten seconds, or has no address that may be reached (`code` is NOT_ALLOWED): the connection goes to the very
 * address that was looked at.
 */
export function postJson(url: URL, body: unknown, networks: Ranges): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const address = addressIn(url);
  if (address !== null && !mayReach(url, address, networks)) return Promise.reject(notAllowed());
  const text = JSON.stringify(body);
  const send = url.protocol === 'https:' ? requestTls : requestPlain;
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    // A connection of its own: one that is kept would go where a look of earlier led.
    agent: false,
    lookup: lookingAt((found) => mayReach(url, found, networks)),
    signal: AbortSignal.timeout(TRY_MS),
  } as const;
  let isAnswered = false;
  const sent = send(url, options, (answer) => {
    isAnswered = true;
    let read = '';
    const end = () => resolve({ status: answer.statusCode ?? 0, text: read.slice(0, MOST_ANSWER) });
    answer.setEncoding('utf8');
    answer.on('data', (part: string) => {
      read += part;
      if (read.length < MOST_ANSWER) return;
      end();
      answer.destroy();
    });
    answer.on('end', end);
    answer.on('error', reject);
  });
  sent.on('error', reject);
  // After "101 Switching Protocols" Node closes the connection and says nothing else: who waits would wait for ever.
  sent.on('close', () => {
    if (!isAnswered) reject(new Error('the connection was closed without an answer'));
  });
  sent.end(text);
  return promise;
}

/** Looks a name up as connections do, and leaves the addresses that are allowed. */
const lookingAt =
  (isAllowed: (address: string) => boolean): LookupFunction =>
  (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return done(error, '', 0);
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (first === undefined) return done(notAllowed(), '', 0);
      if (options.all) return done(null, allowed);
      done(null, first.address, first.family);
    });
  };
