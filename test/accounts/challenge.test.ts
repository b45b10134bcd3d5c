// What an authenticator signs, and for which pages, by itself.
import ava from 'ava';
import fc from 'fast-check';
import { CHALLENGE_LASTS_MS, isOpenChallenge, newChallenge } from '../../src/accounts/passkeys/challenge.ts';
import { addOptions, askOptions, siteOf } from '../../src/accounts/passkeys/options.ts';

const AT = Date.UTC(2026, 10, 23, 9);

ava('a challenge is open for its purpose, by our secret, until its time is over', (t) => {
  const made = newChallenge('a secret', 'sign-in', AT);
  t.true(isOpenChallenge('a secret', 'sign-in', made, AT));
  t.true(isOpenChallenge('a secret', 'sign-in', made, AT + CHALLENGE_LASTS_MS - 1));
  t.false(isOpenChallenge('a secret', 'sign-in', made, AT + CHALLENGE_LASTS_MS));
  t.false(isOpenChallenge('another', 'sign-in', made, AT));
  t.false(isOpenChallenge('a secret', 'add:1', made, AT));
  t.false(isOpenChallenge('a secret', 'add:2', newChallenge('a secret', 'add:1', AT), AT));
  t.not(newChallenge('a secret', 'sign-in', AT), made, 'and is another each time');
});

ava('a challenge that was changed anywhere, or made up, is not ours', (t) => {
  const made = Buffer.from(newChallenge('a secret', 'sign-in', AT), 'base64url');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: made.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(made);
      changed[at] = (changed[at] ?? 0) ^ by;
      t.false(isOpenChallenge('a secret', 'sign-in', changed.toString('base64url'), AT));
    }),
  );
  fc.assert(fc.property(fc.string(), (odd) => t.false(isOpenChallenge('a secret', 'sign-in', odd, AT))));
});

ava('passkeys are for the name that people use, over https or on this machine', (t) => {
  t.deepEqual(siteOf('https://desk.example'), { rpId: 'desk.example', origin: 'https://desk.example' });
  t.deepEqual(siteOf('https://desk.example:8443/below')?.origin, 'https://desk.example:8443');
  t.deepEqual(siteOf('http://localhost:3000'), { rpId: 'localhost', origin: 'http://localhost:3000' });
  for (const plain of ['http://desk.example', 'https://192.0.2.1', 'http://127.0.0.1:3000', 'https://[2001:db8::1]'])
    t.is(siteOf(plain), null, plain);
});

ava('a browser is asked to have the passkey unlocked, and to name nobody to others', (t) => {
  const site = { rpId: 'desk.example', origin: 'https://desk.example' };
  const ask = JSON.parse(askOptions(site, 'a secret', AT));
  t.is(ask.userVerification, 'required');
  t.deepEqual(ask.allowCredentials, [], 'the sign-in page tells of nobody’s passkeys');
  const person = { id: 7, email: 'ola@acme.example', name: 'Ola' };
  const add = JSON.parse(addOptions(site, 'a secret', AT, { provider: 'Nimbus', person, own: ['abc'] }));
  t.is(add.authenticatorSelection.userVerification, 'required');
  t.is(add.attestation, 'none');
  t.deepEqual(add.excludeCredentials, [{ type: 'public-key', id: 'abc' }]);
  t.false(Buffer.from(add.user.id, 'base64url').toString().includes('acme'));
});
