// What routers remember of messages, and that it does not grow without end.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { markOf } from '../../src/hash.ts';
import { readRequest } from '../../src/routing/postfix/policy-protocol.ts';
import { Memory, Seen } from '../../src/routing/recent-messages.ts';

test('the last messages are remembered, the older ones forgotten, and earlier the more recipients they have', (t) => {
  const memory = new Memory(10);
  for (let i = 0; i < 20; i += 1) memory.keep(`m${i}`, 1);
  for (let i = 0; i < 20; i += 1) t.truthy(memory.find(`m${i}`), 'twice as many at most');
  const many = memory.keep('many', 1);
  t.is(memory.find('m9'), undefined);
  t.truthy(memory.find('m10'));
  for (let i = 0; i < 8; i += 1) memory.add(many, `${i}@x.example`);
  for (let i = 0; i < 8; i += 1) memory.add(many, `${i}@x.example`);
  t.is(many.recipients?.size, 8);
  for (let i = 0; i < 3; i += 1) memory.keep(`late${i}`, null);
  t.is(memory.find('m19'), undefined, 'eight recipients count as eight messages');
  for (let i = 3; i < 13; i += 1) memory.keep(`late${i}`, null);
  t.is(memory.find('many'), undefined);
  t.truthy(memory.find('late2'));
});

test('a message is remembered without the request that it came in, and found by any text', (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const memory = new Memory(100_000);
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  for (let i = 0; i < 5_000; i += 1) {
    const lines = `request=smtpd_access_policy\nhelo_name=${'x'.repeat(8_000)}\nrecipient=ann${i}@somewhere.example\n`;
    const request = readRequest(Buffer.from(`${lines}instance=12ab.65a1b2c3.d4e5f.${i}\n`).toString('latin1'));
    memory.add(memory.keep(`17 ${request?.instance}`, 1), request?.recipient ?? '');
  }
  const each = (used() - before) / 5_000;
  t.true(each < 2_000, `${Math.round(each)} bytes for each`);
  t.truthy(memory.find('17 12ab.65a1b2c3.d4e5f.4999'));
  const kept = memory.keep('\ud800 – ü', null);
  t.is(memory.find('\ud800 – ü'), kept);
});

test('messages that were seen are known again: the last ones, and as many before them', (t) => {
  const seen = new Seen(10);
  const add = (from: number, to: number) => {
    for (let i = from; i < to; i += 1) seen.add(markOf(`m${i}`));
  };
  const known = (to: number) => Array.from({ length: to }, (_, i) => i).filter((i) => seen.has(markOf(`m${i}`)));
  add(0, 20);
  t.deepEqual(known(30), [...Array(20).keys()], 'all of them, and nothing else');
  add(20, 25);
  t.deepEqual(known(30), [...Array(25).keys()].slice(10));
  add(25, 30);
  t.deepEqual(known(40), [...Array(30).keys()].slice(10));
});

test('as many messages as a router remembers each have a mark of their own', (t) => {
  const marks = new Set<number>();
  for (let i = 0; i < 200_000; i += 1) marks.add(markOf(`${i % 7} 12ab.65a1b2c3.${i.toString(16)}.0`));
  t.is(marks.size, 200_000);
  for (const mark of marks) if (!(Number.isSafeInteger(mark) && mark > 0)) t.fail(`${mark}`);
  t.is(markOf('17 ü \ud800'), markOf('17 ü \ud800'));
});
