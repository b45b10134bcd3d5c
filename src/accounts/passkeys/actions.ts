// Adding, using and removing passkeys. One act, one transaction each; the person is told by mail.
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { act } from '../../act.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { type Result, refused } from '../../result.ts';
import type { Person } from '../person.ts';
import { keepRequired, makeCodes, type Self, tellOf } from '../second-factor/actions.ts';
import { findSecondFactor } from '../second-factor/store.ts';
import { passwordMark } from '../session/store.ts';
import { CHALLENGE_LASTS_MS, challengeHash, isOpenChallenge } from './challenge.ts';
import { ALGORITHMS, adding, SIGN_IN, type Site } from './options.ts';
import { deletePasskey, findPasskey, insertAnswered, insertPasskey, touchPasskey } from './store.ts';

/** Half a second and 40 MB: loaded when the first passkey is used. */
const library = () => import('@simplewebauthn/server');

/** What a browser sent, and where it has to be for. */
export type Answer = { readonly site: Site; readonly key: string; readonly credential: unknown };

/**
 * Adds the passkey that an authenticator just made. Returns new recovery codes where the person has none yet, else null.
 * Refused as `not-sound` where it does not answer a challenge of ours for this person, `taken` where it was added before.
 */
export async function addPasskey(
  db: Db,
  actor: Self,
  { site, key, credential }: Answer,
  name: string,
): Promise<Result<string[] | null, 'not-sound' | 'taken'>> {
  const { person, at } = actor;
  let challenge = '';
  const isOurs = (sent: string): boolean => {
    challenge = sent;
    return isOpenChallenge(key, adding(person.id), sent, at);
  };
  const { verifyRegistrationResponse } = await library();
  const checked = await verifyRegistrationResponse({
    response: credential as RegistrationResponseJSON,
    expectedChallenge: isOurs,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => null);
  if (!checked?.verified) return refused('not-sound');
  const { id, publicKey, counter } = checked.registrationInfo.credential;
  try {
    return await act<string[] | null, never, Self>(db, actor, async (act) => {
      const { trx } = act;
      await insertAnswered(trx, challengeHash(challenge), at + CHALLENGE_LASTS_MS);
      const encoded = Buffer.from(publicKey).toString('base64url');
      await insertPasskey(trx, { personId: person.id, credentialId: id, publicKey: encoded, counter, name }, at);
      const { codesLeft } = await findSecondFactor(trx, person.id);
      const codes = codesLeft === 0 ? await makeCodes(act) : null;
      const event = { name: 'person.passkeyAdded', facts: { name } } as const;
      await tellOf(act, person, event, { change: 'passkey-added', at, name });
      return codes;
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('taken');
    throw error;
  }
}

/**
 * Whose passkey answered, which is used up as an answer by it: the same one is not taken twice. Refused where it is not
 * sound, not known, or for another site.
 */
export async function takePasskey(
  db: Db,
  at: number,
  { site, key, credential }: Answer,
): Promise<Result<{ readonly person: Person; readonly passwordMark: string }, 'not-sound' | 'unknown'>> {
  const response = credential as AuthenticationResponseJSON | null;
  const known = typeof response?.id === 'string' ? await findPasskey(db, response.id) : undefined;
  if (response === null || known === undefined) return refused('unknown');
  let challenge = '';
  const isOurs = (sent: string): boolean => {
    challenge = sent;
    return isOpenChallenge(key, SIGN_IN, sent, at);
  };
  const { verifyAuthenticationResponse } = await library();
  const publicKey = new Uint8Array(Buffer.from(known.publicKey, 'base64url'));
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: isOurs,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    credential: { id: response.id, publicKey, counter: known.counter },
  }).catch(() => null);
  if (!checked?.verified) return refused('not-sound');
  const { newCounter } = checked.authenticationInfo;
  try {
    await act<void, never>(db, { person: known.person, at }, async ({ trx }) => {
      await insertAnswered(trx, challengeHash(challenge), at + CHALLENGE_LASTS_MS);
      await touchPasskey(trx, known.id, newCounter, at);
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('not-sound');
    throw error;
  }
  return { ok: true, value: { person: known.person, passwordMark: passwordMark(known.passwordHash) } };
}

/** Removes one of one's own passkeys. Refused as `required` where it is the last second factor and the provider asks for one. */
export function removePasskey(db: Db, actor: Self, id: number): Promise<Result<void, 'none' | 'required'>> {
  return act<void, 'none' | 'required', Self>(db, actor, async (act) => {
    const { person, at } = act.actor;
    const name = (await deletePasskey(act.trx, person.id, id)) ?? act.refuse('none');
    await keepRequired(act);
    const event = { name: 'person.passkeyRemoved', facts: { name } } as const;
    await tellOf(act, person, event, { change: 'passkey-removed', at, name });
  });
}
