import test from 'ava';
import fc from 'fast-check';
import { addressOf, isGenuine, readAddress } from '../../src/inbound/address.ts';
import { isPlainAddress } from '../../src/notifications/mail.ts';

const inbox = { secret: 's'.repeat(32), domain: 'reply.example.com' };
const mail = fc.record({ id: fc.integer({ min: 1, max: 999_999_999 }), messageKey: fc.uuid() });
const purpose = fc.constantFrom('reply' as const, 'bounce' as const);

test('an address is read back as it was made, whatever the case, and fits any mail server', (t) => {
  fc.assert(
    fc.property(mail, purpose, (one, what) => {
      const address = addressOf(inbox, what, one);
      const read = readAddress(address.toUpperCase(), inbox.domain);
      t.like(read, { purpose: what, mailId: one.id });
      t.true(read !== null && isGenuine(inbox.secret, read, one));
      t.true(isPlainAddress(address) && address.indexOf('@') <= 64);
    }),
  );
});

test('with another secret, mail, key or purpose an address is not genuine', (t) => {
  fc.assert(
    fc.property(mail, mail, purpose, (one, other, what) => {
      fc.pre(one.id !== other.id || one.messageKey !== other.messageKey);
      const read = readAddress(addressOf(inbox, what, one), inbox.domain);
      if (read === null) return t.fail();
      t.false(isGenuine(inbox.secret, read, other));
      t.false(isGenuine('t'.repeat(32), read, one));
      t.false(isGenuine(inbox.secret, { ...read, purpose: what === 'reply' ? 'bounce' : 'reply' }, one));
    }),
  );
});

test('another text is not read as an address', (t) => {
  const code = '0'.repeat(32);
  for (const text of [
    '',
    'reply',
    `reply+1-${code}`,
    `reply+0-${code}@reply.example.com`,
    `reply+1-${code}0@reply.example.com`,
    `reply+1-${code}@reply.example.com.evil.example`,
    `x reply+1-${code}@reply.example.com`,
    `reply+1-${code}@evil@reply.example.com`,
    `other+1-${code}@reply.example.com`,
  ])
    t.is(readAddress(text, 'reply.example.com'), null, text);
});
