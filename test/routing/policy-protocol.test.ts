// What is taken from a request of Postfix's policy protocol.
import test from 'ava';
import fc from 'fast-check';
import { readRequest } from '../../src/routing/postfix/policy-protocol.ts';

/** All attributes that Postfix 3.9 names. */
const NAMES = [
  ...['request', 'protocol_state', 'protocol_name', 'client_address', 'client_name', 'client_port'],
  ...['reverse_client_name', 'server_address', 'server_port', 'helo_name', 'sender', 'recipient', 'recipient_count'],
  ...['queue_id', 'instance', 'size', 'etrn_domain', 'stress', 'sasl_method', 'sasl_username', 'sasl_sender'],
  ...['ccert_subject', 'ccert_issuer', 'ccert_fingerprint', 'ccert_pubkey_fingerprint', 'encryption_protocol'],
  ...['encryption_cipher', 'encryption_keysize', 'policy_context', 'compatibility_level', 'mail_version'],
];

const value = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) });

test('of all that Postfix says of a message what matters is taken, in any order, and an = belongs to its value', (t) => {
  const attributes = fc
    .shuffledSubarray(NAMES, { minLength: 1 })
    .chain((names) =>
      fc.tuple(
        fc.constant(names),
        fc.array(value, { minLength: names.length, maxLength: names.length }),
        fc.nat({ max: 2_000 }),
      ),
    );
  fc.assert(
    fc.property(attributes, value, value, ([names, values, count], before, after) => {
      const said: Record<string, string> = {};
      for (const [index, name] of names.entries()) said[name] = values[index] ?? '';
      if ('request' in said) said['request'] = 'smtpd_access_policy';
      if ('recipient_count' in said) said['recipient_count'] = String(count);
      const lines = Object.entries(said).map(([name, one]) => `${name}=${one}`);
      const text = lines.join('\n');
      const wanted = {
        ...{ sender: said['sender'] ?? '', recipient: said['recipient'] ?? '', instance: said['instance'] ?? '' },
        ...{ state: said['protocol_state'] ?? '', context: said['policy_context'] ?? '' },
        recipientCount: 'recipient_count' in said ? count : 0,
      };
      const read = 'request' in said ? wanted : undefined;
      t.deepEqual(readRequest(`${text}\n`), read);
      const among = `${before}\n\n${text}\n\n${after}`;
      t.deepEqual(readRequest(among, before.length + 2, before.length + 2 + text.length), read, 'among others');
    }),
  );
});

test('a request for another service, with a line that is not one, or with a zero byte is not answered', (t) => {
  const request = 'request=smtpd_access_policy\nsender=a@b.example';
  t.like(readRequest(request), { sender: 'a@b.example' });
  for (const text of [
    'request=junk\nsender=a',
    'sender=a',
    `${request}\nhelo`,
    `${request}\nhelo_name=\0`,
    `junk\n${request}`,
  ])
    t.is(readRequest(text), undefined, text);
  t.like(readRequest(`${request}\nrecipient_count=12 or so`), { recipientCount: 0 });
});
