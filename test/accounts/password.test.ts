import test from 'ava';
import { hashPassword, verifyPassword } from '../../src/accounts/password.ts';

test('a password is known again by its hash, another one is not', async (t) => {
  const stored = await hashPassword('four plain words', 8);
  t.true(await verifyPassword('four plain words', stored, 8));
  t.false(await verifyPassword('four plain word', stored, 8));
  t.false(await verifyPassword('', stored, 8));
});

test('a hash carries its cost, and is checked at that cost whatever is set now', async (t) => {
  const stored = await hashPassword('four plain words', 64);
  t.regex(stored, /^\$argon2id\$v=19\$m=64,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  t.true(await verifyPassword('four plain words', stored, 8));
});

test('two hashes of one password differ', async (t) => {
  t.not(await hashPassword('four plain words', 8), await hashPassword('four plain words', 8));
});

test('a hash made elsewhere with other parameters is understood', async (t) => {
  // The reference implementation's answer for "password", salt "somesalt", m=256, t=2, p=2.
  const stored = '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc';
  t.true(await verifyPassword('password', stored, 8));
});

test('no hash, or one that is none, matches nothing', async (t) => {
  for (const stored of [null, '', 'x', '$argon2id$v=19$m=8,t=2,p=1$$']) t.false(await verifyPassword('', stored, 8));
});

test('the same characters in another Unicode form are the same password', async (t) => {
  t.true(await verifyPassword('cafe\u0301-cafe\u0301', await hashPassword('caf\u00e9-caf\u00e9', 8), 8));
});
