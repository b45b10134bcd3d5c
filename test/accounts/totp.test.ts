// Codes, sealed texts and recovery codes, by themselves.
import ava from 'ava';
import fc from 'fast-check';
import { newRecoveryCodes, recoveryHash } from '../../src/accounts/second-factor/recovery-code.ts';
import { seal, unseal } from '../../src/accounts/second-factor/sealed.ts';
import { appUri, newSecret, qrPath, readCode, stepOf } from '../../src/accounts/second-factor/totp.ts';
import { codeAt, wrongCode } from '../support/authenticator.ts';

// RFC 6238, appendix B (SHA-1; the last six of its eight digits): seconds and codes.
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const RFC = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

ava('the codes are those of RFC 6238', (t) => {
  for (const [seconds, code] of RFC) {
    t.is(stepOf(RFC_SECRET, code, seconds * 1000), Math.floor(seconds / 30), code);
    t.is(codeAt(RFC_SECRET, seconds * 1000), code, 'so are those of the tests’ app');
  }
});

ava('a code counts from one step early to one step late, and names its own step', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 200_000, max: 4_000_000_000_000 }), fc.integer({ min: -3, max: 3 }), (at, steps) => {
      const secret = newSecret();
      const found = stepOf(secret, codeAt(secret, at, steps), at);
      const right = Math.floor(at / 30_000) + steps;
      // Another step near may have the same six digits, once in 300,000 times.
      if (Math.abs(steps) <= 1) t.true(found !== null && Math.abs(found - right) <= 2);
      if (found === right) t.true(Math.abs(steps) <= 1);
      t.is(stepOf(secret, wrongCode(secret, at), at), null);
    }),
  );
});

ava('text that cannot be a code is told apart from a wrong one', (t) => {
  t.is(readCode(' 123 456 '), '123456');
  t.is(readCode('123-456'), '123456');
  for (const odd of [
    '',
    '12345',
    '1234567',
    '12345a',
    '１２３４５６',
    ['123456'],
    undefined,
    { code: '123456' },
    '-123456e',
  ])
    t.is(readCode(odd), undefined, JSON.stringify(odd));
});

ava('an app is told whose account it is, whatever the provider is called', (t) => {
  const uri = new URL(appUri(RFC_SECRET, 'Nimbus: Mail & Co?', 'ola+desk@acme.example'));
  t.is(uri.protocol, 'otpauth:');
  t.is(decodeURIComponent(uri.pathname), '/Nimbus: Mail & Co?:ola+desk@acme.example');
  t.is(uri.searchParams.get('issuer'), 'Nimbus: Mail & Co?');
  t.is(uri.searchParams.get('secret'), RFC_SECRET);
});

ava('the picture has a quiet zone of four modules on each side', (t) => {
  const { size, path } = qrPath(appUri(RFC_SECRET, 'Nimbus', 'ola@acme.example'));
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1/g)].map(([, ...all]) => all.map(Number));
  t.true(runs.length > 100);
  for (const [x = 0, y = 0, run = 0] of runs) t.true(x >= 4 && y >= 4 && y < size - 4 && x + run <= size - 4);
});

ava('a sealed text opens for its owner and purpose with the same secret only', (t) => {
  const sealed = seal('a secret', 'totp:1', 'the text');
  t.is(unseal('a secret', 'totp:1', sealed), 'the text');
  t.is(unseal('a secret', 'totp:2', sealed), null);
  t.is(unseal('another', 'totp:1', sealed), null);
  t.not(seal('a secret', 'totp:1', 'the text'), sealed, 'and is another each time');
  for (const odd of ['', 'v1.', 'v1.AAAA', 'the text', sealed.slice(0, -4), sealed.replace('v1', 'v2')])
    t.is(unseal('a secret', 'totp:1', odd), null, odd);
  for (const at of [3, 12, 20, sealed.length - 2]) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    t.is(unseal('a secret', 'totp:1', sealed.slice(0, at) + other + sealed.slice(at + 1)), null, `changed at ${at}`);
  }
});

ava('recovery codes have 80 bits, all differ, and are known again however they are typed', (t) => {
  const codes = Array.from({ length: 100 }, newRecoveryCodes).flat();
  t.is(new Set(codes).size, 1000);
  for (const code of codes) t.regex(code, /^[a-km-z2-9]{4}(-[a-km-z2-9]{4}){3}$/);
  t.true(new Set(codes.join('').replaceAll('-', '')).size === 32, 'of 32 letters');
  const [code = ''] = codes;
  for (const typed of [code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])
    t.is(recoveryHash(1, typed), recoveryHash(1, code));
  t.not(recoveryHash(2, code), recoveryHash(1, code), 'nobody else’s');
});
