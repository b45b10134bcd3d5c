// How mails are read that were made to be slow, or to pass for somebody else's.
import test from 'ava';
import { automaticBecause } from '../../src/inbound/automatic.ts';
import { readMessage } from '../../src/inbound/message.ts';
import { fieldsOf } from '../../src/sending/feedback/fields.ts';

const read = (headers: readonly string[], text = 'Yes.') =>
  readMessage(Buffer.from([...headers, '', text].join('\r\n')));
const FROM = ['From: Ann <ann@acme.example>', 'Message-ID: <1@acme.example>'];

test('a mail of blanks is read as quickly as any other', async (t) => {
  const { text } = await read(FROM, `Yes.\r\n${' '.repeat(5_000_000)}x\r\n${'\t \r\n'.repeat(200_000)}`);
  t.is(text, 'Yes.');
});

test('a report with a hundred thousand fields of one name is read as quickly as any other', (t) => {
  t.is(fieldsOf('a:\n'.repeat(100_000)).get('a')?.length, 100_000);
});

test('a mail was written to the addresses of its one To field', async (t) => {
  t.deepEqual((await read([...FROM, 'To: reply+1@in.example, desk@in.example'])).to, [
    'reply+1@in.example',
    'desk@in.example',
  ]);
  t.deepEqual((await read(['To: reply+1@in.example', ...FROM, 'To: bob@shop.example'])).to, [], 'one was put on top');
  t.deepEqual((await read([...FROM, 'To: bob@shop.example', 'Cc: reply+1@in.example'])).to, ['bob@shop.example']);
});

test('what a relay writes on every mail does not make it automatic', async (t) => {
  const because = async (...more: string[]) =>
    automaticBecause(await read([...FROM, ...more]), 'ann@acme.example', false);
  t.is(await because('Feedback-ID: 1.eu-west-1.abc:AmazonSES'), null);
  t.is(await because('X-Autoreply: yes'), 'it says that it was sent automatically');
});
